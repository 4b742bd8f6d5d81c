"""Who changed what: the newest lines of the trail, masked, and how far they are sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.audit.forms import TrailArgs, TrailFilters
from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.pages import page
from server import clock, masking
from server.audit.queries import (
    TrailFilter,
    find_last_anchor,
    find_state,
    list_followed_tables,
    list_lines,
    seconds_behind,
)
from server.audit.telling import Told, people_in, table_word, told
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.identity.queries import find_staff_names, list_names_of_staff
from server.identity.roles import reach_of
from server.residents.queries import find_resident_names
from server.web.access import noted, reads
from server.web.pages import page_of, read_cursor

blueprint = Blueprint("trail", __name__, url_prefix="/trail", template_folder="templates")

PERMISSION = "audit.see-trail"
MOST_IN_AN_EXPORT = 20_000


@dataclass(frozen=True)
class Names:
    """The people on a page of the trail: staff by their display names, elders masked."""

    staff: Mapping[int, str]
    residents: Mapping[int, str]

    def who(self, line: Told) -> str:
        """Return who acted, as colleagues call them; where nobody did, by which way it came."""
        if line.staff_id is not None:
            return self.staff.get(line.staff_id, f"#{line.staff_id}")
        if line.account_id is not None:
            return _("Account {number}", number=line.account_id)
        return pgettext("face", line.face)

    def resident(self, resident_id: int | None) -> str:
        """Return the elder's masked name; the number alone where the name is not known."""
        if resident_id is None:
            return ""
        name = self.residents.get(resident_id)
        return masking.name(name) if name else f"#{resident_id}"


@blueprint.get("")
@reads(PERMISSION)
def list_trail(*, session: Session) -> str:
    """The newest lines, page by page."""
    _check_whole_city(session)
    filters = asked(TrailArgs)
    after, limit = read_cursor(filters.pop("cursor"), int), filters.pop("limit")
    rows = list_lines(
        session, TrailFilter(**filters), after=after[0] if after else None, limit=limit + 1
    )
    found = page_of(rows, limit=limit, key=lambda row: (row.id,))
    lines = [told(row, key=filters["key"]) for row in found["items"]]
    state, now = find_state(session), clock.now()
    return page(
        session,
        "admin/audit/trail.html",
        lines=lines,
        next_cursor=found["next_cursor"],
        names=_names(session, lines),
        state=state,
        anchor=find_last_anchor(session),
        behind=round(seconds_behind(state, now=now)),
        filters=filters,
        asked_for=_in_address(filters),
        is_first=after is None,
        tables=[(name, table_word(name)) for name in list_followed_tables(session)],
        staff=list_names_of_staff(session),
        table_word=table_word,
        as_of=now,
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(PERMISSION)
def export_trail(*, ending: str, session: Session) -> Response:
    """The filtered lines as a file, one row a change, masked as on the page."""
    _check_whole_city(session)
    filters = asked(TrailFilters)
    rows = list_lines(session, TrailFilter(**filters), limit=MOST_IN_AN_EXPORT)
    lines = [told(row, key=filters["key"]) for row in rows]
    names = _names(session, lines)
    headings = [_("When"), _("Who"), _("From where"), _("What was done"), _("Record"),
                _("Number of the record"), _("About"), _("Field"), _("Before"), _("After"),
                _("For whom"), _("Reason"), _("Place in the chain")]  # fmt: skip
    cells = (row for line in lines for row in _cells(line, names))
    return export(ending, _("Trail of changes"), headings, cells)


def _check_whole_city(session: Session) -> None:
    """The trail is not divided by county: it opens to an office over the whole city alone."""
    if current_city() not in reach_of(actor_of(session), PERMISSION).prefixes:
        raise NotAllowed()


def _names(session: Session, lines: Sequence[Told]) -> Names:
    staff_ids, resident_ids = people_in(lines)
    return Names(find_staff_names(session, staff_ids), find_resident_names(session, resident_ids))


def _in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in filters.items() if value}


def _cells(line: Told, names: Names) -> list[list[Any]]:
    begin = [
        line.at,
        names.who(line),
        pgettext("face", line.face),
        pgettext("trail_operation", line.operation),
        table_word(line.table),
        line.key,
        names.resident(line.resident_id),
    ]
    end = [names.resident(line.for_resident_id), line.reason, line.position]
    return [[*begin, change.column, change.old, change.new, *end] for change in line.changes]
