"""Claims as lists: what one's sites can claim by now, what was claimed, and an elder's own."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import ColumnElement, Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_claims import reading
from admin.subsidy_claims.forms import BeginForm, BeginForOneForm, ClaimFilters
from admin.subsidy_claims.reading import ASK, SEE_CLAIMS
from admin.subsidy_money.reading import pairs
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.subsidies.claims import queries
from server.subsidies.claims.asking import begin_claim, list_missing
from server.subsidies.claims.claimants import Who, claims_within, get_who, list_sites, reaches
from server.subsidies.claims.foreseeing import list_known
from server.subsidies.claims.models import Claimant, ClaimState
from server.subsidies.claims.openings import list_openings
from server.subsidies.claims.queries import Wanted
from server.subsidies.own.lines import Whose
from server.subsidies.own.owed import list_owed
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_claims", __name__, url_prefix="/subsidies/claims", template_folder="templates"
)


@blueprint.get("")
@reads(SEE_CLAIMS)
def list_all(*, session: Session) -> str:
    """What can be claimed by now with its deadline, and every claim within reach."""
    return _list(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_CLAIMS)
def export_claims(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    rows = queries.list_claims(session, _within(session), _wanted())
    return export(ending, _("Claims for subsidies"), headings(), map(cells, rows))


@blueprint.post("")
@submits(ASK)
def begin(*, session: Session) -> Any:
    """Begin a claim of one's own site, filled with what the platform knows."""
    values, errors = submitted(BeginForm)
    if errors:
        return _list(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    site_id = values.pop("claimant_id")
    if site_id not in reach_of(actor_of(session), ASK).site_ids:
        raise NotFound()
    try:
        claim = begin_claim(session, claimant=Claimant.SITE, claimant_id=site_id, **values)
    except DomainError as refusal:
        return _list(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(_there(claim.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/of-elder/<int:resident_id>")
@reads(ASK)
def show_elder(*, resident_id: int, session: Session) -> str:
    """What an elder at the window can claim, and has claimed."""
    return _person(session, _elder(session, resident_id))


@blueprint.post("/of-elder/<int:resident_id>")
@submits(ASK)
def begin_for_elder(*, resident_id: int, session: Session) -> Any:
    """Begin a claim on behalf of the elder at the window."""
    return _begun(session, _elder(session, resident_id))


@blueprint.get("/of-caregiver/<int:caregiver_id>")
@reads(ASK)
def show_caregiver(*, caregiver_id: int, session: Session) -> str:
    """What a caregiver of one's own site can claim, and has claimed."""
    return _person(session, _caregiver(session, caregiver_id))


@blueprint.post("/of-caregiver/<int:caregiver_id>")
@submits(ASK)
def begin_for_caregiver(*, caregiver_id: int, session: Session) -> Any:
    """Begin a claim on behalf of a caregiver of one's own site."""
    return _begun(session, _caregiver(session, caregiver_id))


def headings() -> list[str]:
    """Return what stands over claims in a file."""
    return [_("Number"), _("Programme"), _("Months"), _("Kind of claimant"), _("Claimant"),
            _("State"), _("Cases"), _("Expected (yuan)"), _("Handed in at"),
            _("To be decided until"), _("Words")]  # fmt: skip


def cells(row: Row[Any]) -> list[Any]:
    """Return a claim as a row of a file."""
    return [
        row.id, reading.spoken(row.programme_name), reading.months_of(row),
        word("claimant", row.claimant), named(row), word("subsidy_claim_state", row.state),
        row.cases, in_yuan(row.expected_fen), row.handed_in_at, row.due_on, row.words,
    ]  # fmt: skip


def named(row: Row[Any]) -> str:
    """Return who claims: a site by its name, a person by a masked one."""
    if row.claimant is Claimant.SITE:
        return str(row.site_name)
    return masking.name(row.name) if row.name else "—"


def _wanted() -> Wanted:
    filters = asked(ClaimFilters)
    is_late = filters.pop("is_late")
    return Wanted(**filters, is_late_on=clock.today() if is_late else None)


def _within(session: Session) -> ColumnElement[bool]:
    return claims_within(reach_of(actor_of(session), SEE_CLAIMS))


def _there(claim_id: int | None) -> str:
    return url_for("subsidy_claim.show_claim", subsidy_claim_id=claim_id)


def _elder(session: Session, resident_id: int) -> Who:
    who = get_who(session, Claimant.RESIDENT, resident_id)
    if not reaches(reach_of(actor_of(session), ASK), who):
        raise NotFound()
    return who


def _caregiver(session: Session, caregiver_id: int) -> Who:
    """Whoever keeps the file claims for them, as the programmes have it."""
    who = get_who(session, Claimant.CAREGIVER, caregiver_id)
    if who.site_id not in reach_of(actor_of(session), ASK).site_ids:
        raise NotFound()
    return who


def _begun(session: Session, who: Who) -> Any:
    values, errors = submitted(BeginForOneForm)
    if errors:
        return _person(session, who, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        claim = begin_claim(session, claimant=who.claimant, claimant_id=who.claimant_id, **values)
    except DomainError as refusal:
        return _person(session, who, refusal=refusal), STATUS[refusal.kind]
    return redirect(_there(claim.id), HTTPStatus.SEE_OTHER)


def _person(session: Session, who: Who, **facts: Any) -> str:
    rows = queries.list_of(session, who.claimant, [who.claimant_id])
    openings = reading.by_programme(list_openings(session, [who]))
    is_elder = who.claimant is Claimant.RESIDENT
    return page(
        session,
        "admin/subsidy_claims/person.html",
        who=who,
        begins=url_for(".begin_for_elder", resident_id=who.claimant_id)
        if is_elder
        else url_for(".begin_for_caregiver", caregiver_id=who.claimant_id),
        openings=openings,
        known=list_known(session, who, [one.programme for one in openings if one.months]),
        owed=_owed(session, who),
        rows=rows,
        missing=list_missing(session, rows),
        reading=reading,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _owed(session: Session, who: Who) -> list[Row[Any]]:
    """What is still owed back, for whoever asks at the window and has no phone to look at."""
    residents = [who.resident_id] if who.resident_id is not None else []
    with reaching_everywhere(session):
        rows = list_owed(session, Whose(residents, who.caregiver_id))
    return [row for row in rows if row.left_fen > 0]


def _list(session: Session, **facts: Any) -> str:
    wanted, within, actor = _wanted(), _within(session), actor_of(session)
    rows = queries.list_claims(session, within, wanted)
    sites = list_sites(session, reach_of(actor, ASK)) if may(actor, ASK) else []
    return page(
        session,
        "admin/subsidy_claims/claims.html",
        rows=rows,
        wanted=wanted,
        missing=list_missing(session, rows),
        openings=reading.by_programme(list_openings(session, sites)) if sites else [],
        is_own=bool(sites),
        programmes=reading.programmes(queries.list_programmes(session, within)),
        states=pairs("subsidy_claim_state", ClaimState),
        claimants=pairs("claimant", Claimant),
        named=named,
        reading=reading,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )
