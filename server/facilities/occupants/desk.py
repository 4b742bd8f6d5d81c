"""What a desk needs beside the list itself: a pace nobody can guess at, and the list sealed.

Between the check and the taking in, the list stands in the page of whoever sent it, sealed: nothing
of it is kept here, and nobody reads it over a shoulder or in what a browser remembers.
"""

import base64
from datetime import timedelta

from sqlmodel import Session

from server.db.sessions import actor_of
from server.facilities.occupants.errors import ListStale, TooManyLists
from server.identity.rules import Limit
from server.identity.service.throttles import count
from server.secrets.fields import FieldUnreadable, keyring

# A list is mended a few times; whoever tries names and numbers needs thousands.
LISTS_AN_HOUR: Limit = (20, timedelta(hours=1))
LARGEST_LIST = 2 * 1024 * 1024
# What a web process unpacks while others wait; a list of all people in a county's beds is a tenth.
LARGEST_UNPACKED = 20 * 1024 * 1024
SEALED = "occupants.list"


def note_try(session: Session) -> None:
    """Count one list of the present person; raises `TooManyLists` beyond so many an hour."""
    bucket = f"occupants:{actor_of(session).staff_id}"
    count(session, bucket, LISTS_AN_HOUR, refusal=TooManyLists)


def seal(content: bytes) -> str:
    """Return the list as letters that only the platform can read."""
    return base64.b64encode(keyring().encrypt_bytes(content, SEALED)).decode()


def unseal(sealed: str) -> bytes:
    """Return the list again; raises `ListStale` for anything that was not sealed here."""
    try:
        return keyring().decrypt_bytes(base64.b64decode(sealed, validate=True), SEALED)
    except (FieldUnreadable, ValueError) as problem:
        raise ListStale() from problem
