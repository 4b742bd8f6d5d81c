"""Who is reminded of what: facts, figures and the calendar in, reminders out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from server.caregivers.allowances.days import months_after
from server.caregivers.allowances.papers import Paper
from server.caregivers.allowances.terms import Programme
from server.caregivers.allowances.windows import day_of
from server.caregivers.reminders.earned import Earned
from server.caregivers.reminders.models import ReminderKind
from server.places.ladders import (
    A_DAY,
    IsWorkday,
    Move,
    Target,
    days_between,
    rungs_of,
    targets,
    working_day,
)

WINDOWS, POST_CONDITIONS = "allowances.claim_windows", "post_allowance.conditions"
HOURS = "continuing_education.hours_a_year"
LADDERS = tuple(
    f"reminders.{name}"
    for name in (
        "claim_window", "papers", "instalment", "certificate", "contract", "education",
        "attendance", "county_list", "times",
    )
)  # fmt: skip
PARAMETERS = (*LADDERS, WINDOWS, POST_CONDITIONS, HOURS)
# Windows of what people are reminded of.
REMINDED_OF = (Programme.ENTRY_REWARD, Programme.POST_ALLOWANCE)
MONTHS_OF_A_YEAR = 12

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Window:
    """When claims of a programme are taken; both days are days of it."""

    programme: str
    opens: date
    closes: date

    @property
    def name(self) -> str:
        """How a claim says in which window it was handed in."""
        return f"{self.programme}:{self.opens}"


@dataclass(frozen=True)
class Plan:
    """What falls on the days from `first` to `last`, before anybody is looked at."""

    first: date
    last: date
    certificates: Sequence[Target] = ()
    contracts: Sequence[Target] = ()
    instalments: Sequence[Target] = ()
    papers_of_instalments: Sequence[Target] = ()
    openings: Sequence[tuple[Window, Target]] = ()
    closings: Sequence[tuple[Window, Target]] = ()
    papers_of_windows: Sequence[tuple[Window, Target]] = ()
    education: Sequence[Target] = ()
    attendance: Sequence[Target] = ()
    county_lists: Sequence[date] = ()

    @property
    def asks_for_people(self) -> bool:
        """True where everybody's papers or claims are spoken of."""
        return bool(self.openings or self.closings or self.papers_of_windows)

    @property
    def anniversaries(self) -> Sequence[Target]:
        """Days on which instalments may be full that are spoken of."""
        return [*self.instalments, *self.papers_of_instalments]


@dataclass(frozen=True)
class Ending:
    """A certificate or a contract (`number`) that ends, or has ended, on a day."""

    caregiver_id: int
    site_id: int
    number: int
    ends_on: date


@dataclass(frozen=True)
class Person:
    """Who works front-line at which site (nowhere: has left), what money it comes to, and in
    which windows a claim is handed in already."""

    caregiver_id: int
    site_id: int | None
    money: Earned
    claimed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Learned:
    """How many minutes of continuing education a year has."""

    caregiver_id: int
    site_id: int
    minutes: int


@dataclass(frozen=True)
class Attended:
    """How many days of a month somebody was at work before a day."""

    caregiver_id: int
    site_id: int
    target: Target
    days: int


@dataclass(frozen=True)
class _At:
    """Who is spoken to, and at which site they are spoken of."""

    caregiver_id: int
    site_id: int


@dataclass(frozen=True)
class Facts:
    """Everything about people that a plan asks for."""

    certificates: Sequence[Ending] = ()
    contracts: Sequence[Ending] = ()
    people: Sequence[Person] = ()
    learned: Sequence[Learned] = ()
    attended: Sequence[Attended] = ()


@dataclass(frozen=True)
class Due:
    """One reminder that somebody is to get."""

    kind: ReminderKind
    subject: str
    rung: int
    caregiver_id: int
    site_id: int
    about_on: date
    due_on: date
    facts: Mapping[str, Any] = field(default_factory=dict)


