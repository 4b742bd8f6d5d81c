"""How many caregivers there are, where, and of which level, for the offices over them."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.caregivers.reading import LEVELS, SEE
from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.pages import page
from server import clock
from server.caregivers import counting, register
from server.i18n.catalogues import gettext as _
from server.web.access import reads
from server.web.blueprints import StrictSchema

# The day itself is among them, as on the list.
ENDING = timedelta(days=90 + 1)

blueprint = Blueprint(
    "caregivers_overview", __name__, url_prefix="/caregivers/overview", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_overview(*, session: Session) -> str:
    """Those at work today by site and by level; each figure opens its people."""
    asked(StrictSchema)
    counts = counting.count_at_work(session, on=clock.today())
    soon = clock.today() + ENDING
    by_level = {row.level: row.people for row in counts.levels}
    bars = [(level, by_level.get(level, 0)) for level in (None, *LEVELS)]
    return page(
        session,
        "admin/caregivers/overview.html",
        counts=counts,
        bars=bars,
        tallest=max([people for _level, people in bars] + [1]),
        ending=register.count_caregivers(session, register.Filter(ends_before=soon)),
        two_employers=register.count_caregivers(session, register.Filter(two_employers=True)),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_overview(*, ending: str, session: Session) -> Response:
    """The counts as a file."""
    asked(StrictSchema)
    headings = [_("County"), _("Site"), _("At work"), _("Front line"), _("Certified"),
                _("Level three and higher")]  # fmt: skip
    rows = counting.count_at_work(session, on=clock.today()).rows
    return export(ending, _("Caregivers by site"), headings, map(_cells, rows))


def _cells(row: Any) -> list[Any]:
    return [row.county_name or "", row.name, row.people, row.front_line, row.certified,
            row.senior]  # fmt: skip
