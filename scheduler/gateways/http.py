"""A provider, or a bridge to one, that takes messages as JSON at an address."""

from http import HTTPStatus

import orjson
import urllib3

from scheduler.gateways.port import (
    ANSWER_WITHIN_S,
    CONNECT_WITHIN_S,
    NotAllowed,
    Refused,
    TextMessage,
    TryLater,
    pause_asked_for,
)

CONNECTIONS = 32

# Only these say that the message itself is wrong; anything else may be well in a while.
FAULTS_OF_THE_MESSAGE = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def pool() -> urllib3.PoolManager:
    """Return connections to a provider that are given up before a lease runs out."""
    return urllib3.PoolManager(
        maxsize=CONNECTIONS,
        timeout=urllib3.Timeout(connect=CONNECT_WITHIN_S, read=ANSWER_WITHIN_S),
    )


class HttpGateway:
    """Hands messages to a provider's address as JSON, with an `Idempotency-Key`.

    A provider that keeps to the key sends a repeated message once. With one that does not, a
    message can go out twice when we, or the line, break between its taking and its answer.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = pool()

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
        check_status(answer.status, answer.headers.get("Retry-After"))


def check_status(status: int, retry_after: str | None) -> None:
    """Raise what an answer that is no success means."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in FAULTS_OF_THE_MESSAGE:
        raise Refused(f"http-{status}")
    if status in NOT_LET_IN:
        raise NotAllowed(f"http-{status}", pause_asked_for(retry_after))
    raise TryLater(f"http-{status}", pause_asked_for(retry_after))
