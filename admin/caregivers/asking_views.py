"""What waits for a yes: scans from phones, and sites that ask for one's people."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.caregivers.file_views import back
from admin.caregivers.forms import CertificateForm, EducationForm, LetGoForm, SaidForm
from admin.caregivers.reading import KEEP, level_pairs, pairs
from admin.forms import submitted
from admin.pages import page
from server import clock
from server.caregivers import register
from server.caregivers.asking import proofs, takeovers
from server.caregivers.certifying import CertificateSaid, EducationSaid
from server.caregivers.models import Degree
from server.errors import DomainError
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregivers_asking", __name__, url_prefix="/caregivers", template_folder="templates"
)


@blueprint.get("/takeovers")
@reads(KEEP)
def list_takeovers(*, session: Session) -> str:
    """Who is asked for, by whom, and what became of it."""
    return _takeovers(session)


@blueprint.post("/takeovers/<int:takeover_id>/yes")
@submits(KEEP)
def let_go(*, takeover_id: int, session: Session) -> Any:
    """They may go after a last day."""
    values, errors = submitted(LetGoForm)
    if errors:
        return _takeovers(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    ends_on = values["last_day"] + timedelta(days=1)
    try:
        takeovers.let_go(session, takeover_id, ends_on=ends_on)
    except DomainError as refusal:
        return _takeovers(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_takeovers"), HTTPStatus.SEE_OTHER)


@blueprint.post("/takeovers/<int:takeover_id>/no")
@submits(KEEP)
def keep(*, takeover_id: int, session: Session) -> Any:
    """They stay, and whoever asked reads why."""
    values, errors = submitted(SaidForm)
    if errors:
        return _takeovers(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        takeovers.keep(session, takeover_id, **values)
    except DomainError as refusal:
        return _takeovers(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_takeovers"), HTTPStatus.SEE_OTHER)


@blueprint.post("/takeovers/<int:takeover_id>/withdrawal")
@submits(KEEP)
def withdraw(*, takeover_id: int, session: Session) -> Any:
    """Take the question back."""
    try:
        takeovers.withdraw(session, takeover_id)
    except DomainError as refusal:
        return _takeovers(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_takeovers"), HTTPStatus.SEE_OTHER)


@blueprint.get("/scans")
@reads(KEEP)
def list_scans(*, session: Session) -> str:
    """Scans that wait, the oldest first."""
    rows = proofs.list_waiting(session)
    return page(session, "admin/caregivers/scans.html", rows=rows, as_of=clock.now())


@blueprint.get("/scans/<int:proof_id>")
@reads(KEEP)
def show_scan(*, proof_id: int, session: Session) -> str:
    """The scan, and what it shows to be typed in beside it."""
    return _scan(session, proof_id)


@blueprint.post("/scans/<int:proof_id>/certificate")
@submits(KEEP)
def confirm_certificate(*, proof_id: int, session: Session) -> Any:
    """It shows a certificate."""
    return _settled(
        session,
        proof_id,
        CertificateForm,
        lambda said: proofs.confirm_certificate(session, proof_id, CertificateSaid(**said)),
    )


@blueprint.post("/scans/<int:proof_id>/education")
@submits(KEEP)
def confirm_education(*, proof_id: int, session: Session) -> Any:
    """It shows a degree."""
    return _settled(
        session,
        proof_id,
        EducationForm,
        lambda said: proofs.confirm_education(session, proof_id, EducationSaid(**said)),
    )


@blueprint.post("/scans/<int:proof_id>/refusal")
@submits(KEEP)
def refuse_scan(*, proof_id: int, session: Session) -> Any:
    """It shows nothing that can be used."""
    return _settled(
        session, proof_id, SaidForm, lambda said: proofs.refuse_proof(session, proof_id, **said)
    )


def _settled(
    session: Session,
    proof_id: int,
    form: type[ma.Schema],
    do: Callable[[dict[str, Any]], Any],
) -> Any:
    values, errors = submitted(form)
    if errors:
        return _scan(session, proof_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with session.begin_nested():
            proof = do(values)
    except DomainError as refusal:
        return _scan(session, proof_id, refusal=refusal), STATUS[refusal.kind]
    return back(proof.caregiver_id)


def _scan(session: Session, proof_id: int, **facts: Any) -> str:
    proof = proofs.get_own(session, proof_id)
    return page(
        session,
        "admin/caregivers/scan.html",
        proof=proof,
        caregiver=register.get_in_reach(session, proof.caregiver_id),
        levels=level_pairs(),
        degrees=pairs("degree", Degree),
        **facts,
    )


def _takeovers(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/caregivers/takeovers.html",
        rows=takeovers.list_takeovers(session),
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )
