"""90 天内到期: papers and star levels that end soon or have ended, the soonest first."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.pages import page
from admin.providers.reading import PERMISSION, own_reach
from admin.providers.site_forms import A_DAY
from admin.words import word
from server import clock
from server.i18n.catalogues import gettext as _
from server.providers.details import Expiring, list_expiring
from server.web.access import reads

blueprint = Blueprint(
    "expiring", __name__, url_prefix="/providers/expiring", template_folder="templates"
)

DAYS_AHEAD = 90


@blueprint.get("")
@reads(PERMISSION)
def list_papers(*, session: Session) -> str:
    """Of one's own sites, or of those under one's office."""
    return page(
        session,
        "admin/providers/expiring.html",
        rows=_rows(session),
        days=DAYS_AHEAD,
        today=clock.today(),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def export_papers(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Site"), _("Division"), _("What"), _("Number"), _("Last day"), _("Days left")]
    name = _("Papers that end within {days} days", days=DAYS_AHEAD)
    return export(ending, name, headings, (_cells(row) for row in _rows(session)))


def _rows(session: Session) -> Sequence[Row[Any]]:
    reach = own_reach(session)
    until = clock.today() + timedelta(days=DAYS_AHEAD)
    return list_expiring(session, Expiring(reach.prefixes, reach.site_ids, until))


def _cells(row: Row[Any]) -> list[Any]:
    last_day = row.ends_on - A_DAY
    what = word("stars", row.number) if row.what == "star" else word("paper_kind", row.what)
    number = "" if row.what == "star" else row.number
    left = (last_day - clock.today()).days
    return [row.site_name, row.division_code, what, number, last_day, left]
