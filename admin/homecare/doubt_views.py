"""What is to be looked at of a day: late, missed, outside, not left, not confirmed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.homecare.forms import DoubtFilters, Span
from admin.homecare.reading import SEE, days_of, scope
from admin.pages import page
from admin.words import word
from server import clock
from server.homecare.visits import queries
from server.homecare.visits.doubts import Doubt, Doubtful, get_limits, list_doubtful
from server.i18n.catalogues import gettext as _
from server.web.access import reads

blueprint = Blueprint(
    "care_doubts", __name__, url_prefix="/care/exceptions", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_doubts(*, session: Session) -> str:
    """The visits of a day of which something is to be looked at."""
    filters = asked(DoubtFilters)
    day = filters["day"] or clock.today()
    found = _of_day(session, day)
    return page(
        session,
        "admin/homecare/doubts.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        counts=Counter(doubt for one in found for doubt in one.doubts),
        doubts=list(Doubt),
        shown=_within(found, filters["doubt"]),
        chosen_doubt=filters["doubt"],
        corrections=queries.list_corrections(session, scope(session)),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_doubts(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    filters = asked(DoubtFilters)
    shown = _within(_of_day(session, filters["day"] or clock.today()), filters["doubt"])
    headings = [_("Day"), _("Time"), _("Care worker"), _("The elder"), _("To be looked at"),
                _("Metres from the home")]  # fmt: skip
    return export(ending, _("Visits to be looked at"), headings, map(_cells, shown))


@blueprint.get(f"/corrections.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_corrections(*, ending: str, session: Session) -> Response:
    """Every correction of the day's month as a file, decided or not."""
    days = days_of(asked(DoubtFilters)["day"], Span.MONTH)
    rows = queries.list_all_corrections(session, scope(session), first=days[0], last=days[-1])
    headings = [_("Visit"), _("The elder"), _("Provider"), _("Arrived"), _("Went away"), _("Why"),
                _("Asked by"), _("State"), _("Decided by"), _("Decided at")]  # fmt: skip
    cells = (
        [one.starts_at, one.resident_name, one.site_name, one.arrived_at, one.left_at, one.reason,
         one.asked_by_name, word("correction_state", one.state), one.decided_by_name,
         one.decided_at]
        for one in rows
    )  # fmt: skip
    return export(ending, _("Corrections"), headings, cells)


def _of_day(session: Session, day: date) -> list[Doubtful]:
    rows = queries.list_of_sites(session, scope(session), first=day, last=day)
    return list_doubtful(rows, get_limits(session))


def _within(found: Sequence[Doubtful], doubt: Doubt | None) -> list[Doubtful]:
    return [one for one in found if doubt is None or doubt in one.doubts]


def _cells(one: Doubtful) -> list[Any]:
    said = "、".join(word("visit_doubt", doubt) for doubt in one.doubts)
    starts = f"{one.row.starts_at.astimezone(clock.CITY):%H:%M}"
    row = one.row
    return [row.service_on, starts, row.worker_name, row.resident_name, said, one.metres_off]
