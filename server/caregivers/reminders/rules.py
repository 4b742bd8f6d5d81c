"""Who is reminded of what: facts, figures and the calendar in, reminders out."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from server.caregivers.allowances.windows import day_of
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

WINDOWS, INSTALMENTS = "allowances.claim_windows", "entry_reward.instalments"
ENTRY_CONDITIONS, POST_CONDITIONS = "entry_reward.conditions", "post_allowance.conditions"
HOURS = "continuing_education.hours_a_year"
LADDERS = tuple(
    f"reminders.{name}"
    for name in (
        "claim_window", "papers", "instalment", "certificate", "contract", "education",
        "attendance", "county_list", "times",
    )
)  # fmt: skip
PARAMETERS = (*LADDERS, WINDOWS, INSTALMENTS, ENTRY_CONDITIONS, POST_CONDITIONS, HOURS)
ENTRY_REWARD, POST_ALLOWANCE = "entry_reward", "post_allowance"

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
        """True where somebody's papers or claims are spoken of."""
        return bool(self.openings or self.closings or self.papers_of_windows)


@dataclass(frozen=True)
class Ending:
    """A certificate or a contract (`number`) that ends, or has ended, on a day."""

    caregiver_id: int
    site_id: int
    number: int
    ends_on: date


@dataclass(frozen=True)
class Person:
    """Who works front-line, since when, what a claim would lack, and in which windows one is."""

    caregiver_id: int
    site_id: int
    employment_id: int
    hired_on: date
    on_establishment: bool
    missing: frozenset[str] = frozenset()
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
        *_of_instalments(plan, facts.people, figures),
        *_of_windows(plan, facts.people, figures),
        *_of_education(plan, facts.learned, figures),
        *_of_attendance(facts.attended, figures, is_workday),
    ]
    return sorted(due, key=lambda one: (one.due_on, one.caregiver_id, one.kind, one.subject))


def anniversary(hired_on: date, years: int) -> date:
    """Return the day on which so many full years are over; 29 February's is the 28th."""
    year = hired_on.year + years
    return hired_on.replace(year=year, day=min(hired_on.day, monthrange(year, hired_on.month)[1]))


def months_after(day: date, months: int) -> date:
    """Return the day so many months later, the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_entitled(person: Person, figures: Figures) -> bool:
    """True for whom the entry reward is meant, by hire and post; what is left out is not asked."""
    conditions = figures[ENTRY_CONDITIONS]
    hired_from = date.fromisoformat(conditions.get("hired_from", "0001-01-01"))
    return person.hired_on >= hired_from and not person.on_establishment


def _endings(
    kind: ReminderKind, endings: Sequence[Ending], planned: Sequence[Target]
) -> Iterator[Due]:
    for ending in endings:
        for target in planned:
            if target.about_on == ending.ends_on:
                subject = f"{kind.value}:{ending.number}:{ending.ends_on}"
                yield _due(kind, subject, target, ending)


def _of_instalments(plan: Plan, people: Sequence[Person], figures: Figures) -> Iterator[Due]:
    needs = figures["reminders.papers"]["needs"].get(ENTRY_REWARD, ())
    for person in people:
        if not is_entitled(person, figures):
            continue
        for number, each in enumerate(figures[INSTALMENTS], 1):
            day = anniversary(person.hired_on, each["after_years"])
            subject = f"instalment:{person.employment_id}:{number}"
            facts: dict[str, Any] = {"number": number}
            for target in plan.instalments:
                if target.about_on == day:
                    yield _due(ReminderKind.INSTALMENT, subject, target, person, facts)
            missing = _missing(person, needs)
            for target in plan.papers_of_instalments:
                if target.about_on == day and missing:
                    facts = {"programme": ENTRY_REWARD, "missing": missing}
                    yield _due(ReminderKind.PAPERS, subject, target, person, facts)


def _of_windows(plan: Plan, people: Sequence[Person], figures: Figures) -> Iterator[Due]:
    needs = figures["reminders.papers"]["needs"]
    told = ((ReminderKind.WINDOW_OPENS, plan.openings), (ReminderKind.WINDOW_CLOSES, plan.closings))
    for person in people:
        for kind, planned in told:
            for window, target in planned:
                if _may_claim(person, window, figures) and not _lacks_all(person, window):
                    yield _due(kind, _subject(window), target, person, _said(window))
        for window, target in plan.papers_of_windows:
            missing = _missing(person, needs.get(window.programme, ()))
            if missing and _may_claim(person, window, figures):
                facts = {"programme": window.programme, "missing": missing}
                yield _due(ReminderKind.PAPERS, _subject(window), target, person, facts)


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


def _may_claim(person: Person, window: Window, figures: Figures) -> bool:
    """True for whom a claim in this window could lead to money, and who has not handed one in."""
    if window.name in person.claimed:
        return False
    if window.programme == ENTRY_REWARD:
        years = [each["after_years"] for each in figures[INSTALMENTS]]
        last_year = anniversary(window.closes, -1)
        return is_entitled(person, figures) and any(
            last_year < anniversary(person.hired_on, number) <= window.closes for number in years
        )
    months = int(figures[POST_CONDITIONS].get("months_in_post", 0))
    return months_after(person.hired_on, months) <= window.closes


def _lacks_all(person: Person, window: Window) -> bool:
    """Without a certificate there is no post allowance to claim; its absence is told instead."""
    return window.programme == POST_ALLOWANCE and "certificate" in person.missing


def _missing(person: Person, needs: Sequence[str]) -> list[str]:
    return sorted(person.missing.intersection(needs))


def _subject(window: Window) -> str:
    return f"window:{window.programme}:{window.closes}"


def _said(window: Window) -> dict[str, str]:
    return {"programme": window.programme, "closes": window.closes.isoformat()}


def _due(
    kind: ReminderKind,
    subject: str,
    target: Target,
    whose: Ending | Person | Learned | Attended,
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
        if each["programme"] in (ENTRY_REWARD, POST_ALLOWANCE)
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
