"""One caregiver's file: who, where they work, what they are certified for, and what is missing."""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.caregivers.forms import OpeningForm, ParticularsForm
from admin.caregivers.reading import KEEP, SEE, check_address, level_pairs, pairs
from admin.forms import submitted
from admin.identity.qr import qr_svg
from admin.pages import page
from server import clock, masking
from server.caregivers import (
    attending,
    breaching,
    certifying,
    linking,
    openings,
    register,
    registering,
    rules,
)
from server.caregivers.asking import proofs
from server.caregivers.errors import CaregiverFileClosed
from server.caregivers.missing import list_missing
from server.caregivers.models import (
    ID_NUMBER_FIELD,
    BreachKind,
    Degree,
    InsurancePayer,
    LeavingReason,
    Post,
)
from server.db.sessions import actor_of
from server.errors import DomainError
from server.identity.roles import reach_of
from server.secrets.fields import keyring
from server.web.access import reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregiver", __name__, url_prefix="/caregivers/<int:caregiver_id>", template_folder="templates"
)
MONTHS_SHOWN = 12


@blueprint.get("")
@reads(SEE)
def show_file(*, caregiver_id: int, session: Session) -> str:
    """All of it, the number and the account with stars until somebody says why."""
    return file_page(session, caregiver_id)


@blueprint.post("/openings")
@submits(SEE)
def open_file(*, caregiver_id: int, session: Session) -> Any:
    """Show the whole number for half an hour; who looked and why stays in the file."""
    values, errors = submitted(OpeningForm)
    register.get_in_reach(session, caregiver_id)
    if errors:
        shown = file_page(session, caregiver_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    openings.open_caregiver(session, caregiver_id, reason=values["reason"])
    return back(caregiver_id)


@blueprint.post("/particulars")
@submits(KEEP)
def change(*, caregiver_id: int, session: Session) -> Any:
    """Name, phone, account, sign-in."""
    values, errors = submitted(ParticularsForm)
    register.get_kept(session, caregiver_id)
    if errors:
        shown = file_page(session, caregiver_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        said = registering.Particulars(**values)
        registering.change_particulars(session, caregiver_id, said)
    except DomainError as refusal:
        return file_page(session, caregiver_id, refusal=refusal), STATUS[refusal.kind]
    return back(caregiver_id)


@blueprint.post("/unlinking")
@submits(KEEP)
def unlink(*, caregiver_id: int, session: Session) -> Any:
    """Take the phone's account off."""
    linking.unlink(session, caregiver_id)
    return back(caregiver_id)


@blueprint.get("/certificates/<int:certificate_id>")
@reads(SEE)
def show_certificate(*, caregiver_id: int, certificate_id: int, session: Session) -> str:
    """One certificate, with the QR code by which anybody checks it."""
    caregiver = register.get_in_reach(session, caregiver_id)
    certificate = certifying.get_certificate_of(session, caregiver_id, certificate_id)
    address = check_address(certificate.check_code)
    return page(
        session,
        "admin/caregivers/certificate.html",
        caregiver=caregiver,
        certificate=certificate,
        standing=certifying.standing_of(certificate, clock.today()),
        address=address,
        qr=qr_svg(address),
        is_kept=is_kept(session, caregiver.keeper_site_id),
        as_of=clock.now(),
    )


@blueprint.get("/papers/<int:file_id>")
@reads(SEE)
def show_paper(*, caregiver_id: int, file_id: int, session: Session) -> Response:
    """A scan of theirs; no cache keeps it."""
    register.get_in_reach(session, caregiver_id)
    is_theirs = file_id in proofs.list_file_ids(session, caregiver_id)
    return private_picture(session, file_id if is_theirs else None)


def file_page(session: Session, caregiver_id: int, **facts: Any) -> str:
    """Return the whole file; `facts` are what went wrong with its last form."""
    caregiver = register.get_in_reach(session, caregiver_id)
    employments = register.list_employments(session, caregiver_id)
    certificates = certifying.list_certificates(session, caregiver_id)
    numbers = [row.Employment.id for row in employments]
    kept = is_kept(session, caregiver.keeper_site_id)
    own_sites = _present_at(session, employments)
    chosen_at = [caregiver.keeper_site_id] if kept else own_sites
    today = clock.today()
    return page(
        session,
        "admin/caregivers/file.html",
        caregiver=caregiver,
        **_masked(session, caregiver),
        employments=employments,
        contracts=register.list_contracts(session, numbers),
        holds_until=rules.holds_until,
        certificates=[(one, certifying.standing_of(one, today)) for one in certificates],
        best=rules.best_of(certificates, today),
        education=certifying.list_education(session, caregiver_id),
        months=attending.list_months(
            session, caregiver_id, since=today - timedelta(days=31 * MONTHS_SHOWN)
        ),
        missing=list_missing(session, caregiver_ids=[caregiver_id], on=today)[caregiver_id],
        scans=[row.CaregiverProof for row in proofs.list_of(session, caregiver_id)],
        openings=openings.list_openings(session, caregiver_id),
        breaches=breaching.list_breaches(session, caregiver_id),
        breach_kinds=pairs("allowance_breach", BreachKind)
        if breaching.may_judge(session, caregiver)
        else [],
        is_kept=kept,
        own_sites=own_sites,
        **(_choices(session, chosen_at[0]) if chosen_at else {}),
        today=today,
        as_of=clock.now(),
        **facts,
    )


def is_kept(session: Session, site_id: int) -> bool:
    """True where the present person keeps the files of this site."""
    return site_id in reach_of(actor_of(session), KEEP).site_ids


def _present_at(session: Session, employments: Sequence[Any]) -> list[int]:
    """Return one's own sites that employ them, also beside whoever keeps the file."""
    present = [row.Employment.site_id for row in employments if row.Employment.ends_on is None]
    return [one for one in present if is_kept(session, one)]


def back(caregiver_id: int) -> Any:
    """Return the way back to the file."""
    return redirect(url_for("caregiver.show_file", caregiver_id=caregiver_id), HTTPStatus.SEE_OTHER)


def _masked(session: Session, caregiver: Any) -> dict[str, Any]:
    last = registering.last_of_account(caregiver)
    try:
        number, account = openings.reveal(session, caregiver)
        return {"id_number": number, "account": account, "is_open": True}
    except CaregiverFileClosed:
        number = keyring().decrypt(caregiver.id_number_cipher, ID_NUMBER_FIELD)
        account = f"**** {last}" if last else None
        return {"id_number": masking.id_number(number), "account": account, "is_open": False}


def _choices(session: Session, site_id: int) -> dict[str, Any]:
    return {
        "sites": register.list_own_sites(session, permission=KEEP),
        "sisters": register.list_sisters(session, site_id),
        "staff": [(str(one), name) for one, name in registering.list_staff(session, site_id)],
        "posts": pairs("post", Post),
        "payers": pairs("insurance_payer", InsurancePayer),
        "reasons": pairs("leaving_reason", LeavingReason),
        "degrees": pairs("degree", Degree),
        "levels": level_pairs(),
    }
