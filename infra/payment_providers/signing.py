"""How the sandbox and we sign to each other: HMAC-SHA256 over instant, nonce and body.

The form is that of WeChat Pay v3 (three lines, each ended), with a shared key instead of RSA.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_hex

from server import clock
from server.payments.providing import NotTheirs

TIMESTAMP, NONCE, SIGNATURE = "X-Pay-Timestamp", "X-Pay-Nonce", "X-Pay-Signature"
SIGNED_HEADERS = (TIMESTAMP, NONCE, SIGNATURE)
LONGEST_NONCE = 64
LATEST_INSTANT = 253_402_300_799  # the last second of the year 9999


def signed(key: bytes, body: bytes, *, said: str = "") -> dict[str, str]:
    """Return the headers that prove the body; `said` is what is asked for, such as `GET /x`."""
    timestamp, nonce = str(int(clock.now().timestamp())), token_hex(16)
    signature = _signature(key, said, timestamp, nonce, body)
    return {TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: signature}


def check(
    key: bytes, headers: Mapping[str, str], body: bytes, *, said: str = ""
) -> tuple[datetime, str]:
    """Return when it was signed and with which nonce; raises `NotTheirs`."""
    timestamp, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
    expected = _signature(key, said, timestamp, nonce, body)
    given = headers.get(SIGNATURE, "")
    is_true = hmac.compare_digest(expected.encode(), given.encode())
    if not is_true or not 8 <= len(nonce) <= LONGEST_NONCE or not timestamp.isascii():
        raise NotTheirs
    if not timestamp.isdigit() or int(timestamp) > LATEST_INSTANT:
        raise NotTheirs
    return datetime.fromtimestamp(int(timestamp), UTC), nonce


def _signature(key: bytes, said: str, timestamp: str, nonce: str, body: bytes) -> str:
    lines = f"{said}\n{timestamp}\n{nonce}\n".encode()
    return hmac.digest(key, lines + body + b"\n", "sha256").hex()
