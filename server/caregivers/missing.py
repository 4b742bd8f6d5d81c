"""What a caregiver's file lacks on a day for what could be paid, and until when it can wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from server.caregivers import rules
from server.caregivers.allowances.given import Certificate, Known, Rule
from server.caregivers.allowances.knowing import OF_PAPERS, find_known, find_rulebook
from server.caregivers.allowances.papers import Paper, missing_papers
from server.caregivers.models import Caregiver, ContinuingEducation, Employment
from server.caregivers.queries import employed_on
from server.db.sessions import reaching_everywhere
from server.policies.queries import get_figures

HOURS = "continuing_education.hours_a_year"
ENDING_WITHIN = timedelta(days=90)
MINUTES = 60


class Lack(StrEnum):
    """What is missing; the catalogues say it in plain words."""

    EDUCATION = "education"
    PAYEE = "payee"
    CONTRACT = "contract"
    CERTIFICATE = "certificate"
    CERTIFICATE_ENDED = "certificate_ended"
    CERTIFICATE_ENDING = "certificate_ending"
    CERTIFICATE_PROOF = "certificate_proof"
    HOURS = "hours"


# The gravest first; certificates are told before, with their days.
LACKS = {
    Paper.CERTIFICATE_PROOF: Lack.CERTIFICATE_PROOF,
    Paper.DEGREE: Lack.EDUCATION,
    Paper.PAYEE: Lack.PAYEE,
    Paper.CONTRACT: Lack.CONTRACT,
}


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, until when it has to be there (None: as soon as can be), facts."""

    code: Lack
    until: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def list_missing(
    session: Session, *, caregiver_ids: Sequence[int], on: date
) -> Mapping[int, Sequence[Missing]]:
    """Return what each of these caregivers lacks on the day, the gravest first; a key for each.

    Papers are those that reminders and claims ask for, of any programme in force; contracts with
    another employer count, as they do in a claim. A fixed number of statements, however many
    caregivers. Raises `RuleMissing`, `AllowanceRuleUnreadable`.
    """
    wanted = int(get_figures(session, [HOURS], on=on)[HOURS].value) * MINUTES
    learned = _learned(session, caregiver_ids, on)
    with reaching_everywhere(session):
        programmes = list(find_rulebook(session).rules_on(on).values())
        known = find_known(session, sorted(learned), OF_PAPERS)
    found = {one.caregiver_id: _of_papers(one, programmes, on) for one in known}
    return {one: found[one] + _of_hours(learned[one], wanted, on) for one in learned}


def _of_papers(known: Known, programmes: Sequence[Rule], on: date) -> list[Missing]:
    by_rule = {rule.programme: missing_papers(known, rule, on) for rule in programmes}
    papers = {paper for missing in by_rule.values() for paper in missing}
    years = [
        rule.conditions.contract_years or 0
        for rule in programmes
        if Paper.CONTRACT in by_rule[rule.programme]
    ]
    lacks = _of_certificates(known.certificates, on, is_asked=Paper.CERTIFICATE in papers)
    for paper, lack in LACKS.items():
        if paper in papers:
            is_long = lack is Lack.CONTRACT and max(years)
            lacks.append(Missing(lack, facts={"years": max(years)} if is_long else {}))
    return lacks


def _of_hours(learned: Any, wanted: int, on: date) -> list[Missing]:
    if not learned.needs_hours or learned.minutes >= wanted:
        return []
    facts = {"minutes": learned.minutes, "wanted": wanted}
    return [Missing(Lack.HOURS, date(on.year, 12, 31), facts)]


def _of_certificates(
    certificates: Sequence[Certificate], on: date, *, is_asked: bool
) -> list[Missing]:
    """The highest that counts today decides; without one, the one that lasted longest."""
    best = rules.best_of(certificates, on)
    if best is not None:
        until = best.valid_until
        if until is None or until > on + ENDING_WITHIN:
            return []
        facts = {"level": best.level, "days": (until - on).days}
        return [Missing(Lack.CERTIFICATE_ENDING, until, facts)]
    if not is_asked:
        return []
    ended = {
        one.valid_until: one.level
        for one in certificates
        if one.annulled_on is None and one.valid_until and one.valid_until < on
    }
    if not ended:
        return [Missing(Lack.CERTIFICATE)]
    last = max(ended)
    return [
        Missing(Lack.CERTIFICATE_ENDED, facts={"level": ended[last], "ended_on": last.isoformat()})
    ]


def _learned(session: Session, caregiver_ids: Sequence[int], on: date) -> dict[int, Any]:
    """Minutes of the year so far, and of whom its hours are asked: of who works it whole."""
    works = (
        select(col(Employment.id))
        .where(col(Employment.caregiver_id) == col(Caregiver.id), employed_on(on))
        .exists()
    )
    worked_at_first = (
        select(col(Employment.id))
        .where(
            col(Employment.caregiver_id) == col(Caregiver.id),
            col(Employment.is_front_line),
            employed_on(date(on.year, 1, 1)),
        )
        .exists()
    )
    minutes = (
        select(func.coalesce(func.sum(col(ContinuingEducation.minutes)), 0))
        .where(
            col(ContinuingEducation.caregiver_id) == col(Caregiver.id),
            col(ContinuingEducation.attended_on).between(date(on.year, 1, 1), on),
        )
        .scalar_subquery()
    )
    query = (
        select(
            col(Caregiver.id),
            (works & worked_at_first).label("needs_hours"),
            minutes.label("minutes"),
        )
        .where(col(Caregiver.id).in_(caregiver_ids))
        .order_by(col(Caregiver.id))
    )
    return {row.id: row for row in session.execute(query)}
