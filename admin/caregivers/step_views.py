"""What is written into a caregiver's file: employments, contracts, certificates, degrees."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.caregivers.file_views import back, file_page
from admin.caregivers.forms import (
    CertificateForm,
    ContractForm,
    EducationForm,
    LeavingForm,
    OpeningForm,
    RecognitionForm,
    RenewalForm,
    TermsForm,
)
from admin.caregivers.reading import KEEP, VERIFY
from admin.forms import submitted
from admin.pictures import sent_picture
from server.caregivers import certifying, employing, register
from server.caregivers.certifying import CertificateSaid, EducationSaid
from server.caregivers.employing import ContractTerms, Terms
from server.errors import DomainError
from server.web.access import submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregiver_steps", __name__, url_prefix="/caregivers/<int:caregiver_id>",
    template_folder="templates",
)  # fmt: skip


@blueprint.post("/employments")
@submits(KEEP)
def take_on(*, caregiver_id: int, session: Session) -> Any:
    """Begin an employment at one's own site."""
    return _done(
        session,
        caregiver_id,
        TermsForm,
        lambda said: employing.take_on(session, caregiver_id, Terms(**said)),
    )


@blueprint.post("/employments/<int:employment_id>/terms")
@submits(KEEP)
def change_terms(*, caregiver_id: int, employment_id: int, session: Session) -> Any:
    """Another post, or part time: the one ends and the other begins."""
    return _done(
        session,
        caregiver_id,
        TermsForm,
        lambda said: employing.change_terms(session, employment_id, Terms(**said)),
        get=register.get_in_reach,
    )


@blueprint.post("/employments/<int:employment_id>/transfer")
@submits(KEEP)
def transfer(*, caregiver_id: int, employment_id: int, session: Session) -> Any:
    """To another site of the same provider; the file may be another's from then on."""
    values, errors = submitted(TermsForm)
    register.get_in_reach(session, caregiver_id)
    if errors:
        shown = file_page(session, caregiver_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        employing.transfer(session, employment_id, Terms(**values))
    except DomainError as refusal:
        return file_page(session, caregiver_id, refusal=refusal), STATUS[refusal.kind]
    return back(caregiver_id)


@blueprint.post("/employments/<int:employment_id>/end")
@submits(KEEP)
def leave(*, caregiver_id: int, employment_id: int, session: Session) -> Any:
    """They leave after a last day, for a reason."""
    return _done(
        session,
        caregiver_id,
        LeavingForm,
        lambda said: employing.leave(session, employment_id, **said),
        get=register.get_in_reach,
    )


@blueprint.post("/employments/<int:employment_id>/contracts")
@submits(KEEP)
def add_contract(*, caregiver_id: int, employment_id: int, session: Session) -> Any:
    """A contract, or the one that renews it."""

    def add(said: dict[str, Any]) -> object:
        last: date | None = said.pop("last_day")
        ends_on = last + timedelta(days=1) if last else None
        return employing.add_contract(
            session, employment_id, ContractTerms(ends_on=ends_on, **said)
        )

    return _done(session, caregiver_id, ContractForm, add, get=register.get_in_reach)


@blueprint.post("/certificates")
@submits(KEEP)
def add_certificate(*, caregiver_id: int, session: Session) -> Any:
    """Put a certificate down."""
    return _done(
        session,
        caregiver_id,
        CertificateForm,
        lambda said: certifying.add_certificate(session, caregiver_id, CertificateSaid(**said)),
    )


@blueprint.post("/certificates/<int:certificate_id>/renewal")
@submits(KEEP)
def renew(*, caregiver_id: int, certificate_id: int, session: Session) -> Any:
    """It lasts longer by now."""
    return _done(
        session,
        caregiver_id,
        RenewalForm,
        lambda said: certifying.renew_certificate(session, certificate_id, **said),
    )


@blueprint.post("/certificates/<int:certificate_id>/scan")
@submits(KEEP)
def put_scan(*, caregiver_id: int, certificate_id: int, session: Session) -> Any:
    """Put a scan beside a certificate."""
    caregiver = register.get_kept(session, caregiver_id)
    try:
        file = certifying.keep_scan(session, caregiver, sent_picture())
    except DomainError as refusal:
        return file_page(session, caregiver_id, refusal=refusal), STATUS[refusal.kind]
    certifying.attach_to_certificate(session, certificate_id, file.id or 0)
    return _to_certificate(caregiver_id, certificate_id)


@blueprint.post("/certificates/<int:certificate_id>/verification")
@submits(VERIFY)
def verify(*, caregiver_id: int, certificate_id: int, session: Session) -> Any:
    """The bureau found it in the issuer's register."""
    certifying.get_certificate_of(session, caregiver_id, certificate_id)
    certifying.verify_certificate(session, certificate_id)
    return _to_certificate(caregiver_id, certificate_id)


@blueprint.post("/certificates/<int:certificate_id>/annulment")
@submits(VERIFY, with_reason=True)
def annul(*, caregiver_id: int, certificate_id: int, session: Session) -> Any:
    """It counts no more; the reason stands in the trail."""
    _values, errors = submitted(OpeningForm)
    certifying.get_certificate_of(session, caregiver_id, certificate_id)
    if errors:
        shown = file_page(session, caregiver_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    certifying.annul_certificate(session, certificate_id)
    return _to_certificate(caregiver_id, certificate_id)


@blueprint.post("/education")
@submits(KEEP)
def add_education(*, caregiver_id: int, session: Session) -> Any:
    """Put a degree down, with what recognises it."""
    return _done(
        session,
        caregiver_id,
        EducationForm,
        lambda said: certifying.add_education(session, caregiver_id, EducationSaid(**said)),
    )


@blueprint.post("/education/<int:education_id>/recognition")
@submits(KEEP)
def recognise(*, caregiver_id: int, education_id: int, session: Session) -> Any:
    """The report that recognises a degree has come."""
    return _done(
        session,
        caregiver_id,
        RecognitionForm,
        lambda said: certifying.recognise_education(session, education_id, **said),
    )


def _to_certificate(caregiver_id: int, certificate_id: int) -> Any:
    there = url_for(
        "caregiver.show_certificate", caregiver_id=caregiver_id, certificate_id=certificate_id
    )
    return redirect(there, HTTPStatus.SEE_OTHER)


def _done(
    session: Session,
    caregiver_id: int,
    form: type[ma.Schema],
    do: Callable[[dict[str, Any]], object],
    *,
    get: Callable[[Session, int], object] = register.get_kept,
) -> Any:
    """Write what the form says into a file, one kept here at first, or show what was wrong."""
    get(session, caregiver_id)
    values, errors = submitted(form)
    if errors:
        shown = file_page(session, caregiver_id, errors=errors, typed=request.form)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(values)
    except DomainError as refusal:
        shown = file_page(session, caregiver_id, refusal=refusal, typed=request.form)
        return shown, STATUS[refusal.kind]
    return back(caregiver_id)
