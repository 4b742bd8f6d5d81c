"""How full homes were day by day: what is counted here, and what the other homes filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from server import clock
from server.facilities.models import BedKind, kinds_counted
from server.facilities.queries.history import count_by_day_within
from server.facilities.returns.queries import Scope, list_series, list_standing


@dataclass(frozen=True)
class Day:
    """The beds of a day."""

    day: date
    usable: int
    occupied: int


def read_days(
    session: Session, scope: dict[str, Any], *, since: date, until: date, kind: BedKind | None
) -> Sequence[Day]:
    """Return every day from `since` to `until`.

    A home that files is taken as its newest return at the day says; before its first it counts as
    nothing. Which homes those are is what they are today.
    """
    counted = count_by_day_within(session, **scope, since=since, until=until, kind=kind)
    homes = list_standing(session, Scope(**scope), on=clock.today())
    filing = [home.id for home in homes if not home.keeps_beds]
    scope_of_filing = Scope(site_ids=filing, kinds=kinds_counted(kind))
    filed = list_series(session, scope_of_filing, since=since, until=until)
    return [
        Day(
            here.day,
            int(here.usable + (there.usable or 0)),
            int(here.occupied + (there.occupied or 0)),
        )
        for here, there in zip(counted, filed, strict=True)
    ]
