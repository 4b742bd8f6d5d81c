"""How elders rated visits: the rows behind every number of satisfaction."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.homecare.forms import RatingFilters
from admin.homecare.reading import SEE, scope
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.homecare.visits.wishes import Wanted, list_ratings
from server.i18n.catalogues import gettext as _
from server.web.access import reads

blueprint = Blueprint(
    "care_ratings", __name__, url_prefix="/care/ratings", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_ratings(*, session: Session) -> str:
    """The ratings that fit, the latest first."""
    filters = asked(RatingFilters)
    return page(
        session,
        "admin/homecare/ratings.html",
        ratings=_rows(session, filters),
        filters=filters,
        asked_for=_in_address(filters),
        faces=[(one, word("face_said", one)) for one in ("3", "2", "1")],
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_ratings(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Day"), _("Provider"), _("Cared for"), _("Care worker"), _("Face"),
                _("In their words")]  # fmt: skip
    cells = (
        [one.service_on, one.site_name, masking.name(one.resident_name or ""), one.worker_name,
         word("face_said", str(one.score)), one.words]
        for one in _rows(session, asked(RatingFilters))
    )  # fmt: skip
    return export(ending, _("Ratings"), headings, cells)


def _rows(session: Session, filters: dict[str, Any]) -> Any:
    wanted = Wanted(
        month=filters["month"], site_id=filters["site_id"], home_bed_id=filters["home_bed_id"]
    )
    return list_ratings(session, scope(session), wanted, score=filters["score"])


def _in_address(filters: dict[str, Any]) -> dict[str, str]:
    named = {name: value for name, value in filters.items() if value and name != "month"}
    month = {"month": f"{filters['month']:%Y-%m}"} if filters["month"] else {}
    return {name: str(value) for name, value in named.items()} | month
