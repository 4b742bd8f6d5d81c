"""From answers to a level by GB/T 42195-2022, as plain functions of plain values.

Sums, level bounds and adjustments: domain.md §2.1 (S96, S97). Where the copies of the standard
leave a question open, the answer is a dated parameter: how many steps two grounds together may
count (`residents.assessment_most_steps`), and for how long a result holds
(`residents.assessment_validity_months`).
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.residents.assessments.errors import (
    AnswersMissing,
    AnswersUnusable,
    AssessmentDayUnusable,
    AssessmentOutdated,
    ComaContradicted,
    DiagnosisUnusable,
    ReassessmentUnexplained,
)
from server.residents.assessments.models import AbilityLevel, Adjustment
from server.residents.assessments.scale import Scale
from server.residents.assessments.sheet import Grounds

VALIDITY_MONTHS = "residents.assessment_validity_months"
MOST_STEPS = "residents.assessment_most_steps"
REPEAT_DAYS = "residents.assessment_repeat_days"
FIGURES_OF_AN_ASSESSMENT = (VALIDITY_MONTHS, MOST_STEPS, REPEAT_DAYS)

BEST_TO_WORST: Sequence[AbilityLevel] = tuple(AbilityLevel)
ICD_10 = re.compile(r"[A-Z]\d{2}(\.[0-9A-Z]{1,4})?", re.ASCII)
BETWEEN_CODES = re.compile(r"[\s,;、]+")
# F00–F03 dementia, F04–F99 other mental and behavioural disorders.
MENTAL_DISORDERS = "F"


@dataclass(frozen=True)
class Tally:
    """Points so far: by section, in all, and how many of the items are answered."""

    sums: Mapping[str, int]
    answered: int
    of: int

    @property
    def total(self) -> int:
        return sum(self.sums.values())

    @property
    def missing(self) -> int:
        return self.of - self.answered


@dataclass(frozen=True)
class Outcome:
    """The level by points, what makes it worse, and the level that counts."""

    tally: Tally
    initial: AbilityLevel
    adjustments: Sequence[Adjustment]
    final: AbilityLevel


def tally(scale: Scale, points: Mapping[str, int]) -> Tally:
    """Return the sums of what is answered; what is not counts nought and as missing."""
    sums = {
        section.code: sum(points.get(item.code, 0) for item in section.items)
        for section in scale.sections
    }
    answered = sum(code in points for code in scale.items)
    return Tally(sums, answered, len(scale.items))


def check_points(scale: Scale, points: Mapping[str, int]) -> None:
    """Raise `AnswersUnusable` for an item that the scale lacks, or points that the item lacks."""
    for code, given in points.items():
        item = scale.items.get(code)
        if item is None or not 0 <= given <= item.most:
            raise AnswersUnusable()


def level_of(scale: Scale, total: int) -> AbilityLevel:
    """Return the level of so many points."""
    return next(AbilityLevel(level) for level, least in scale.levels if total >= least)


def judge(scale: Scale, points: Mapping[str, int], grounds: Grounds, *, most_steps: int) -> Outcome:
    """Return what the answers come to; raises `AnswersMissing`, `ComaContradicted`.

    A coma makes the level `total` at once (one copy's note on the item says "severe"; the level
    bounds and the other copy say "total"). A mental or behavioural disorder (ICD-10 F00–F99) and
    two or more care-risk events of the last 30 days each make it one step worse, together at most
    `most_steps`; nothing is worse than `total`.
    """
    sums = tally(scale, points)
    if sums.missing:
        raise AnswersMissing(missing=sums.missing)
    if grounds.coma and points["consciousness"] > 0:
        raise ComaContradicted()
    initial = level_of(scale, sums.total)
    adjustments = _adjustments(scale, grounds)
    return Outcome(sums, initial, adjustments, _worse(initial, adjustments, most_steps))


def _adjustments(scale: Scale, grounds: Grounds) -> Sequence[Adjustment]:
    found = {
        Adjustment.COMA: grounds.coma,
        Adjustment.DISORDER: any(code.startswith(MENTAL_DISORDERS) for code in grounds.diagnoses),
        Adjustment.EVENTS: sum(grounds.events.values()) >= scale.events_enough,
    }
    return [adjustment for adjustment, is_given in found.items() if is_given]


def _worse(
    initial: AbilityLevel, adjustments: Sequence[Adjustment], most_steps: int
) -> AbilityLevel:
    if Adjustment.COMA in adjustments:
        return BEST_TO_WORST[-1]
    steps = min(len(adjustments), most_steps)
    place = min(BEST_TO_WORST.index(initial) + steps, len(BEST_TO_WORST) - 1)
    return BEST_TO_WORST[place]


def read_diagnoses(text: str) -> list[str]:
    """Return the ICD-10 codes of a text in capitals, each once; raises `DiagnosisUnusable`."""
    typed = unicodedata.normalize("NFKC", text).upper()
    codes = list(dict.fromkeys(filter(None, BETWEEN_CODES.split(typed))))
    if not all(ICD_10.fullmatch(code) for code in codes):
        raise DiagnosisUnusable()
    return codes


def check_day(assessed_on: date, *, last: date | None, today: date) -> None:
    """Raise `AssessmentDayUnusable` for a day that lies ahead or before the last assessment."""
    if assessed_on > today or (last is not None and assessed_on < last):
        raise AssessmentDayUnusable()


def check_explained(assessed_on: date, *, last: date | None, note: str, repeat_days: int) -> None:
    """Raise `ReassessmentUnexplained` where one follows so soon that it needs a reason."""
    is_soon = last is not None and assessed_on - last < timedelta(days=repeat_days)
    if is_soon and not note.strip():
        raise ReassessmentUnexplained(days=repeat_days)


def check_fresh(assessed_on: date, *, today: date, months: int) -> None:
    """Raise `AssessmentOutdated` where a result of that day would hold no longer today."""
    if months_after(assessed_on, months) <= today:
        raise AssessmentOutdated()


def period_of(
    *, assessed_on: date, confirmed_on: date, current_starts_on: date | None, months: int
) -> tuple[date, date]:
    """Return from which day, and until before which, a confirmed level holds.

    It holds from the day it is confirmed, so that nothing reckoned before changes, and until so
    many months after the assessment. A level holds for whole days: where the one before began
    today, this one begins tomorrow. Raises `AssessmentOutdated` where no day is left.
    """
    starts_on = confirmed_on
    if current_starts_on is not None:
        starts_on = max(starts_on, current_starts_on + timedelta(days=1))
    ends_on = months_after(assessed_on, months)
    if ends_on <= starts_on:
        raise AssessmentOutdated()
    return starts_on, ends_on


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
