"""Pushes to phones and browsers through Firebase Cloud Messaging: the only door to its SDK.

A push is best effort: many phones of the mainland reach no Google server. Nothing may depend on it
alone. Nobody asks for a push yet; whoever does hands `Pushes` to a delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import firebase_admin
from firebase_admin import credentials, exceptions, messaging
from requests.adapters import HTTPAdapter

from scheduler.gateways import ANSWER_WITHIN_S, Refused, TryLater, pause_asked_for

# What Firebase says of the message or of its device; all else may pass.
GONE = messaging.UnregisteredError
FAULTS = (exceptions.InvalidArgumentError, messaging.SenderIdMismatchError)


class DeviceKind(StrEnum):
    """How a device named itself: by Firebase installation (new), or by token (old)."""

    FID = "fid"
    TOKEN = "token"


@dataclass(frozen=True)
class Device:
    """One phone or browser; it has one kind of name, never both."""

    kind: DeviceKind
    value: str


@dataclass(frozen=True)
class Push:
    """What appears on the device. The delivery id lets the device drop a repeated one."""

    delivery_id: str
    device: Device
    title: str
    body: str
    link: str | None = None
    lives: timedelta = timedelta(hours=1)


class DeviceGone(Refused):
    """The app was removed from the device: forget it."""


class Pushes:
    """Sends one push at a time by the real SDK, with its own retries off: retrying is ours.

    Otherwise it would block seven seconds on a 503, obey any Retry-After in its sleep, and repeat
    a push that was already taken.
    """

    def __init__(self, certificate: Mapping[str, Any], *, name: str = "yinling") -> None:
        """`certificate` is the service account of the Firebase project, as its JSON file has it."""
        self._app = firebase_admin.initialize_app(
            credentials.Certificate(dict(certificate)),
            {"projectId": certificate["project_id"], "httpTimeout": ANSWER_WITHIN_S},
            name=name,
        )
        session = messaging._get_messaging_service(self._app)._client.session
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=False))

    def send(self, push: Push) -> None:
        """Return when Firebase has the push; raises `DeviceGone`, `Refused` or `TryLater`."""
        try:
            messaging.send(_as_message(push), app=self._app)
        except GONE as error:
            raise DeviceGone("device-gone") from error
        except FAULTS as error:
            raise Refused(f"fcm-{error.code}") from error
        except exceptions.FirebaseError as error:
            raise TryLater(f"fcm-{error.code}", _pause(error)) from error

    def close(self) -> None:
        """Let go of the SDK's connections."""
        firebase_admin.delete_app(self._app)


def _as_message(push: Push) -> messaging.Message:
    link = messaging.WebpushFCMOptions(link=push.link) if push.link else None
    return messaging.Message(
        **{push.device.kind.value: push.device.value},
        notification=messaging.Notification(push.title, push.body),
        data={"delivery_id": push.delivery_id},
        webpush=messaging.WebpushConfig(
            headers={"TTL": str(int(push.lives.total_seconds()))}, fcm_options=link
        ),
    )


def _pause(error: exceptions.FirebaseError) -> timedelta | None:
    if error.http_response is None:
        return None
    return pause_asked_for(error.http_response.headers.get("Retry-After"))
