"""The sandbox tells: signed notices by HTTP, told again while nobody answers well."""

from http import HTTPStatus
from threading import Timer
from typing import Any

import orjson
import urllib3

from infra.payment_providers.signing import signed

PAUSES_S = (0.0, 2.0, 10.0, 60.0)
PATIENCE = urllib3.Timeout(connect=2.0, read=4.0)


class Teller:
    """Sends notices from threads of its own: whoever pays does not wait for them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pool = urllib3.PoolManager(timeout=PATIENCE)

    def tell(self, url: str, told: dict[str, Any], *, after_s: float = 0.0) -> None:
        """Send a notice in a while, and again until it is taken or was refused."""
        timer = Timer(after_s, self._send, (url, orjson.dumps(told), 0))
        timer.daemon = True
        timer.start()

    def _send(self, url: str, body: bytes, tries: int) -> None:
        if self.send_now(url, body) or tries + 1 == len(PAUSES_S):
            return
        again = Timer(PAUSES_S[tries + 1], self._send, (url, body, tries + 1))
        again.daemon = True
        again.start()

    def send_now(self, url: str, body: bytes) -> bool:
        """Send a notice once; False where it should be sent again."""
        headers = {"Content-Type": "application/json", **signed(self._key, body)}
        try:
            answer = self._pool.request("POST", url, body=body, headers=headers, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return bool(answer.status < HTTPStatus.INTERNAL_SERVER_ERROR)
