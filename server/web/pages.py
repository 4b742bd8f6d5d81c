"""Pages of a list by cursor: where the last page ended, readable by us alone."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import marshmallow as ma
import orjson

from server.errors import DomainError, Kind
from server.web.blueprints import StrictSchema

MOST_ON_A_PAGE = 100


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
        values = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        if len(values) != len(kinds):
            raise ValueError(cursor)
        return tuple(kind(value) for kind, value in zip(kinds, values, strict=True))
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
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).decode()


def day(text: Any) -> date:
    """Read a civil day out of a cursor."""
    return date.fromisoformat(text)
