"""Pages of a list by cursor: where the last page ended, in a form that only we can write."""

import base64
import binascii
import hmac
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import marshmallow as ma
import orjson
from flask import request

from server.errors import DomainError, Kind
from server.secrets.fields import keyring
from server.web.blueprints import StrictSchema

MOST_ON_A_PAGE = 100
SEAL_BYTES = 12


class CursorUnusable(DomainError):
    """The cursor was not given out by this list."""

    code = "cursor-unusable"
    kind = Kind.INVALID


class PageArgs(StrictSchema):
    """The query of every list."""

    cursor = ma.fields.String(load_default=None, validate=ma.validate.Length(max=400))
    limit = ma.fields.Integer(
        load_default=20, strict=False, validate=ma.validate.Range(min=1, max=MOST_ON_A_PAGE)
    )


def read_cursor(cursor: str | None, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """Return the key after which the page begins; raises `CursorUnusable`."""
    if cursor is None:
        return None
    try:
        given = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        seal, key = given[:SEAL_BYTES], given[SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(key)):
            raise ValueError(cursor)
        return tuple(kind(value) for kind, value in zip(kinds, orjson.loads(key), strict=True))
    except (ValueError, TypeError, binascii.Error) as error:
        raise CursorUnusable() from error


def page_of(
    rows: Sequence[Any], *, limit: int, key: Callable[[Any], Sequence[Any]]
) -> dict[str, Any]:
    """Return a page of rows that were asked for with one more than `limit`."""
    shown = rows[:limit]
    more = len(rows) > limit
    return {"items": shown, "next_cursor": _cursor(key(shown[-1])) if more else None}


def _cursor(values: Sequence[Any]) -> str:
    key = orjson.dumps(list(values))
    return base64.urlsafe_b64encode(_seal(key) + key).decode()


def _seal(key: bytes) -> bytes:
    """Ties the key to its list: a cursor of another list is as unusable as one made up."""
    text = f"{request.endpoint} {key.decode(errors='replace')}"
    return keyring().digest(text, "cursor")[:SEAL_BYTES]


def day(text: Any) -> date:
    """Read a civil day out of a cursor."""
    return date.fromisoformat(text)
