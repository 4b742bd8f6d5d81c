"""Referrals in and out of one's own homes: asked, answered, carried out."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.facilities.path_forms import AcceptForm, DeclineForm, HandoverForm, ReferralForm
from admin.forms import submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.models import BedKind
from server.facilities.queries.homes import list_with_beds
from server.facilities.queries.stays import get_stay, list_staying
from server.facilities.referrals import answering, queries, requesting
from server.facilities.referrals.carrying_out import carry_out
from server.facilities.referrals.models import ReferralReason, RequestedBy
from server.identity.roles import reach_of
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("referrals", __name__, url_prefix="/referrals", template_folder="templates")

PERMISSION = "facilities.answer"


@blueprint.get("")
@reads(PERMISSION)
def list_referrals(*, session: Session) -> str:
    """What others ask of one's homes, and what these have asked of others."""
    return _list(session)


@blueprint.post("")
@submits(PERMISSION)
def ask_for_referral(*, session: Session) -> Any:
    """Ask a facility to take somebody out of a stay here."""
    values, errors = submitted(ReferralForm)
    if errors:
        return _list(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _ask(session, values)
    except DomainError as refusal:
        return _list(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("referrals.list_referrals"), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:referral_id>")
@reads(PERMISSION)
def show_referral(*, referral_id: int, session: Session) -> str:
    """One referral, and what can be done with it."""
    return _one(session, referral_id)


@blueprint.post("/<int:referral_id>/acceptance")
@submits(PERMISSION)
def accept_referral(*, referral_id: int, session: Session) -> Any:
    """Take the person, in a bed that is held."""

    def accept(bed: int | None, planned_on: Any) -> None:
        answering.accept(session, referral_id, bed_id=bed, planned_on=planned_on)

    return _done(session, referral_id, AcceptForm, accept)


@blueprint.post("/<int:referral_id>/refusal")
@submits(PERMISSION)
def decline_referral(*, referral_id: int, session: Session) -> Any:
    """Say why the person cannot be taken."""

    def decline(decline_reason: str) -> None:
        answering.decline(session, referral_id, reason=decline_reason)

    return _done(session, referral_id, DeclineForm, decline)


@blueprint.post("/<int:referral_id>/handover")
@submits(PERMISSION)
def hand_over(*, referral_id: int, session: Session) -> Any:
    """Carry it out today: one bed is left, the other begins."""

    def hand(handover_note: str) -> None:
        carry_out(session, referral_id, on=clock.today(), note=handover_note)

    return _done(session, referral_id, HandoverForm, hand)


@blueprint.post("/<int:referral_id>/withdrawal")
@submits(PERMISSION)
def withdraw_referral(*, referral_id: int, session: Session) -> Any:
    """Take it back; a bed held for it is free again."""
    return _done(session, referral_id, ma.Schema, lambda: requesting.withdraw(session, referral_id))


def _ask(session: Session, values: dict[str, Any]) -> None:
    requesting.request_referral(
        session,
        resident_id=get_stay(session, values["stay"]).resident_id,
        from_stay_id=values["stay"],
        to_site_id=values["to_site"],
        to_kind=values["to_kind"],
        reason=values["referral_reason"],
        basis=values["basis"],
        keeps_bed=values["keeps_bed"],
        requested_by=RequestedBy.STAFF,
    )


def _done(session: Session, referral_id: int, form: type[ma.Schema], do: Callable[..., Any]) -> Any:
    values, errors = submitted(form)
    if errors:
        return _one(session, referral_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        return _one(session, referral_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("referrals.show_referral", referral_id=referral_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _list(session: Session, **facts: Any) -> str:
    reach = reach_of(actor_of(session), PERMISSION)
    where: dict[str, Any] = {"prefixes": reach.prefixes, "site_ids": reach.site_ids}
    return page(
        session,
        "admin/facilities/referrals.html",
        coming=queries.list_in(session, **where),
        going=queries.list_out(session, **where),
        stays=list_staying(session, **where),
        homes=list_with_beds(session),
        kinds=[(one.value, word("bed_kind", one)) for one in BedKind],
        reasons=[(one.value, word("referral_reason", one)) for one in ReferralReason],
        **facts,
    )


def _one(session: Session, referral_id: int, **facts: Any) -> str:
    referral = queries.get_shown(session, referral_id)
    reach = reach_of(actor_of(session), PERMISSION)
    beds = queries.list_free_beds(
        session, site_id=referral.to_site_id, kind=referral.to_kind, on=clock.today()
    )
    return page(
        session,
        "admin/facilities/referral.html",
        referral=referral,
        is_ours_to_answer=referral.to_site_id in reach.site_ids,
        beds=[(bed.id, bed.label) for bed in beds],
        today=clock.today(),
        **facts,
    )
