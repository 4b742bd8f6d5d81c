"""What must hold for an allowance: one function for each condition, each with its reasons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from server.caregivers.allowances.days import (
    A_DAY,
    Span,
    full_years,
    last_of_month,
    merged,
    reached_on,
    years_after,
)
from server.caregivers.allowances.given import Certificate, Contract, Known, Reason, Rule, Work
from server.caregivers.models import InsurancePayer


@dataclass(frozen=True)
class Case:
    """One caregiver before one programme, judged on a day; `months` are those of the period."""

    known: Known
    rule: Rule
    day: date
    months: Sequence[date] = ()

    @cached_property
    def works(self) -> list[Work]:
        """The employments that count, the earlier first."""
        return works_that_count(self.known, self.rule)

    @cached_property
    def spans(self) -> list[Span]:
        """The spans of work that count towards full years as the city counts them."""
        return spans_that_count(self.known, self.rule)

    @cached_property
    def hired_on(self) -> date | None:
        spans = self.spans
        return spans[0].starts_on if spans else None

    @cached_property
    def work(self) -> Work | None:
        """Where the caregiver is at work on the day: in full time rather than in part, the later
        begun rather than the earlier; work that counts before any other."""
        for works in (self.works, self.known.works):
            holding = [one for one in works if one.holds_on(self.day)]
            if holding:
                return max(holding, key=lambda one: (one.is_full_time, one.starts_on, one.id))
        return None

    @cached_property
    def contract(self) -> Contract | None:
        work = self.work
        holding = [
            one
            for one in self.known.contracts
            if work is not None and one.employment_id == work.id and one.holds_on(self.day)
        ]
        return max(holding, key=lambda one: one.starts_on, default=None)

    @cached_property
    def certificate(self) -> Certificate | None:
        """The highest certificate that is good on the day."""
        good = [one for one in self.known.certificates if one.is_good_on(self.level_day)]
        return min(good, key=lambda one: (one.level, one.number), default=None)

    @cached_property
    def level_day(self) -> date:
        is_first = self.rule.terms.level_on == "first_day" and self.months
        return self.months[0] if is_first else self.day

    @cached_property
    def years(self) -> int:
        return full_years(self.spans, self.day)

    def reason(self, code: str, holds: bool, *, of: str = "conditions", **facts: Any) -> Reason:
        return Reason(code, holds, facts, self.rule.bases.get(of))


def works_that_count(known: Known, rule: Rule) -> list[Work]:
    """Return the employments whose days count for the programme, in their order."""
    return sorted(
        (
            one
            for one in known.works
            if (one.is_front_line or not rule.conditions.front_line)
            and (one.is_full_time or rule.continuity.part_time == "counts")
        ),
        key=lambda one: (one.starts_on, one.id),
    )


def spans_that_count(known: Known, rule: Rule) -> list[Span]:
    """Return the spans of work since it began, or began again, in the city's way of counting."""
    works = works_that_count(known, rule)
    if works and rule.continuity.change_of_employer == "starts_again":
        latest = max(works, key=lambda one: (one.starts_on, one.id))
        works = [one for one in works if one.site_id == latest.site_id]
    kept: list[Span] = []
    for span in merged([one.span for one in works]):
        if kept and _begins_again(kept[-1], span, rule):
            kept = []
        kept.append(span)
    return kept


def _begins_again(before: Span, after: Span, rule: Rule) -> bool:
    longest = rule.continuity.longest_interruption_days
    days = (after.starts_on - (before.ends_on or after.starts_on)).days
    is_too_long = longest is not None and days > longest
    return is_too_long or rule.continuity.interruption == "starts_again"


def lasts_long_enough(contract: Contract, years: int) -> bool:
    """True for a contract of at least so many full years, or without a fixed term."""
    ends_on = contract.ends_on
    return ends_on is None or years_after(contract.starts_on, years) <= ends_on


def reasons_of(case: Case) -> list[Reason]:
    """Return every reason, for and against, in the order of the conditions."""
    asked = case.rule.conditions.model_dump(exclude_none=True)
    reasons = [] if case.work else [case.reason("not-at-work", False)]
    for name, look in LOOKS.items():
        if name in asked:
            reasons += look(case, asked[name])
    return reasons


def _front_line(case: Case, _wanted: Any) -> list[Reason]:
    work = case.work
    if work is None:
        return []
    code = "works-front-line" if work.is_front_line else "not-front-line"
    return [case.reason(code, work.is_front_line, post=work.post.value)]


def _full_time(case: Case, _wanted: Any) -> list[Reason]:
    work = case.work
    if work is None:
        return []
    code = "works-full-time" if work.is_full_time else "works-part-time"
    return [case.reason(code, work.is_full_time)]


def _establishment(case: Case, _wanted: Any) -> list[Reason]:
    work = case.work
    if work is None:
        return []
    code = "on-establishment" if work.on_establishment else "not-on-establishment"
    return [case.reason(code, not work.on_establishment)]


def _hired(case: Case, earliest: date) -> list[Reason]:
    hired_on = case.hired_on
    if hired_on is None:
        return []
    counts = case.rule.conditions.hired_from_counts
    holds = hired_on > earliest or (counts and hired_on == earliest)
    code = "hired-in-time" if holds else "hired-too-early"
    return [case.reason(code, holds, hired_on=hired_on, hired_from=earliest)]


