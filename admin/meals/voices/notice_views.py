"""公告: what a canteen tells its eaters, or a county those of all its canteens."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.meals.reading import canteens_of
from admin.meals.voices.forms import NoticeForm
from admin.meals.voices.voice_views import SEE
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.voices import queries, service
from server.web.access import reads, submits

blueprint = Blueprint(
    "meal_notices", __name__, url_prefix="/meals/notices", template_folder="templates"
)
ANNOUNCE = "meals.announce"


@blueprint.get("")
@reads(SEE)
def list_notices(*, session: Session) -> str:
    """What was announced, the latest first, and a form for another."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_notices(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Canteen"), _("Title"), _("Text"), _("From"), _("Until"), _("Taken back")]
    rows = (
        [row.site_name or _("all canteens"), row.title, row.words, row.starts_on, row.ends_on,
         row.withdrawn_at]
        for row in _rows(session, SEE)
    )  # fmt: skip
    return export(ending, _("Announcements"), headings, rows)


@blueprint.post("")
@submits(ANNOUNCE)
def announce(*, session: Session) -> Any:
    """Announce it; a county without naming a canteen speaks to all of them."""
    values, errors = submitted(NoticeForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    service.announce(session, **values, division_code=_place(session, values["site_id"]))
    return redirect(url_for(".list_notices"), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:notice_id>/withdrawal")
@submits(ANNOUNCE)
def withdraw(*, notice_id: int, session: Session) -> Any:
    """Take an announcement back."""
    if notice_id not in {row.id for row in _rows(session, ANNOUNCE)}:
        raise NotFound()
    service.withdraw_notice(session, notice_id)
    return redirect(url_for(".list_notices"), HTTPStatus.SEE_OTHER)


def _place(session: Session, site_id: int | None) -> str | None:
    """None for a canteen of one's own; else the place that the office is over."""
    if site_id is not None:
        if site_id not in {row.id for row in canteens_of(session, ANNOUNCE)}:
            raise NotFound()
        return None
    prefixes = reach_of(actor_of(session), ANNOUNCE).prefixes
    if not prefixes:
        raise NotFound()
    return str(min(prefixes, key=len))


def _page(session: Session, **facts: Any) -> str:
    reach = reach_of(actor_of(session), ANNOUNCE)
    return page(
        session,
        "admin/meals/voices/notices.html",
        notices=_rows(session, SEE),
        canteens=[(str(row.id), row.name) for row in canteens_of(session, ANNOUNCE)],
        is_over_a_place=bool(reach.prefixes),
        today=clock.today(),
        **facts,
    )


def _rows(session: Session, permission: str) -> Any:
    reach = reach_of(actor_of(session), permission)
    return queries.list_notices(session, reach.prefixes, reach.site_ids)
