"""When a programme is claimed, and for which months. Nothing here looks anything up."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from server.policies.programmes.schema import Claim, Programme, Stage
from server.policies.programmes.terms import Period
from server.subsidies.claims.models import ClaimState, Part

MONTHS: Mapping[Period, int] = {
    Period.MONTH: 1,
    Period.QUARTER: 3,
    Period.HALF_YEAR: 6,
    Period.YEAR: 12,
}
A_YEAR = 12
STATE_AT: Mapping[str, ClaimState] = {
    "town": ClaimState.AT_TOWN,
    "county": ClaimState.AT_COUNTY,
    "city": ClaimState.AT_CITY,
}
PART_AT: Mapping[ClaimState, Part] = {
    ClaimState.AT_TOWN: Part.TOWN,
    ClaimState.AT_COUNTY: Part.COUNTY,
    ClaimState.AT_CITY: Part.CITY,
}
# An office of a town, a county or the city has so many digits; a wider one may do its work.
DIGITS: Mapping[ClaimState, int] = {
    ClaimState.AT_TOWN: 9,
    ClaimState.AT_COUNTY: 6,
    ClaimState.AT_CITY: 4,
}
# Which kinds of site a programme is for, by what it counts; others are for all of them.
HOMES = ("care_home", "township_home", "street_centre", "day_centre")
KITCHENS = ("canteen", "meal_point")
KINDS_OF: Mapping[str, Sequence[str]] = {
    "bed_months": HOMES,
    "site_bed_months": HOMES,
    "beds_built": HOMES,
    "canteen_months": KITCHENS,
    "meals_eaten": KITCHENS,
}


@dataclass(frozen=True)
class OpenDays:
    """Days on which claims are taken, both counted. `since` is when the ones before had closed."""

    opens_on: date
    closes_on: date
    since: date

    def holds(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


@dataclass(frozen=True)
class Stretch:
    """A period of a programme: so many months from the first of one."""

    first_month: date
    months: int

    @property
    def until(self) -> date:
        """The day after its last."""
        return months_after(self.first_month, self.months)


def months_after(day: date, months: int) -> date:
    """Return the first of the month so many months on."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def open_days(claim: Claim, today: date, working: Callable[[date], date]) -> Iterator[OpenDays]:
    """Yield the windows of last year, this one and the next, in their order.

    `working` gives the day itself, or the first working day after it: nobody is late on a Sunday.
    """
    days = sorted(
        (_on(year, window.opens), working(_on(year, window.closes)))
        for year in range(today.year - 2, today.year + 2)
        for window in claim.windows
    )
    for (_, before), (opens, closes) in pairwise(days):
        yield OpenDays(opens, max(opens, closes), before)


def is_claimed(programme: Programme) -> bool:
    """True where somebody must ask, and it is said who decides."""
    return programme.is_on and programme.claimant is not None


def claimable(
    programme: Programme, today: date, working: Callable[[date], date]
) -> tuple[OpenDays | None, list[Stretch]]:
    """Return the open window, None where it is always open or never now, and what it is for.

    Within a window: every period that is over since the one before had closed. Without windows:
    every period of the last year that is over.
    """
    claim = programme.claim
    assert claim is not None, "a programme that is claimed says how"
    months = MONTHS[programme.period]
    if not claim.windows:
        return None, list(_over(months, months_after(today, -A_YEAR), today))
    now = next((one for one in open_days(claim, today, working) if one.holds(today)), None)
    return now, [] if now is None else list(_over(months, now.since, today))


def next_opening(programme: Programme, today: date, working: Callable[[date], date]) -> date | None:
    """Return the first day after today on which claims are taken anew."""
    claim = programme.claim
    assert claim is not None, "a programme that is claimed says how"
    coming = (one.opens_on for one in open_days(claim, today, working) if one.opens_on > today)
    return next(coming, None)


def following(stages: Sequence[Stage], state: ClaimState) -> Stage | None:
    """Return the stage after a state; the first one after none of them, None after the last."""
    states = [STATE_AT[stage.at] for stage in stages]
    number = states.index(state) + 1 if state in states else 0
    return stages[number] if number < len(stages) else None


def stage_of(stages: Sequence[Stage], state: ClaimState) -> Stage | None:
    """Return the stage that a claim of this state waits at."""
    return next((stage for stage in stages if STATE_AT[stage.at] is state), None)


def differences(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the cases that came, went, or come to something else, in their order."""
    old, new = ({_case(one): one for one in cases} for cases in (before, after))
    return [
        {
            "subject": key[0],
            "month": key[1],
            "before_fen": old[key]["fen"] if key in old else None,
            "after_fen": new[key]["fen"] if key in new else None,
            "resident_id": (new.get(key) or old[key])["resident_id"],
            "caregiver_id": (new.get(key) or old[key])["caregiver_id"],
        }
        for key in sorted(old.keys() | new.keys())
        if key not in old or key not in new or old[key]["fen"] != new[key]["fen"]
    ]


def _case(one: Mapping[str, Any]) -> tuple[str, str, int]:
    return one["subject"], one["month"], one["part"]


def _over(months: int, since: date, today: date) -> Iterator[Stretch]:
    """Periods that were over after a day, and are over today."""
    first = date(since.year - 1, 1, 1)
    while True:
        stretch = Stretch(first, months)
        if stretch.until > today:
            return
        if stretch.until > since:
            yield stretch
        first = stretch.until


def _on(year: int, day: str) -> date:
    """`06-30` of a year; the 29th of February is the 28th where there is none."""
    month, number = int(day[:2]), int(day[3:])
    return date(year, month, min(number, monthrange(year, month)[1]))