def _contract(case: Case, _wanted: Any) -> list[Reason]:
    contract = case.contract
    if contract is None:
        return [case.reason("contract-missing", False, on=case.day)]
    return [case.reason("contract-holds", True, starts_on=contract.starts_on)]


def _contract_years(case: Case, years: int) -> list[Reason]:
    contract = case.contract
    if contract is None:
        return [case.reason("contract-missing", False, on=case.day)]
    ends_on = contract.ends_on
    holds = lasts_long_enough(contract, years)
    code = "contract-long-enough" if holds else "contract-too-short"
    last_day = None if ends_on is None else ends_on - A_DAY
    facts: dict[str, Any] = {"starts_on": contract.starts_on, "until": last_day, "years": years}
    return [case.reason(code if ends_on or not holds else "contract-open-ended", holds, **facts)]


def _insurance(case: Case, payers: Sequence[InsurancePayer]) -> list[Reason]:
    contract = case.contract
    if contract is None:
        return []
    holds = contract.payer in payers
    code = "insurance-paid" if holds else "insurance-not-so"
    return [case.reason(code, holds, payer=contract.payer.value)]


def _graduated(case: Case, years: int) -> list[Reason]:
    hired_on = case.hired_on
    known = [one for one in case.known.educations if one.is_recognised]
    if hired_on is None or not known:
        return []
    last = max(one.obtained_on for one in known)
    holds = hired_on <= years_after(last, years)
    code = "graduated-lately" if holds else "graduated-long-ago"
    return [case.reason(code, holds, obtained_on=last, years=years, hired_on=hired_on)]


def _months_in_post(case: Case, months: int) -> list[Reason]:
    hired_on = case.hired_on
    if hired_on is None:
        return []
    full_on = reached_on(case.spans, months)
    holds = full_on is not None and full_on <= case.day + A_DAY
    code = "long-enough-in-post" if holds else "too-short-in-post"
    return [case.reason(code, holds, hired_on=hired_on, months=months, full_on=full_on)]


def _attendance(case: Case, needed: int) -> list[Reason]:
    filed = [month for month in case.months if month in case.known.attendance]
    if not filed:
        return [case.reason("attendance-unknown", False, needed=needed)]
    days = sum(case.known.attendance[month] for month in filed)
    code = "attendance-reached" if days >= needed else "attendance-short"
    facts: dict[str, Any] = {"days": days, "needed": needed, "missing": max(needed - days, 0)}
    return [case.reason(code, days >= needed, **facts)]


def _certificate(case: Case, _wanted: Any) -> list[Reason]:
    day, good = case.level_day, case.certificate
    if good is not None:
        facts: dict[str, Any] = {"level": good.level, "until": good.valid_until}
        code = "certificate-valid" if good.valid_until else "certificate-without-end"
        return [case.reason(code, True, **facts)]
    held = [one for one in case.known.certificates if one.issued_on <= day]
    return [_why_not_good(case, max(held, key=_latest, default=None), day)]


def _why_not_good(case: Case, one: Certificate | None, day: date) -> Reason:
    if one is None:
        return case.reason("certificate-missing", False, on=day)
    if one.is_expired_on(day):
        return case.reason("certificate-expired", False, level=one.level, until=one.valid_until)
    return case.reason("certificate-annulled", False, level=one.level, on=one.annulled_on)


def _latest(one: Certificate) -> tuple[date, str]:
    return min(one.valid_until or date.max, one.annulled_on or date.max), one.number


def _education(case: Case, _wanted: Any) -> list[Reason]:
    """The hours of the calendar year before; nothing is asked of one not worked whole."""
    needed, hired_on, year = case.rule.hours_a_year, case.hired_on, case.day.year - 1
    if needed is None or hired_on is None:
        return []
    facts: dict[str, Any] = {"year": year, "needed": needed}
    if hired_on > date(year, 1, 1):
        return [case.reason("education-not-asked", True, of="hours", **facts)]
    hours = case.known.minutes.get(year, 0) // 60
    code = "education-done" if hours >= needed else "education-short"
    return [case.reason(code, hours >= needed, of="hours", hours=hours, **facts)]


def _breach(case: Case, _wanted: Any) -> list[Reason]:
    first = case.months[0] if case.months else case.day
    last = last_of_month(case.months[-1]) if case.months else case.day
    day = min(case.day, last)
    open_then = sorted(
        (one for one in case.known.breaches if one.is_open_on(day) or one.is_open_on(first)),
        key=lambda one: (one.happened_on, one.document),
    )
    return [
        case.reason("breach-open", False, kind=one.kind.value, happened_on=one.happened_on,
                    document=one.document)
        for one in open_then
    ] or [case.reason("no-breach", True)]  # fmt: skip


def _payee(case: Case, _wanted: Any) -> list[Reason]:
    has = case.known.has_payee
    return [case.reason("payee-known" if has else "payee-missing", has)]


LOOKS: Mapping[str, Callable[[Case, Any], list[Reason]]] = {
    "front_line": _front_line,
    "full_time": _full_time,
    "on_establishment": _establishment,
    "hired_from": _hired,
    "contract": _contract,
    "contract_years": _contract_years,
    "insurance_payers": _insurance,
    "graduated_within_years": _graduated,
    "months_in_post": _months_in_post,
    "attendance_days": _attendance,
    "certificate": _certificate,
    "continuing_education": _education,
    "no_breach": _breach,
    "payee_account": _payee,
}