def plan_of(figures: Figures, first: date, last: date, is_workday: IsWorkday) -> Plan:
    """Return what the ladders and the calendar put on these days."""

    def days(name: str, part: str | None = None) -> list[Target]:
        ladder = figures[f"reminders.{name}"]
        return targets(rungs_of(ladder[part] if part else ladder), first, last, is_workday)

    windows = _windows(figures, first, last, is_workday)
    return Plan(
        first,
        last,
        certificates=days("certificate"),
        contracts=days("contract"),
        instalments=days("instalment"),
        papers_of_instalments=days("papers", "instalment"),
        openings=_at(windows, days("claim_window", "opens"), "opens"),
        closings=_at(windows, days("claim_window", "closes"), "closes"),
        papers_of_windows=_at(windows, days("papers", "closes"), "closes"),
        education=_education(figures, first, last, is_workday),
        attendance=_attendance(figures, first, last, is_workday),
        county_lists=_county_lists(figures, first, last, is_workday),
    )


def reminders_due(plan: Plan, facts: Facts, figures: Figures, is_workday: IsWorkday) -> list[Due]:
    """Return every caregiver's reminders of the plan, in a total order."""
    due = [
        *_endings(ReminderKind.CERTIFICATE, facts.certificates, plan.certificates),
        *_endings(ReminderKind.CONTRACT, facts.contracts, plan.contracts),
        *_of_instalments(plan, facts.people),
        *_of_windows(plan, facts.people),
        *_of_education(plan, facts.learned, figures),
        *_of_attendance(facts.attended, figures, is_workday),
    ]
    return sorted(due, key=lambda one: (one.due_on, one.caregiver_id, one.kind, one.subject))


def _endings(
    kind: ReminderKind, endings: Sequence[Ending], planned: Sequence[Target]
) -> Iterator[Due]:
    for ending in endings:
        for target in planned:
            if target.about_on == ending.ends_on:
                subject = f"{kind.value}:{ending.number}:{ending.ends_on}"
                yield _due(kind, subject, target, ending)


def _of_instalments(plan: Plan, people: Sequence[Person]) -> Iterator[Due]:
    """Also of whoever has left since: what was full by then is theirs."""
    for person in people:
        missing = _missing(person, Programme.ENTRY_REWARD)
        for step in person.money.steps:
            subject = f"instalment:{step.number}:{step.due_on}"
            whose = _At(person.caregiver_id, person.site_id or step.site_id)
            facts: dict[str, Any] = {"number": step.number}
            for target in plan.instalments:
                if target.about_on == step.due_on:
                    yield _due(ReminderKind.INSTALMENT, subject, target, whose, facts)
            for target in plan.papers_of_instalments:
                if target.about_on == step.due_on and missing:
                    facts = {"programme": Programme.ENTRY_REWARD.value, "missing": missing}
                    yield _due(ReminderKind.PAPERS, subject, target, whose, facts)


def _of_windows(plan: Plan, people: Sequence[Person]) -> Iterator[Due]:
    told = ((ReminderKind.WINDOW_OPENS, plan.openings), (ReminderKind.WINDOW_CLOSES, plan.closings))
    for person in people:
        if person.site_id is None:
            continue
        whose = _At(person.caregiver_id, person.site_id)
        for kind, planned in told:
            for window, target in planned:
                if _may_claim(person, window) and not _lacks_all(person, window):
                    yield _due(kind, _subject(window), target, whose, _said(window))
        for window, target in plan.papers_of_windows:
            missing = _missing(person, Programme(window.programme))
            if missing and _may_claim(person, window):
                facts = {"programme": window.programme, "missing": missing}
                yield _due(ReminderKind.PAPERS, _subject(window), target, whose, facts)


def _of_education(plan: Plan, learned: Sequence[Learned], figures: Figures) -> Iterator[Due]:
    needed = int(figures[HOURS]) * 60
    for one in learned:
        for target in plan.education:
            if one.minutes < needed:
                facts = {"minutes": one.minutes, "needed": needed}
                subject = f"education:{target.about_on.year}"
                yield _due(ReminderKind.EDUCATION, subject, target, one, facts)


def _of_attendance(
    attended: Sequence[Attended], figures: Figures, is_workday: IsWorkday
) -> Iterator[Due]:
    needed = int(figures[POST_CONDITIONS].get("attendance_days", 0))
    for one in attended:
        left = [*days_between(one.target.due_on, one.target.about_on)]
        working = sum(is_workday(day) for day in left)
        if one.days + working < needed:
            facts = {"days": one.days, "needed": needed, "lost": one.days + len(left) < needed}
            subject = f"attendance:{one.target.about_on:%Y-%m}"
            yield _due(ReminderKind.ATTENDANCE, subject, one.target, one, facts)


