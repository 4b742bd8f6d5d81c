"""Who stands in for whom at the desk of claims, and on which days."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.pages import page
from admin.subsidy_claims.forms import StandInForm
from admin.subsidy_claims.reading import CHECK
from admin.subsidy_money.reading import NoForm, step
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.subsidies.claims import standing_in
from server.subsidies.claims.offices import list_officers
from server.web.access import reads, submits

blueprint = Blueprint(
    "subsidy_stand_ins",
    __name__,
    url_prefix="/subsidies/claims/stand-ins",
    template_folder="templates",
)
A_DAY = timedelta(days=1)


@blueprint.get("")
@reads(CHECK)
def list_all(*, session: Session) -> str:
    """Whom one named, for whom one was named, and the form for another."""
    return _list(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(CHECK)
def export_stand_ins(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Who is away"), _("Who stands in"), _("First day"), _("Last day"), _("State"),
                _("Words")]  # fmt: skip
    return export(
        ending, _("Stand-ins"), headings, map(_cells, standing_in.list_stand_ins(session))
    )


@blueprint.post("")
@submits(CHECK)
def name(*, session: Session) -> Any:
    """Let a colleague decide in one's place, both days counted."""
    return step(
        StandInForm,
        lambda **values: standing_in.name_stand_in(session, **values),
        lambda **facts: _list(session, **facts),
        url_for(".list_all"),
    )


@blueprint.post("/<int:stand_in_id>/end")
@submits(CHECK)
def end(*, stand_in_id: int, session: Session) -> Any:
    """Take the word back at once."""
    return step(
        NoForm,
        lambda: standing_in.end_stand_in(session, stand_in_id),
        lambda **facts: _list(session, **facts),
        url_for(".list_all"),
    )


def state_of(row: Row[Any]) -> str:
    """Return the code of how it stands."""
    named, today = row.SubsidyStandIn, clock.today()
    if named.ended_at is not None:
        return "taken_back"
    if named.ends_on <= today:
        return "over"
    return "coming" if named.starts_on > today else "stands"


def last_day(row: Row[Any]) -> Any:
    """Return the last day on which somebody stands in."""
    return row.SubsidyStandIn.ends_on - A_DAY


def _list(session: Session, **facts: Any) -> str:
    own = actor_of(session).staff_id
    officers = list_officers(session, besides=own)
    return page(
        session,
        "admin/subsidy_claims/stand_ins.html",
        rows=standing_in.list_stand_ins(session),
        officers=[(str(one.id), one.display_name) for one in officers],
        own_id=own,
        state_of=state_of,
        last_day=last_day,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _cells(row: Row[Any]) -> list[Any]:
    named, away, stands_in = tuple(row)
    return [away, stands_in, named.starts_on, last_day(row), word("stand_in_state", state_of(row)),
            named.words]  # fmt: skip
