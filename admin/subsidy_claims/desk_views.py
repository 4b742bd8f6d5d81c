"""The desk of an office: claims that wait for it by the day they are due, and many let through."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import ColumnElement, Row
from sqlmodel import Session, col, select

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_claims import reading
from admin.subsidy_claims.forms import AllForm, DeskFilters
from admin.subsidy_claims.own_views import cells, headings, named
from admin.subsidy_claims.reading import CHECK
from server import clock
from server.db.sessions import reaching_everywhere
from server.i18n.catalogues import gettext as _
from server.subsidies.claims import deciding, queries
from server.subsidies.claims.models import SubsidyClaim
from server.subsidies.claims.offices import Office, offices_of, waiting_for
from server.subsidies.claims.queries import Wanted
from server.web.access import noted, reads, submits

blueprint = Blueprint(
    "subsidy_claim_desk", __name__, url_prefix="/subsidies/claims/desk", template_folder="templates"
)
LOOKED_AT = 200


@blueprint.get("")
@reads(CHECK)
def show_desk(*, session: Session) -> str:
    """What waits, the most urgent first; what is clean can be let through together."""
    return _desk(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(CHECK)
def export_desk(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    rows = _waiting(session, waiting_for(offices_of(session)), _wanted())
    return export(ending, _("Claims that wait"), headings(), map(cells, rows))


@blueprint.post("/acceptance")
@submits(CHECK)
def let_all_through(*, session: Session) -> Any:
    """Let the ticked claims through that are clean; the others stay, and are counted."""
    values, errors = submitted(AllForm)
    if errors:
        return _desk(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    own = {row.id for row in _waiting(session, waiting_for(offices_of(session)), Wanted())}
    passed = deciding.let_all_through(session, [one for one in values["claim"] if one in own])
    return _desk(session, passed=passed)


def _wanted() -> Wanted:
    filters = asked(DeskFilters)
    is_late = filters.pop("is_late")
    return Wanted(**filters, is_late_on=clock.today() if is_late else None)


def _waiting(session: Session, within: ColumnElement[bool], wanted: Wanted) -> Sequence[Row[Any]]:
    with reaching_everywhere(session):
        return queries.list_claims(session, within, wanted)


def _clean(session: Session, rows: Sequence[Row[Any]], offices: Sequence[Office]) -> set[int]:
    """Return which of the first claims could be let through together."""
    ids = [row.id for row in rows[:LOOKED_AT]]
    with reaching_everywhere(session):
        query = select(SubsidyClaim).where(col(SubsidyClaim.id).in_(ids))
        claims = session.exec(query.order_by(col(SubsidyClaim.id))).all()
        return {claim.id or 0 for claim, _, _ in deciding.list_clean(session, claims, offices)}


def _desk(session: Session, **facts: Any) -> str:
    wanted, offices = _wanted(), offices_of(session)
    within = waiting_for(offices)
    rows = _waiting(session, within, wanted)
    with reaching_everywhere(session):
        counts = queries.count_waiting(session, within, clock.today())
        programmes = queries.list_programmes(session, within)
    return page(
        session,
        "admin/subsidy_claims/desk.html",
        rows=rows,
        wanted=wanted,
        counts=counts,
        clean=_clean(session, rows, offices),
        programmes=reading.programmes(programmes),
        stands_in=any(one.for_staff_id for one in offices),
        named=named,
        reading=reading,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )
