"""What the county reads: who was trained by kind and month, how many passed, costs and subsidy."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.pages import page
from admin.training.forms import YearFilters
from admin.training.reading import SEE, reach
from admin.words import word
from server import clock
from server.caregivers.training import summing
from server.i18n.catalogues import gettext as _
from server.web.access import noted, reads

blueprint = Blueprint(
    "training_sums", __name__, url_prefix="/training/overview", template_folder="templates"
)
MONTHS = range(1, 13)


@blueprint.get("")
@reads(SEE)
def show_year(*, session: Session) -> str:
    """A year: trained by kind and month, pass rates, costs and subsidy by session."""
    year = _year()
    trained = summing.trained_of(session, reach(session), year=year, now=clock.now())
    money = summing.money_of(session, reach(session), year=year, now=clock.now())
    by_month = {(row.kind, row.month): row.trained for row in trained}
    kinds = sorted({row.kind for row in trained})
    totals = [sum(by_month.get((kind, month), 0) for kind in kinds) for month in MONTHS]
    return page(
        session,
        "admin/training/overview.html",
        year=year,
        months=list(MONTHS),
        kinds=kinds,
        by_month=by_month,
        totals=totals,
        highest=max([*totals, 1]),
        passed=summing.passed_of(session, reach(session), year=year),
        money=money,
        together={
            name: sum(getattr(row, name) for row in money)
            for name in ("enrolled", "cost_fen", "entitled", "subsidy_fen")
        },
        as_of=clock.now(),
    )


@blueprint.get(f"/trained/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_trained(*, ending: str, session: Session) -> Response:
    """Who was trained, as a file."""
    headings = [_("Kind"), _("Month"), _("Enrolled"), _("Trained")]
    rows = (
        [word("course_kind", row.kind), row.month, row.enrolled, row.trained]
        for row in summing.trained_of(session, reach(session), year=_year(), now=clock.now())
    )
    return export(ending, _("Trained by kind and month"), headings, rows)


@blueprint.get(f"/money/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_money(*, ending: str, session: Session) -> Response:
    """Costs and subsidy by session, as a file."""
    headings = [_("Course"), _("Kind"), _("From"), _("Until"), _("Kept by"), _("Enrolled"),
                _("Teaching (yuan)"), _("Rooms (yuan)"), _("Material (yuan)"), _("Exam (yuan)"),
                _("Costs (yuan)"), _("Bring a subsidy"), _("Subsidy (yuan)")]  # fmt: skip
    found = summing.money_of(session, reach(session), year=_year(), now=clock.now())
    return export(ending, _("Costs and subsidy of courses"), headings, map(_cells, found))


def _cells(row: Any) -> list[Any]:
    fens = (row.teaching_fen, row.venue_fen, row.material_fen, row.exam_fen, row.cost_fen)
    return [row.course, word("course_kind", row.kind), row.starts_at, row.ends_at,
            row.site_name or row.division, row.enrolled, *map(in_yuan, fens), row.entitled,
            in_yuan(int(row.subsidy_fen))]  # fmt: skip


def _year() -> int:
    wanted: int | None = asked(YearFilters)["year"]
    return wanted or clock.today().year
