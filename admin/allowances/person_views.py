"""One caregiver: every month and instalment with every reason, and what can be claimed now."""

from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.allowances import reading
from admin.allowances.forms import HandInForm, PersonFilters
from admin.allowances.reading import CLAIM, SEE, scope
from admin.forms import asked, submitted
from admin.pages import page
from server import clock
from server.caregivers.allowances import claiming, wording
from server.caregivers.allowances.queries import (
    get_caregiver,
    is_kept,
    list_claims_of,
    list_of_caregiver,
)
from server.caregivers.register import get_kept
from server.db.sessions import actor_of
from server.errors import DomainError
from server.identity.roles import may
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "allowance_person", __name__, url_prefix="/caregivers/allowances", template_folder="templates"
)


@blueprint.get("/people/<int:caregiver_id>")
@reads(SEE)
def show_person(*, caregiver_id: int, session: Session) -> str:
    """The latest first; or as it was known on an evening."""
    return _page(session, caregiver_id, asked(PersonFilters)["known_on"])


@blueprint.post("/people/<int:caregiver_id>/claims")
@submits(CLAIM)
def hand_in(*, caregiver_id: int, session: Session) -> Any:
    """Claim everything of a programme that is not claimed yet, and go to the claim.

    For whoever keeps the file: a former employer claims nothing any more.
    """
    get_kept(session, caregiver_id, permission=CLAIM)
    values, errors = submitted(HandInForm)
    if errors:
        return _page(session, caregiver_id, None, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        claim = claiming.hand_in(session, caregiver_id=caregiver_id, **values)
    except DomainError as refusal:
        return _page(session, caregiver_id, None, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("allowance_claims.show_claim", claim_id=claim.id), HTTPStatus.SEE_OTHER)


def _page(session: Session, caregiver_id: int, known_on: date | None, **facts: Any) -> str:
    caregiver = get_caregiver(session, caregiver_id, scope(session))
    may_claim = may(actor_of(session), CLAIM) and is_kept(
        session, caregiver_id, scope(session, CLAIM)
    )
    rows = list_of_caregiver(session, caregiver_id, as_known_at=_evening(known_on))
    return page(
        session,
        "admin/allowances/person.html",
        caregiver=caregiver,
        steps=sorted((row for row in rows if row.period.isdigit() and len(row.period) < 4),
                     key=lambda row: (row.programme, int(row.period))),
        months=[row for row in rows if not row.period.isdigit()],
        claims=list_claims_of(session, caregiver_id),
        claimable=claiming.list_claimable(session, caregiver_id) if may_claim else [],
        known_on=known_on,
        reading=reading,
        wording=wording,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )  # fmt: skip


def _evening(day: date | None) -> datetime | None:
    """The last moment of a day in the city."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), clock.CITY) - timedelta(microseconds=1)
