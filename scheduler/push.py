"""Pushes to phones and browsers through Firebase Cloud Messaging: the only door to its SDK.

A push is best effort: many phones of the mainland reach no Google server. Nothing may depend on it
alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import firebase_admin
from firebase_admin import credentials, exceptions, messaging
from requests.adapters import HTTPAdapter

from scheduler.gateways.port import (
    ANSWER_WITHIN_S,
    NotAllowed,
    Refused,
    TryLater,
    pause_asked_for,
)
from server.notifications.models import PushDeviceKind as DeviceKind
from server.settings import Settings

# What Firebase says of the message or of its device; all else may pass.
GONE = messaging.UnregisteredError
FAULTS = (exceptions.InvalidArgumentError,)
NOT_LET_IN = (
    exceptions.UnauthenticatedError,
    exceptions.PermissionDeniedError,
    messaging.ThirdPartyAuthError,
)
MOST_AT_ONCE = 500


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

    def send_each(self, pushes: Sequence[Push]) -> Sequence[str | Exception]:
        """Return for each push Firebase's id of it, or why it was not taken.

        That is `DeviceGone`, `Refused`, `TryLater` or `NotAllowed`. Firebase takes 500 at once.
        """
        told: list[str | Exception] = []
        for start in range(0, len(pushes), MOST_AT_ONCE):
            batch = [_as_message(push) for push in pushes[start : start + MOST_AT_ONCE]]
            try:
                answers = messaging.send_each(batch, app=self._app).responses
            except exceptions.FirebaseError as error:
                told += [_trouble(error)] * len(batch)
            else:
                told += [answer.message_id or _trouble(answer.exception) for answer in answers]
        return told

    def send(self, push: Push) -> str:
        """Return Firebase's id when it has the push; raises what `send_each` answers."""
        (told,) = self.send_each([push])
        if isinstance(told, Exception):
            raise told
        return told

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
            # The topic lets a push service replace the same push that still waits for the device.
            headers={
                "TTL": str(int(push.lives.total_seconds())),
                "Topic": push.delivery_id.replace("-", "")[:32],
            },
            notification=messaging.WebpushNotification(tag=push.delivery_id),
            fcm_options=link,
        ),
    )


def _trouble(error: Exception | None) -> Exception:
    """Say in the port's words what the SDK says; a sender of another project is a gone device."""
    if isinstance(error, GONE | messaging.SenderIdMismatchError):
        return DeviceGone("device-gone")
    if isinstance(error, FAULTS):
        return Refused(f"fcm-{error.code}")
    if isinstance(error, NOT_LET_IN):
        return NotAllowed(f"fcm-{error.code}")
    if isinstance(error, exceptions.FirebaseError):
        return TryLater(f"fcm-{error.code}", _pause(error))
    return TryLater(type(error).__name__)


def pushes_for(settings: Settings) -> Pushes | None:
    """Return who carries pushes, or None where no Firebase project is set."""
    if settings.fcm_certificate is None:
        return None
    if settings.fcm_url:
        # The SDK names no setting for it, and reads this at its first use.
        messaging._MessagingService.FCM_URL = settings.fcm_url + "/v1/projects/{0}/messages:send"
    return Pushes(json.loads(settings.fcm_certificate.read_text()))


def _pause(error: exceptions.FirebaseError) -> timedelta | None:
    if error.http_response is None:
        return None
    return pause_asked_for(error.http_response.headers.get("Retry-After"))
