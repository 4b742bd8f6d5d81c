"""How a text message leaves the house: one port, and the gateways behind it."""

import sys
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

import orjson
import urllib3

from server import masking
from server.settings import Environment, Settings, SmsGateway

CONNECT_WITHIN_S = 3.0
ANSWER_WITHIN_S = 5.0
CONNECTIONS = 32
LONGEST_PAUSE = timedelta(hours=4)

# Only these say that the message itself is wrong; anything else may be well in a while.
FAULTS_OF_THE_MESSAGE = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


@dataclass(frozen=True)
class TextMessage:
    """What a gateway needs to know. `delivery_id` is the same for every try of one message."""

    delivery_id: UUID
    phone: str
    text: str
    kind: str


class Refused(Exception):
    """The provider will never take this message. `args[0]` is a code without personal data."""


class TryLater(Exception):
    """The provider did not take the message now, or we cannot know whether it did."""

    def __init__(self, reason: str, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Gateway(Protocol):
    """Takes one message at a time, from several threads."""

    def send(self, message: TextMessage) -> None:
        """Return when the provider has the message; raises `Refused` or `TryLater`."""


class PrintingGateway:
    """Writes messages to the screen of whoever develops; their words in development alone."""

    def __init__(self, *, shows_text: bool) -> None:
        self._shows_text = shows_text

    def send(self, message: TextMessage) -> None:
        words = message.text if self._shows_text else f"({message.kind})"
        sys.stdout.write(f"SMS to {masking.phone(message.phone)}: {words}\n")
        sys.stdout.flush()


class HttpGateway:
    """Hands messages to a provider's address as JSON, with an `Idempotency-Key`.

    A provider that keeps to the key sends a repeated message once. With one that does not, a
    message can go out twice when we, or the line, break between its taking and its answer.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS,
            timeout=urllib3.Timeout(connect=CONNECT_WITHIN_S, read=ANSWER_WITHIN_S),
        )

    def send(self, message: TextMessage) -> None:
        key = str(message.delivery_id)
        body = {"id": key, "to": message.phone, "text": message.text, "kind": message.kind}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        try:
            answer = self._pool.request(
                "POST",
                self._url,
                body=orjson.dumps(body),
                headers=headers,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise TryLater(type(error).__name__) from error
        _check(answer.status, answer.headers.get("Retry-After"))


def gateway_for(settings: Settings) -> Gateway:
    """Return the gateway that the settings name."""
    if settings.sms_gateway is SmsGateway.HTTP:
        return HttpGateway(settings.sms_url)
    return PrintingGateway(shows_text=settings.env is Environment.DEVELOPMENT)


def pause_asked_for(retry_after: str | None) -> timedelta | None:
    """Read the seconds of a Retry-After header; a date or nonsense asks for nothing."""
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(timedelta(seconds=int(retry_after[:9])), LONGEST_PAUSE)


def _check(status: int, retry_after: str | None) -> None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in FAULTS_OF_THE_MESSAGE:
        raise Refused(f"http-{status}")
    raise TryLater(f"http-{status}", pause_asked_for(retry_after))