def _may_claim(person: Person, window: Window) -> bool:
    """True for whom a claim in this window could lead to money, and who has not handed one in.

    An instalment that has to be put right is spoken of for a year after it was full. Months are
    claimed when they are over: by the first of the month in which the window closes.
    """
    if window.name in person.claimed:
        return False
    if window.programme == Programme.ENTRY_REWARD:
        last_year = months_after(window.closes, -MONTHS_OF_A_YEAR)
        return any(
            one.is_entitled or last_year < one.due_on
            for one in person.money.steps
            if one.due_on <= window.closes
        )
    full_on = person.money.in_post_on
    return full_on is not None and full_on <= window.closes.replace(day=1)


def _lacks_all(person: Person, window: Window) -> bool:
    """Without a certificate there is no post allowance to claim; its absence is told instead."""
    missing = _missing(person, Programme(window.programme))
    return window.programme == Programme.POST_ALLOWANCE and Paper.CERTIFICATE in missing


def _missing(person: Person, programme: Programme) -> list[str]:
    return sorted(person.money.missing.get(programme, ()))


def _subject(window: Window) -> str:
    return f"window:{window.programme}:{window.closes}"


def _said(window: Window) -> dict[str, str]:
    return {"programme": window.programme, "closes": window.closes.isoformat()}


def _due(
    kind: ReminderKind,
    subject: str,
    target: Target,
    whose: Ending | _At | Learned | Attended,
    facts: Mapping[str, Any] | None = None,
) -> Due:
    return Due(
        kind, subject, target.rung, whose.caregiver_id, whose.site_id,
        target.about_on, target.due_on, facts or {},
    )  # fmt: skip


def _windows(figures: Figures, first: date, last: date, is_workday: IsWorkday) -> list[Window]:
    """Windows of what people are reminded of; none closes on a day off."""
    return [
        Window(
            each["programme"],
            day_of(year, each["opens"]),
            working_day(day_of(year, each["closes"]), Move.AFTER, is_workday),
        )
        for year in range(first.year - 1, last.year + 2)
        for each in figures[WINDOWS]
        if each["programme"] in REMINDED_OF
    ]


def _at(
    windows: Sequence[Window], planned: Sequence[Target], edge: str
) -> list[tuple[Window, Target]]:
    return [
        (window, target)
        for target in planned
        for window in windows
        if getattr(window, edge) == target.about_on
    ]


def _education(figures: Figures, first: date, last: date, is_workday: IsWorkday) -> list[Target]:
    ladder = figures["reminders.education"]
    found = []
    for year in range(first.year - 1, last.year + 2):
        end = date(year, 12, 31)
        for named in ladder["days"]:
            day = date.fromisoformat(f"{year}-{named}")
            due_on = working_day(day, Move(ladder["move"]), is_workday)
            found.append(Target(end, (day - end).days, due_on))
    return [target for target in found if first <= target.due_on <= last]


def _attendance(figures: Figures, first: date, last: date, is_workday: IsWorkday) -> list[Target]:
    ladder = figures["reminders.attendance"]
    found = []
    month = months_after(first.replace(day=1), -1)
    while month <= last:
        end = months_after(month, 1) - A_DAY
        day = month.replace(day=int(ladder["day"]))
        due_on = working_day(day, Move(ladder["move"]), is_workday)
        found.append(Target(end, (day - end).days, due_on))
        month = months_after(month, 1)
    return [target for target in found if first <= target.due_on <= last]


def _county_lists(figures: Figures, first: date, last: date, is_workday: IsWorkday) -> list[date]:
    ladder = figures["reminders.county_list"]
    week = timedelta(days=7)
    found = {
        working_day(day, Move(ladder["move"]), is_workday)
        for day in days_between(first - 2 * week, last)
        if day.isoweekday() == int(ladder["weekday"])
    }
    opened = _at(
        _windows(figures, first, last, is_workday),
        targets(rungs_of(figures["reminders.claim_window"]["opens"]), first, last, is_workday),
        "opens",
    )
    found |= {target.due_on for _, target in opened}
    return sorted(day for day in found if first <= day <= last)
