"""A month's attendance sheet as a file: checked row by row, taken in as a whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server.caregivers.attending import file_month, read_sheet
from server.caregivers.lines import NotUsable, all_here, hide, number_in
from server.caregivers.models import ID_NUMBER_FIELD, AttendanceSource
from server.caregivers.register import get_own_site
from server.caregivers.rules import days_in
from server.intake.checking import Checked, Record, check_table
from server.intake.findings import error
from server.intake.mapping import Target, read_mapping
from server.intake.tables import table_in
from server.secrets.fields import keyring

MAPPING = Path(__file__).parent / "mappings" / "attendance.yaml"
TARGETS = {
    "name": Target(longest=60),
    "id_number": Target(longest=40),
    "days": Target(("count",)),
}
LARGEST_LIST = 1024 * 1024
LARGEST_UNPACKED = 10 * 1024 * 1024


@dataclass
class Taken:
    """What the file said, and how many days changed."""

    checked: Checked
    days: dict[int, int] = field(default_factory=dict)
    changed: int = 0

    @property
    def is_sound(self) -> bool:
        """True when no row has to stay outside."""
        return not self.checked.rejected_rows


def take_in(
    session: Session, content: bytes, *, site_id: int, month: date, reason: str | None = None
) -> Taken:
    """Write the file's days down if every row can be used.

    Raises what `attending.file_month` raises, and the errors of `server.intake` where the file is
    unusable as a whole.
    """
    get_own_site(session, site_id)
    taken = _understand(content, read_sheet(session, site_id, month).rows, month)
    if taken.is_sound:
        taken.changed = file_month(
            session, site_id, month, taken.days, source=AttendanceSource.IMPORTED, reason=reason
        )
    return taken


def _understand(content: bytes, staff: Sequence[Row[Any]], month: date) -> Taken:
    mapping = read_mapping(MAPPING, targets=TARGETS)
    table = table_in(content, mapping=mapping, largest_unpacked=LARGEST_UNPACKED)
    taken = Taken(check_table(table, mapping=mapping, scope=all_here, scope_field="name"))
    first: dict[int, Record] = {}
    for record in taken.checked.records:
        try:
            who = _who(record.values, staff)
            _check_days(record.values["days"], month)
            if who in first:
                raise NotUsable("name", error("person-on-row", row=first[who].row.number))
        except NotUsable as problem:
            cell = str(record.values.get(problem.field) or "")
            taken.checked.note(record.row, problem.field, cell, problem.complaint)
            continue
        first[who] = record
        taken.days[who] = record.values["days"]
    hide(taken.checked)
    return taken


def _who(values: Mapping[str, Any], staff: Sequence[Row[Any]]) -> int:
    """Name and number are one person's of this site in this month; or the name is one's alone."""
    named = [row for row in staff if row.name == values["name"]]
    if values.get("id_number"):
        digest = keyring().digest(number_in(values["id_number"]), ID_NUMBER_FIELD)
        named = [row for row in named if row.id_number_digest == digest]
    if not named:
        raise NotUsable("name", error("not-on-staff"))
    if len(named) > 1:
        raise NotUsable("name", error("name-of-several"))
    who: int = named[0].caregiver_id
    return who


def _check_days(days: int, month: date) -> None:
    if days > days_in(month):
        raise NotUsable("days", error("out-of-bounds", least=0, most=days_in(month)))
