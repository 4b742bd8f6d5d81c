"""How many caregivers people need by the ratio of the city, and which shifts lack some; pure.

The ratio is 护理员与服务对象配备比例 (domain.md §3, S106). Its source gives one ratio and does not
say whether it counts who is employed or who is on duty; "one caregiver looks after at most three"
is true at the bed only, so each shift is held against it. Shares are added up exactly and rounded
up once, at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from server.facilities.errors import DayOutOfReach

RATIO_BY_DAY, RATIO_BY_NIGHT = "staffing.ratio_by_day", "staffing.ratio_by_night"
CARE_OF_LEVELS = "staffing.care_of_levels"
PARAMETERS = (RATIO_BY_DAY, RATIO_BY_NIGHT, CARE_OF_LEVELS)
NOT_ASSESSED = "not_assessed"
A_WEEK = timedelta(days=7)


class Care(StrEnum):
    """How much care somebody takes."""

    SELF_CARE = "self_care"  # 自理
    PARTIAL = "partial"  # 半护理
    FULL = "full"  # 全护理


class Shift(StrEnum):
    MORNING = "morning"  # 早班
    AFTERNOON = "afternoon"  # 中班
    NIGHT = "night"  # 夜班


class Staffing(StrEnum):
    """Whether enough caregivers are there."""

    ENOUGH = "enough"
    TOO_FEW = "too_few"
    NOT_TOLD = "not_told"
    NOBODY_HERE = "nobody_here"  # nobody lives there, so that nobody need be there


@dataclass(frozen=True)
class Ratios:
    """For how many people of each kind one caregiver is enough, and who counts as which kind."""

    by_day: Mapping[Care, int]
    by_night: Mapping[Care, int]
    care_of_levels: Mapping[str, Care]

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "Ratios":
        """Read the values of `PARAMETERS`."""
        by_day, by_night = (
            {Care(care): int(people) for care, people in figures[name].items()}
            for name in (RATIO_BY_DAY, RATIO_BY_NIGHT)
        )
        levels = {level: Care(care) for level, care in figures[CARE_OF_LEVELS].items()}
        return cls(by_day, by_night, levels)

    def in_shift(self, shift: Shift) -> Mapping[Care, int]:
        """Return the ratio that holds in a shift."""
        return self.by_night if shift is Shift.NIGHT else self.by_day

    def by_care(self, by_level: Mapping[str | None, int]) -> dict[Care, int]:
        """Count people by care; whoever has no level in force counts as `NOT_ASSESSED`."""
        counted = dict.fromkeys(Care, 0)
        for level, people in by_level.items():
            counted[self.care_of_levels[level or NOT_ASSESSED]] += people
        return counted


def share(people: int, each: int) -> Fraction:
    """Return which part of caregivers so many people need, one being enough for `each`."""
    return Fraction(people, each)


def needed(people: Mapping[Care, int], each: Mapping[Care, int]) -> int:
    """Return how many caregivers are enough for all of these people together."""
    return ceil(sum((share(people[care], each[care]) for care in Care), Fraction(0)))


def needed_by_shift(people: Mapping[Care, int], ratios: Ratios) -> dict[Shift, int]:
    """Return `needed` of each shift."""
    return {shift: needed(people, ratios.in_shift(shift)) for shift in Shift}


def missing(wanted: Mapping[Shift, int], there: Mapping[Shift, int]) -> dict[Shift, int]:
    """Return the shifts that lack caregivers, each with how many."""
    lacking = {shift: wanted[shift] - there[shift] for shift in Shift}
    return {shift: count for shift, count in lacking.items() if count > 0}


def staffing_of(wanted: Mapping[Shift, int], there: Mapping[Shift, int] | None) -> Staffing:
    """Return how it stands; where nobody lives there is nothing to be enough for, told or not."""
    if not any(wanted.values()):
        return Staffing.NOBODY_HERE
    if there is None:
        return Staffing.NOT_TOLD
    return Staffing.TOO_FEW if missing(wanted, there) else Staffing.ENOUGH


def monday_of(day: date) -> date:
    """Return the first day of the week the day lies in."""
    return day - timedelta(days=day.weekday())


def check_week(week: date, *, today: date) -> None:
    """Raise `DayOutOfReach` unless it is the Monday of this week or of the next."""
    this = monday_of(today)
    if week not in (this, this + A_WEEK):
        raise DayOutOfReach(earliest=this.isoformat(), latest=(this + A_WEEK).isoformat())
