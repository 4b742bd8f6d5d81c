"""Days at work of a month: all staff of a site on one screen, or a list that is taken in."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.caregivers.forms import SheetFilters, SheetForm
from admin.caregivers.reading import KEEP, last_month
from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.caregivers import attending, register
from server.caregivers.attendance_lists import LARGEST_LIST, take_in
from server.caregivers.errors import DaysImpossible
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.intake.errors import TableTooLarge, TableUnreadable
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "attendance", __name__, url_prefix="/caregivers/attendance", template_folder="templates"
)
SHEET = "admin/caregivers/attendance.html"
A_FIELD = "days-"


@blueprint.get("")
@reads(KEEP)
def show_sheet(*, session: Session) -> str:
    """The month before this one at one's first site, unless another is asked for."""
    return _sheet(session, **asked(SheetFilters))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(KEEP)
def export_sheet(*, ending: str, session: Session) -> Response:
    """The month as a file: filled in and sent back, it is a list that can be taken in."""
    wanted = asked(SheetFilters)
    site_id, month = _site(session, wanted["site_id"]), wanted["month"] or last_month()
    headings = [_("Name"), _("Post"), _("Days"), _("Known by")]
    sheet = attending.read_sheet(session, site_id, month)
    cells = (
        [row.name, word("post", row.post), row.days, word("attendance_source", row.source)
         if row.source else ""]
        for row in sheet.rows
    )  # fmt: skip
    return export(ending, _("Attendance {month}", month=f"{month:%Y-%m}"), headings, cells)


@blueprint.post("")
@submits(KEEP, with_reason=True)
def file_sheet(*, session: Session) -> Any:
    """Write down what was typed; rows left empty stay as they are."""
    values, errors = submitted(SheetForm)
    if errors:
        return _sheet(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    where = {"site_id": values["site_id"], "month": values["month"]}
    try:
        attending.file_month(session, **where, days=_typed_days(), reason=values["reason"])
    except DomainError as refusal:
        return _sheet(session, **where, refusal=refusal, typed=request.form), STATUS[refusal.kind]
    return _back(values)


@blueprint.post("/lists")
@submits(KEEP, with_reason=True)
def take_list_in(*, session: Session) -> Any:
    """Take in a list of the month as a whole, or say row by row what is to be mended."""
    values, errors = submitted(SheetForm)
    if errors:
        return _sheet(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    where = {"site_id": values["site_id"], "month": values["month"]}
    try:
        taken = take_in(session, _sent(), **where, reason=values["reason"])
    except DomainError as refusal:
        return _sheet(session, **where, refusal=refusal), STATUS[refusal.kind]
    if not taken.is_sound:
        found = [(one, _reason(one)) for one in taken.checked.findings_in_order]
        return _sheet(session, **where, findings=found), HTTPStatus.CONFLICT
    return _back(values)


def _back(values: dict[str, Any]) -> Any:
    there = url_for(
        ".show_sheet", site=values["site_id"], month=f"{values['month']:%Y-%m}", said="kept"
    )
    return redirect(there.replace("&said=kept", ""), HTTPStatus.SEE_OTHER)


def _reason(finding: Any) -> str:
    return pgettext("finding", finding.complaint.code, **finding.complaint.facts)


def _typed_days() -> dict[int, int]:
    """Return the days by caregiver; raises `DaysImpossible` for what is no number."""
    typed = {
        name.removeprefix(A_FIELD): value.strip()
        for name, value in request.form.items()
        if name.startswith(A_FIELD) and value.strip()
    }
    if not all(part.isascii() and part.isdigit() for pair in typed.items() for part in pair):
        raise DaysImpossible()
    return {int(who): int(days) for who, days in typed.items()}


def _sent() -> bytes:
    sent = request.files.get("list")
    if sent is None or set(request.files) != {"list"}:
        raise TableUnreadable()
    content = sent.read(LARGEST_LIST + 1)
    if len(content) > LARGEST_LIST:
        raise TableTooLarge(megabytes=1)
    return content


def _site(session: Session, site_id: int | None) -> int:
    """Return the site that is asked for, or one's first; raises `NotFound`."""
    if site_id is not None:
        return register.get_own_site(session, site_id).id or 0
    own: Sequence[Any] = register.list_own_sites(session, permission=KEEP)
    return own[0].id if own else 0


def _sheet(
    session: Session, *, site_id: int | None = None, month: date | None = None, **facts: Any
) -> str:
    where = _site(session, site_id)
    sheet = attending.read_sheet(session, where, month or last_month())
    own = register.list_own_sites(session, permission=KEEP)
    return page(
        session,
        SHEET,
        sheet=sheet,
        site_id=str(where),
        sites=[(str(one.id), one.name) for one in own],
        is_closed=sheet.is_closed,
        **{"typed": {}, "findings": []} | facts,
        as_of=clock.now(),
    )
