"""Lines of the trail that hold many rows: those that were added together by the thousand.

Their key names a hundred, such as `12300-12399`; `columns` are named once, and `rows` are the
values of each row, its number first. `write_trail_of_new` (0025_lines_of_many.sql) writes them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

HUNDRED = 100


def hundred_of(key: str) -> str | None:
    """Return the key of the lines that may hold the row; None where a key is not one number."""
    if not key.isdecimal():
        return None
    first = int(key) // HUNDRED * HUNDRED
    return f"{first}-{first + HUNDRED - 1}"


def begins(key: str) -> str:
    """Return how the values of a row with this number begin in the text of a line."""
    return f"[{key},"


def rows_in(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a line of many; none of a line of one row, or of a bent one."""
    columns, rows = body.get("columns"), body.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return []
    return [dict(zip(columns, row, strict=False)) for row in rows if isinstance(row, list)]


def row_in(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the values of the row of this number; nothing where the line does not hold it."""
    return next((row for row in rows_in(body) if str(row.get("id")) == key), {})
