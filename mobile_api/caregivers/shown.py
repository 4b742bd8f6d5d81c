"""A caregiver's file put together for their phone."""

from datetime import date, timedelta
from typing import Any

import segno
from flask import request
from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server import clock
from server.caregivers import attending, certifying, register, registering, rules
from server.caregivers.asking import proofs
from server.caregivers.asking.models import CaregiverProof
from server.caregivers.missing import HOURS, MINUTES, list_missing
from server.caregivers.models import (
    Caregiver,
    CaregiverEducation,
    ContinuingEducation,
    EmploymentContract,
    SkillCertificate,
)
from server.policies.queries import get_figures
from server.providers.models import Site

A_DAY = timedelta(days=1)
NOBODY: dict[str, Any] = {
    "is_linked": False, "name": None, "keeper_phone": None, "payee_bank": "", "payee_last": None,
    "employments": [], "certificates": [], "education": [], "attendance": None, "hours": None,
    "missing": [], "proofs": [],
}  # fmt: skip


def caregiver_file(session: Session, caregiver: Caregiver | None) -> dict[str, Any]:
    """Return the file as the phone shows it; of nobody, that nobody is linked."""
    if caregiver is None:
        return NOBODY
    number, today = caregiver.id or 0, clock.today()
    site = session.get(Site, caregiver.keeper_site_id)
    missing = list_missing(session, caregiver_ids=[number], on=today)[number]
    return {
        "is_linked": True,
        "name": caregiver.name,
        "keeper_phone": site.phone if site else None,
        "payee_bank": caregiver.payee_bank,
        "payee_last": registering.last_of_account(caregiver),
        "employments": _employments(session, number),
        "certificates": [
            _certificate(one, today) for one in certifying.list_certificates(session, number)
        ],
        "education": [_education(one) for one in certifying.list_education(session, number)],
        "attendance": attendance(session, caregiver),
        "hours": _hours(session, number, today),
        "missing": [
            {"code": one.code, "until": one.until, "facts": dict(one.facts)} for one in missing
        ],
        "proofs": [proof(row.CaregiverProof) for row in proofs.list_of(session, number)],
    }


def proof(one: CaregiverProof) -> dict[str, Any]:
    """Return a scan that was sent, and what became of it."""
    return {
        "id": one.id,
        "kind": one.kind,
        "sent_at": one.sent_at,
        "state": one.state,
        "said": one.said,
    }


def attendance(session: Session, caregiver: Caregiver) -> dict[str, Any]:
    """Return the present month's days, and today's punch."""
    month = rules.month_of(clock.today())
    told = attending.list_months(session, caregiver.id or 0, since=month)
    present = attending.find_today(session, caregiver)
    return {
        "month": month,
        "days": sum(one.days for one in told) if told else None,
        "source": told[0].source if told else None,
        "today": {
            "arrived_at": present.arrived_at if present else None,
            "left_at": present.left_at if present else None,
        },
    }


def _employments(session: Session, caregiver_id: int) -> list[dict[str, Any]]:
    rows = register.list_employments(session, caregiver_id)
    contracts = register.list_contracts(session, [row.Employment.id for row in rows])
    return [_employment(row, contracts.get(row.Employment.id, [])) for row in rows]


def _employment(row: Row[Any], contracts: Any) -> dict[str, Any]:
    one = row.Employment
    return {
        "site_name": row.site_name,
        "post": one.post,
        "is_full_time": one.is_full_time,
        "is_front_line": one.is_front_line,
        "starts_on": one.starts_on,
        "last_day": one.ends_on and one.ends_on - A_DAY,
        "contracts": [_contract(each, one.ends_on) for each in contracts],
    }


def _contract(one: EmploymentContract, employed_until: date | None) -> dict[str, Any]:
    ends_on = rules.holds_until(one, employed_until)
    return {
        "starts_on": one.starts_on,
        "last_day": ends_on and ends_on - A_DAY,
        "insurance_payer": one.insurance_payer,
    }


def _certificate(one: SkillCertificate, today: date) -> dict[str, Any]:
    address = f"{request.host_url}c/{one.check_code}"
    left = (one.valid_until - today).days if one.valid_until else None
    return {
        "id": one.id,
        "level": one.level,
        "number": one.number,
        "issuer": one.issuer,
        "issued_on": one.issued_on,
        "valid_until": one.valid_until,
        "days_left": left,
        "standing": certifying.standing_of(one, today),
        "is_verified": one.verified_on is not None,
        "address": address,
        "qr_modules": ["".join(map(str, row)) for row in segno.make_qr(address, error="m").matrix],
    }


def _education(one: CaregiverEducation) -> dict[str, Any]:
    return {
        "degree": one.degree,
        "school": one.school,
        "subject": one.subject,
        "obtained_on": one.obtained_on,
        "is_recognised": one.recognised_on is not None,
    }


def _hours(session: Session, caregiver_id: int, today: date) -> dict[str, Any]:
    query = select(func.coalesce(func.sum(col(ContinuingEducation.minutes)), 0)).where(
        col(ContinuingEducation.caregiver_id) == caregiver_id,
        col(ContinuingEducation.attended_on).between(date(today.year, 1, 1), today),
    )
    wanted = get_figures(session, [HOURS], on=today)[HOURS]
    return {
        "year": today.year,
        "minutes": session.execute(query).scalar_one(),
        "wanted_minutes": int(wanted.value) * MINUTES,
    }
