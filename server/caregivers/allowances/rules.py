"""What a caregiver is entitled to, and why: plain functions of dated facts and figures.

A month or a year is judged on its last day (or the last day at work in it, or today where it is
not over). An instalment is judged on the last day of the full years it is paid after.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from server.caregivers.allowances.conditions import Case, reasons_of, works_that_count
from server.caregivers.allowances.days import (
    A_DAY,
    Span,
    days_between,
    last_of_month,
    merged,
    months_after,
    reached_on,
)
from server.caregivers.allowances.given import Education, Known, Reason, Rule, Verdict
from server.caregivers.allowances.rulebook import Rulebook
from server.caregivers.allowances.terms import (
    ByDegree,
    BySeniority,
    BySkillLevel,
    ByYearsInHome,
    Per,
    Programme,
)

Standard = tuple[int, str, list[Reason]]


def judge(known: Known, rulebook: Rulebook, *, month: date, as_of: date) -> list[Verdict]:
    """Return what there is to say of a month, and of every instalment as of the day."""
    return [
        *judge_month(known, rulebook, month, as_of=as_of),
        *judge_all_steps(known, rulebook, as_of=as_of),
    ]


def judge_month(known: Known, rulebook: Rulebook, month: date, *, as_of: date) -> list[Verdict]:
    """Return what there is to say of a month; one without any work says nothing."""
    rules = rulebook.rules_on(min(last_of_month(month), as_of)).values()
    judged = (
        _judge_period(known, rule, month, as_of) for rule in rules if rule.per is not Per.ONCE
    )
    return [one for one in judged if one is not None]


def judge_all_steps(known: Known, rulebook: Rulebook, *, as_of: date) -> list[Verdict]:
    """Return every instalment of whatever is paid once, those ahead too."""
    rules = rulebook.rules_on(as_of).values()
    once = [rule.programme for rule in rules if rule.per is Per.ONCE]
    return [
        step for programme in once for step in judge_steps(known, rulebook, programme, as_of=as_of)
    ]


def judge_steps(
    known: Known, rulebook: Rulebook, programme: Programme, *, as_of: date
) -> list[Verdict]:
    """Return every instalment of a programme that is paid once, those ahead too."""
    rule = rulebook.rules_on(as_of).get(programme)
    if rule is None or not known.works:
        return []
    verdicts = []
    for number, (years, _share) in enumerate(_steps(known, rule, as_of), start=1):
        due_on = reached_on(_spans(known, rule), 12 * years)
        is_past = due_on is not None and due_on <= as_of
        then = rulebook.rules_on(due_on).get(programme, rule) if is_past and due_on else rule
        verdicts.append(_judge_step(known, then, number, as_of))
    return verdicts


def _judge_period(known: Known, rule: Rule, month: date, as_of: date) -> Verdict | None:
    """One month, or the year that is judged in this month."""
    months = [month]
    last = last_of_month(month)
    if rule.per is Per.YEAR:
        judged_month, judged_day = (int(part) for part in rule.terms.judged_on.split("-"))
        if judged_month != month.month:
            return None
        months = [months_after(month, -back) for back in reversed(range(12))]
        last = min(month.replace(day=min(judged_day, last.day)), last)
    day = _last_at_work(known, months[0], min(last, as_of))
    if day is None:
        return None
    case = Case(known, rule, day, months)
    period = f"{month:%Y}" if rule.per is Per.YEAR else f"{month:%Y-%m}"
    return replace(_verdict(case, period, None, _standard(case)), month=month)


def _judge_step(known: Known, rule: Rule, number: int, as_of: date) -> Verdict:
    steps = _steps(known, rule, as_of)
    years, share = steps[min(number, len(steps)) - 1]
    spans = _spans(known, rule)
    due_on = reached_on(spans, 12 * years)
    day = due_on - A_DAY if due_on is not None and due_on <= as_of else as_of
    case = Case(known, rule, _still_known(known, day))
    standard = _shared(_standard(case, years), share, steps[: number - 1])
    verdict = _verdict(case, str(number), due_on, standard)
    reasons = [_years_reason(case, spans, years, due_on, as_of), *verdict.reasons]
    return replace(
        verdict, reasons=[*reasons, *_told_of(case)], is_ahead=_is_waiting(due_on, as_of)
    )


def _is_waiting(due_on: date | None, as_of: date) -> bool:
    return due_on is not None and due_on > as_of


def _verdict(case: Case, period: str, due_on: date | None, standard: Standard) -> Verdict:
    fen, band, said = standard
    work = case.work
    site_id = case.known.keeper_site_id if work is None else work.site_id
    reasons = [*reasons_of(case), *said]
    month = due_on.replace(day=1) if due_on else None
    return Verdict(case.rule.programme, period, site_id, reasons, fen, band, due_on, month)


def _years_reason(
    case: Case, spans: Sequence[Span], years: int, due_on: date | None, as_of: date
) -> Reason:
    """Whether the years are full; until then nobody is entitled."""
    if not spans:
        return case.reason("no-work-that-counts", False, of="instalments", years=years)
    facts = {"years": years, "hired_on": spans[0].starts_on}
    if due_on is None:
        left_on = spans[-1].ends_on
        return case.reason("work-ended-before", False, of="instalments", left_on=left_on, **facts)
    code = "years-full" if due_on <= as_of else "years-not-full"
    return case.reason(code, due_on <= as_of, of="instalments", due_on=due_on, **facts)


def _told_of(case: Case) -> list[Reason]:
    """What counts on although it looks like a break: said, and never against anybody."""
    spans = [span for span in case.spans if span.starts_on <= case.day]
    sites = {
        one.site_id
        for one in works_that_count(case.known, case.rule)
        if spans and spans[0].starts_on <= one.starts_on <= case.day
    }
    told = []
    if len(sites) > 1:
        told.append(case.reason("employer-changed", True, of="continuity", homes=len(sites)))
    if days := days_between(spans, case.day):
        told.append(case.reason("interruption-put-off", True, of="continuity", days=days))
    return told


def _steps(known: Known, rule: Rule, as_of: date) -> list[tuple[int, int]]:
    """After how many years, and for how many hundredths, something is paid."""
    if isinstance(rule.amounts, BySeniority):
        return [(band.from_years, 100) for band in rule.amounts.bands]
    if isinstance(rule.amounts, ByYearsInHome):
        every = rule.amounts.every_years
        worked = Case(known, rule, as_of).years
        return [(every * number, 100) for number in range(1, worked // every + 2)]
    return [(one.after_years, one.percent) for one in rule.instalments]


def _spans(known: Known, rule: Rule) -> list[Span]:
    return Case(known, rule, date.min).spans


def _shared(standard: Standard, share: int, before: Sequence[tuple[int, int]]) -> Standard:
    """Return a part of the amount; all parts of one amount are the amount, to the fen."""
    fen, band, said = standard
    paid = sum(percent for _years, percent in before) if share < 100 else 0
    return _percent(fen, paid + share) - _percent(fen, paid), band, said


def _percent(fen: int, percent: int) -> int:
    return (fen * percent + 50) // 100


def _standard(case: Case, years: int | None = None) -> Standard:
    """What the programme comes to for this caregiver, by what, and why where it is nothing."""
    amounts = case.rule.amounts
    if isinstance(amounts, ByDegree):
        return _by_degree(case, amounts)
    if isinstance(amounts, BySkillLevel):
        return _by_skill_level(case, amounts)
    if isinstance(amounts, BySeniority):
        return _by_seniority(case, amounts, case.years if years is None else years)
    return amounts.fen, f"home:{amounts.every_years}", [_amount(case, amounts.fen)]


def _by_degree(case: Case, amounts: ByDegree) -> Standard:
    held = _degrees_on(case, case.day)
    if case.rule.terms.standard == "when_hired" and case.hired_on:
        held = _degrees_on(case, case.hired_on)
    highest = max((one for one in held if one.is_recognised), key=_rank, default=None)
    if highest is None:
        unproved = max(held, key=_rank, default=None)
        code = "degree-missing" if unproved is None else "degree-not-recognised"
        facts = {} if unproved is None else {"degree": unproved.degree.value}
        return 0, "", [case.reason(code, False, of="amounts", **facts)]
    fen = amounts.fen.get(highest.degree)
    said = {"degree": highest.degree.value, "obtained_on": highest.obtained_on}
    if fen is None:
        return 0, f"degree:{highest.degree}", [_not_set(case)]
    reasons = [case.reason("degree-recognised", True, of="amounts", standard_fen=fen, **said)]
    return fen, f"degree:{highest.degree}", reasons + _risen(case, highest)


def _risen(case: Case, highest: Education) -> list[Reason]:
    """A degree that was gained after entering: this instalment is by the new standard."""
    hired_on = case.hired_on
    if hired_on is None or highest.obtained_on <= hired_on:
        return []
    facts = {"degree": highest.degree.value, "obtained_on": highest.obtained_on}
    return [case.reason("degree-rose", True, of="terms", **facts)]


def _degrees_on(case: Case, day: date) -> list[Education]:
    return [one for one in case.known.educations if one.obtained_on <= day]


def _rank(one: Education) -> tuple[int, date]:
    return one.rank, one.obtained_on


def _by_skill_level(case: Case, amounts: BySkillLevel) -> Standard:
    good = case.certificate
    if good is None:
        # Why not is said by the condition; where nothing was asked, the level itself is missing.
        is_asked = case.rule.conditions.certificate
        missing = [] if is_asked else [case.reason("certificate-missing", False, on=case.level_day)]
        return 0, "", missing
    fen = amounts.fen.get(good.level)
    if fen is None:
        return 0, f"level:{good.level}", [_not_set(case)]
    return fen, f"level:{good.level}", [_amount(case, fen, level=good.level)]


def _by_seniority(case: Case, amounts: BySeniority, years: int) -> Standard:
    for band in amounts.bands:
        if band.from_years <= years and (band.to_years is None or years < band.to_years):
            return band.fen, f"years:{band.from_years}", [_amount(case, band.fen, years=years)]
    first = amounts.bands[0].from_years
    return 0, "", [case.reason("too-few-years", False, of="amounts", years=years, needed=first)]


def _amount(case: Case, fen: int, **facts: object) -> Reason:
    kind = next(iter(facts), "home")
    return case.reason(f"amount-by-{kind}", True, of="amounts", standard_fen=fen, **facts)


def _not_set(case: Case) -> Reason:
    return case.reason("amount-not-set", False, of="amounts")


def _last_at_work(known: Known, first: date, last: date) -> date | None:
    """The last day of these on which the caregiver was anywhere at work."""
    days = [
        min(last, span.ends_on - A_DAY) if span.ends_on else last
        for span in merged([one.span for one in known.works])
        if span.starts_on <= last and (span.ends_on is None or span.ends_on > first)
    ]
    return max(days, default=None)


def _still_known(known: Known, day: date) -> date:
    """The day, or the last at work before it: who has left is judged as they were then."""
    return _last_at_work(known, date.min, day) or day
