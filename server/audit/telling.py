"""Lines of the trail in plain words: who, from where, when, for whom, what changed into what."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row

from server.audit.many import row_in, rows_in
from server.audit.showing import shown
from server.db.tables import Table
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext

RESIDENT, RESIDENT_ID = "resident", "resident_id"


@dataclass(frozen=True)
class Change:
    """One column: its name in words, what stood in it before, and what after."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """One line of the trail, masked, ready to be shown.

    `resident_id` is the elder that the changed row is about, where it is about one.
    """

    id: int
    position: int | None
    at: datetime
    face: str
    action: str
    reason: str | None
    staff_id: int | None
    account_id: int | None
    for_resident_id: int | None
    table: str
    key: str
    operation: str
    resident_id: int | None
    changes: Sequence[Change]


def told(line: Row[Any], *, in_full: bool = False, key: str | None = None) -> Told:
    """Return one row of `queries.list_lines` in words; a line that was bent says what it can.

    Of a line of many rows that with the `key` is told, or without one how many they are.
    """
    body = _read(line.body)
    old, new = body.get("old") or {}, body.get("new") or row_in(body, key or "")
    return Told(
        id=line.id,
        position=line.position,
        at=line.at,
        face=line.face,
        action=line.action,
        reason=line.reason,
        staff_id=line.staff_id,
        account_id=line.account_id,
        for_resident_id=line.for_resident_id,
        table=line.table_name,
        key=line.row_key,
        operation=str(body.get("op", "")),
        resident_id=_resident_of(line, old, new),
        changes=[
            Change(
                column_word(line.table_name, column),
                shown(line.table_name, column, old.get(column), in_full=in_full),
                shown(line.table_name, column, new.get(column), in_full=in_full),
            )
            for column in _columns(line.table_name, old, new)
        ]
        or _added_together(body),
    )


def _added_together(body: Mapping[str, Any]) -> list[Change]:
    rows = len(rows_in(body))
    nothing = pgettext("trail", "nothing")
    return [Change(_("Records added together"), nothing, str(rows))] if rows else []


def table_word(table: str) -> str:
    """Return the table's name as the glossary says it, or the table's own."""
    return pgettext("trail_table", table)


def column_word(table: str, column: str) -> str:
    """Return the column's name in words: its own in this table, or the one many tables share."""
    place = f"{table}.{column}"
    word = pgettext("trail_column", place)
    return word if word != place else pgettext("trail_column", column)


def table_named(word: str) -> str | None:
    """Return the table that `residents`, `care-links` or `resident` name; None for no such."""
    name = word.replace("-", "_")
    for candidate in (name, name.removesuffix("s"), name.removesuffix("es")):
        if candidate in Table.metadata.tables:
            return candidate
    return None


def people_in(lines: Sequence[Told]) -> tuple[Set[int], Set[int]]:
    """Return the staff and the residents that the lines name, by their numbers."""
    staff = {line.staff_id for line in lines if line.staff_id is not None}
    residents = {
        resident
        for line in lines
        for resident in (line.resident_id, line.for_resident_id)
        if resident is not None
    }
    return staff, residents


def _read(body: str) -> Mapping[str, Any]:
    try:
        read = orjson.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _columns(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The columns in the order of the table, those that say something beside the row's number."""
    known = Table.metadata.tables.get(table)
    order = [column.name for column in known.c] if known is not None else []
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name) and name != "id"]
    return sorted(changed, key=lambda name: (order.index(name) if name in order else 999, name))


def _resident_of(line: Row[Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> int | None:
    if line.table_name == RESIDENT and line.row_key.isdigit():
        return int(line.row_key)
    found = new.get(RESIDENT_ID, old.get(RESIDENT_ID))
    return found if isinstance(found, int) else None
