"""What a desk needs beside a list of staff: a pace nobody can guess at, and the list sealed."""

import base64
from datetime import timedelta

from sqlmodel import Session

from server.caregivers.errors import CaregiverListStale, TooManyLooks
from server.db.sessions import actor_of
from server.identity.rules import Limit
from server.identity.service.throttles import count
from server.secrets.fields import FieldUnreadable, keyring

# A list is mended a few times; whoever tries numbers needs thousands.
LISTS_AN_HOUR: Limit = (20, timedelta(hours=1))
LARGEST_LIST = 2 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
SEALED = "caregivers.list"


def note_try(session: Session) -> None:
    """Count one list of the present person; raises `TooManyLooks` beyond so many an hour."""
    bucket = f"caregiver-lists:{actor_of(session).staff_id}"
    count(session, bucket, LISTS_AN_HOUR, refusal=TooManyLooks)


def seal(content: bytes) -> str:
    """Return the list as letters that only the platform can read."""
    return base64.b64encode(keyring().encrypt_bytes(content, SEALED)).decode()


def unseal(sealed: str) -> bytes:
    """Return the list again; raises `CaregiverListStale` for anything not sealed here."""
    try:
        return keyring().decrypt_bytes(base64.b64decode(sealed, validate=True), SEALED)
    except (FieldUnreadable, ValueError) as problem:
        raise CaregiverListStale() from problem
