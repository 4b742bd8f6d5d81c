"""The desk of claims: what waits, what a claim rests on, and the county's word."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.allowances import reading
from admin.allowances.forms import ClaimFilters, GiveBackForm
from admin.allowances.reading import CLAIM, DECIDE, SEE, scope
from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.caregivers.allowances import claiming, wording
from server.caregivers.allowances.models import ClaimState
from server.caregivers.allowances.queries import (
    ClaimWanted,
    get_claim,
    list_claims,
    list_employers,
)
from server.caregivers.allowances.terms import Programme
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.web.access import noted, reads, submits
from server.web.blueprints import StrictSchema
from server.web.problems import STATUS

blueprint = Blueprint(
    "allowance_claims", __name__, url_prefix="/caregivers/claims", template_folder="templates"
)


class NoForm(StrictSchema):
    """A button alone."""


@blueprint.get("")
@reads(SEE)
def list_all(*, session: Session) -> str:
    """What waits for the county comes first."""
    wanted, within = ClaimWanted(**asked(ClaimFilters)), scope(session)
    return page(
        session,
        "admin/allowances/claims.html",
        rows=list_claims(session, within, wanted),
        sites=[(str(one.id), one.name) for one in list_employers(session, within)],
        wanted=wanted,
        programmes=reading.pairs("allowance_programme", Programme),
        states=reading.pairs("claim_state", ClaimState),
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_claims(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Number"), _("Caregiver"), _("Home"), _("Programme"), _("Period"),
                _("Amount (yuan)"), _("State"), _("Handed in at"), _("Decided at"),
                _("Missing papers"), _("Words of the county")]  # fmt: skip
    rows = list_claims(session, scope(session), ClaimWanted(**asked(ClaimFilters)))
    return export(ending, _("Claims for allowances"), headings, map(_cells, rows))


@blueprint.get("/<int:claim_id>")
@reads(SEE)
def show_claim(*, claim_id: int, session: Session) -> str:
    """Every period of the claim with its reasons, and what can be said to it."""
    return _page(session, claim_id)


@blueprint.post("/<int:claim_id>/acceptance")
@submits(DECIDE)
def accept(*, claim_id: int, session: Session) -> Any:
    """Yes; nothing of it changes any more."""
    return _done(session, claim_id, DECIDE, NoForm, claiming.accept)


@blueprint.post("/<int:claim_id>/return")
@submits(DECIDE)
def give_back(*, claim_id: int, session: Session) -> Any:
    """Not so; the words say what is to be mended."""
    return _done(session, claim_id, DECIDE, GiveBackForm, claiming.give_back)


@blueprint.post("/<int:claim_id>/handing-in")
@submits(CLAIM)
def hand_in_again(*, claim_id: int, session: Session) -> Any:
    """What was given back is handed in as it is by now."""
    return _done(session, claim_id, CLAIM, NoForm, claiming.hand_in_again)


@blueprint.post("/<int:claim_id>/withdrawal")
@submits(CLAIM)
def withdraw(*, claim_id: int, session: Session) -> Any:
    """The claim is taken back."""
    return _done(session, claim_id, CLAIM, NoForm, claiming.withdraw)


def _done(
    session: Session,
    claim_id: int,
    permission: str,
    form: type[ma.Schema],
    do: Callable[..., object],
) -> Any:
    get_claim(session, claim_id, scope(session, permission))
    values, errors = submitted(form)
    if errors:
        return _page(session, claim_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, claim_id, **values)
    except DomainError as refusal:
        return _page(session, claim_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_claim", claim_id=claim_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, claim_id: int, **facts: Any) -> str:
    shown = get_claim(session, claim_id, scope(session))
    actor = actor_of(session)
    waits = shown.claim.state == ClaimState.HANDED_IN
    return page(
        session,
        "admin/allowances/claim.html",
        claim=shown.claim,
        lines=shown.lines,
        is_up_to_date=all(line.superseded_at is None for line in shown.lines),
        is_own=actor.staff_id == shown.claim.handed_in_by,
        may_decide=waits and may(actor, DECIDE),
        may_claim=may(actor, CLAIM),
        reading=reading,
        wording=wording,
        **facts,
    )


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.id, row.caregiver_name, row.site_name, word("allowance_programme", row.programme),
        row.period, in_yuan(row.amount_fen), word("claim_state", row.state), row.handed_in_at,
        row.decided_at, "、".join(word("allowance_paper", one) for one in row.missing), row.words,
    ]  # fmt: skip
