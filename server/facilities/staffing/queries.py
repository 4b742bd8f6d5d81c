"""What homes told of a week, and who lives in them by level; one statement for all homes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from server import clock
from server.facilities.returns.queries import FILING_KINDS, WITHIN, Scope
from server.facilities.staffing import rules
from server.facilities.staffing.rules import Care, Ratios, Shift, Staffing
from server.policies.queries import get_figures

# Homes that keep their beds here: of others nobody knows who lives in them.
HOMES = text(
    f"""
    SELECT s.id, s.name, s.phone, left(s.division_code, 6) AS county_code,
           d.name AS county_name, w.morning, w.afternoon, w.night, w.is_unchanged, w.filed_at,
           (SELECT max(b.starts_on) FROM staffing_week b
             WHERE b.site_id = s.id AND b.starts_on < :week) AS told_before
      FROM site s
      LEFT JOIN division d ON d.code = left(s.division_code, 6)
      LEFT JOIN staffing_week w ON w.site_id = s.id AND w.starts_on = :week
     WHERE {WITHIN} AND s.kind = ANY(:filing) AND s.opening_state = 'open'
       AND EXISTS (SELECT 1 FROM bed b WHERE b.site_id = s.id)
     ORDER BY county_code, s.name, s.id
    """
).bindparams(bindparam("week", type_=Date), bindparam("filing", type_=ARRAY(Text)))
PEOPLE = text("SELECT site_id, level, people FROM people_by_level(:day, :sites)").bindparams(
    bindparam("day", type_=Date)
)


@dataclass(frozen=True)
class Home:
    """A home in a week: who lives there today by care, who is needed, and who is there."""

    row: Row[Any]
    people: Mapping[Care, int]
    not_assessed: int
    needed: Mapping[Shift, int]

    @property
    def there(self) -> Mapping[Shift, int] | None:
        """How many caregivers are on duty by shift; None where nothing was told of the week."""
        if self.row.filed_at is None:
            return None
        return {shift: getattr(self.row, shift.value) for shift in Shift}

    @property
    def staffing(self) -> Staffing:
        return rules.staffing_of(self.needed, self.there)

    @property
    def missing(self) -> Mapping[Shift, int]:
        """The shifts that lack caregivers, each with how many; none where nothing was told."""
        return rules.missing(self.needed, self.there) if self.there is not None else {}

    @property
    def most_missing(self) -> int:
        """How many caregivers the worst shift lacks."""
        return max(self.missing.values(), default=0)


def get_ratios(session: Session, *, on: date) -> Ratios:
    """Return the ratios in force on the day; raises `RuleMissing`."""
    figures = get_figures(session, rules.PARAMETERS, on=on)
    return Ratios.of({name: figure.value for name, figure in figures.items()})


def list_homes(session: Session, scope: Scope, *, week: date) -> Sequence[Home]:
    """Return every open home in scope that keeps its beds here, by county.

    People are those who sleep there today, by the level that holds today; whoever is on leave or in
    hospital needs nobody there. Raises `RuleMissing`.
    """
    today = clock.today()
    values = scope.values | {"week": week, "filing": list(FILING_KINDS)}
    rows = session.connection().execute(HOMES, values).all()
    levels = _people(session, [row.id for row in rows], today)
    ratios = get_ratios(session, on=today)
    return [_home(row, levels.get(row.id, {}), ratios) for row in rows]


def _people(session: Session, site_ids: Sequence[int], day: date) -> dict[int, dict[Any, int]]:
    of_homes: dict[int, dict[Any, int]] = {}
    for row in session.connection().execute(PEOPLE, {"day": day, "sites": list(site_ids)}):
        of_homes.setdefault(row.site_id, {})[row.level] = row.people
    return of_homes


def _home(row: Row[Any], by_level: Mapping[str | None, int], ratios: Ratios) -> Home:
    people = ratios.by_care(by_level)
    return Home(row, people, by_level.get(None, 0), rules.needed_by_shift(people, ratios))
