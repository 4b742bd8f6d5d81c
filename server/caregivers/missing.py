"""What a caregiver's file lacks on a day for what could be paid, and until when it can wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from server.caregivers import rules
from server.caregivers.models import (
    Caregiver,
    CaregiverEducation,
    ContinuingEducation,
    Employment,
    EmploymentContract,
    SkillCertificate,
)
from server.caregivers.queries import contracted_on, employed_on
from server.policies.queries import get_figures

CONDITIONS, HOURS = "entry_reward.conditions", "continuing_education.hours_a_year"
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
    HOURS = "hours"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, until when it has to be there (None: as soon as can be), facts."""

    code: Lack
    until: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wanted:
    contract_years: int | None  # None where no contract of so many years is asked for.
    minutes: int


def list_missing(
    session: Session, *, caregiver_ids: Sequence[int], on: date
) -> Mapping[int, Sequence[Missing]]:
    """Return what each of these caregivers lacks on the day, the gravest first; a key for each.

    A fixed number of statements, however many they are. Raises `RuleMissing`.
    """
    figures = get_figures(session, [CONDITIONS, HOURS], on=on)
    wanted = _Wanted(
        figures[CONDITIONS].value.get("contract_years"), int(figures[HOURS].value) * MINUTES
    )
    people = _people(session, caregiver_ids, on)
    contracts = _contracts(session, caregiver_ids, on)
    certificates = _certificates(session, caregiver_ids)
    return {
        one: _missing_of(people[one], contracts.get(one, []), certificates.get(one, []), wanted, on)
        for one in caregiver_ids
        if one in people
    }


def _missing_of(
    person: Any, contracts: Sequence[Any], certificates: Sequence[Any], wanted: _Wanted, on: date
) -> list[Missing]:
    lacks = _of_certificates(certificates, on)
    if not person.is_recognised:
        lacks.append(Missing(Lack.EDUCATION))
    if not person.has_account:
        lacks.append(Missing(Lack.PAYEE))
    years = wanted.contract_years
    if person.works and years is not None and not _has_long_contract(contracts, years):
        lacks.append(Missing(Lack.CONTRACT, facts={"years": years}))
    if person.needs_hours and person.minutes < wanted.minutes:
        until = date(on.year, 12, 31)
        facts = {"minutes": person.minutes, "wanted": wanted.minutes}
        lacks.append(Missing(Lack.HOURS, until, facts))
    return lacks


def _has_long_contract(contracts: Sequence[Any], years: int) -> bool:
    return any(rules.is_long_enough(one.starts_on, one.ends_on, years) for one in contracts)


def _of_certificates(certificates: Sequence[Any], on: date) -> list[Missing]:
    """The highest that counts today decides; without one, the one that lasted longest."""
    best = rules.best_of(certificates, on)
    if best is not None:
        until = best.valid_until
        if until is None or until > on + ENDING_WITHIN:
            return []
        facts = {"level": best.level, "days": (until - on).days}
        return [Missing(Lack.CERTIFICATE_ENDING, until, facts)]
    whole = [one for one in certificates if one.annulled_on is None and one.valid_until]
    ended = [one for one in whole if one.valid_until < on]
    if not ended:
        return [Missing(Lack.CERTIFICATE)]
    last = max(ended, key=lambda one: one.valid_until)
    facts = {"level": last.level, "ended_on": last.valid_until.isoformat()}
    return [Missing(Lack.CERTIFICATE_ENDED, facts=facts)]


def _people(session: Session, caregiver_ids: Sequence[int], on: date) -> dict[int, Any]:
    recognised = (
        select(col(CaregiverEducation.id))
        .where(
            col(CaregiverEducation.caregiver_id) == col(Caregiver.id),
            col(CaregiverEducation.recognised_on) <= on,
        )
        .exists()
    )
    works = (
        select(col(Employment.id))
        .where(col(Employment.caregiver_id) == col(Caregiver.id), employed_on(on))
        .exists()
    )
    # Hours are asked for a year that is worked whole: of whoever was at work on its first day.
    needs_hours = (
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
            col(Caregiver.payee_digest).is_not(None).label("has_account"),
            recognised.label("is_recognised"),
            works.label("works"),
            (works & needs_hours).label("needs_hours"),
            minutes.label("minutes"),
        )
        .where(col(Caregiver.id).in_(caregiver_ids))
        .order_by(col(Caregiver.id))
    )
    return {row.id: row for row in session.execute(query)}


def _contracts(session: Session, caregiver_ids: Sequence[int], on: date) -> dict[int, list[Any]]:
    query = (
        select(
            col(Employment.caregiver_id),
            col(EmploymentContract.starts_on),
            col(EmploymentContract.ends_on),
        )
        .join(Employment, col(Employment.id) == col(EmploymentContract.employment_id))
        .where(col(Employment.caregiver_id).in_(caregiver_ids), employed_on(on), contracted_on(on))
        .order_by(col(EmploymentContract.id))
    )
    return _by_caregiver(session.execute(query).all())


def _certificates(session: Session, caregiver_ids: Sequence[int]) -> dict[int, list[Any]]:
    query = (
        select(SkillCertificate)
        .where(col(SkillCertificate.caregiver_id).in_(caregiver_ids))
        .order_by(col(SkillCertificate.id))
    )
    return _by_caregiver(session.execute(query).scalars().all())


def _by_caregiver(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.caregiver_id, []).append(row)
    return found
