"""What is ordered for every week at a canteen, what could not be booked, and who waits."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.meals.forms import CanteenArgs
from admin.meals.reading import canteens_of, choose_canteen
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.meals.standing import queries
from server.meals.standing.refusals import words_of
from server.meals.standing.rules import days_of_week
from server.meals.waiting.queries import list_line
from server.web.access import noted, reads

blueprint = Blueprint(
    "meals_standing", __name__, url_prefix="/meals/standing", template_folder="templates"
)
PERMISSION = "meals.see-canteen"


@blueprint.get("")
@reads(PERMISSION)
def show_standing(*, session: Session) -> str:
    """The canteen's standing orders, the days that failed, and the lines."""
    canteens = canteens_of(session, PERMISSION)
    canteen = choose_canteen(canteens, asked(CanteenArgs)["canteen"])
    facts: dict[str, Any] = {"canteens": canteens, "canteen": canteen}
    if canteen is not None:
        today = clock.today()
        facts |= {
            "orders": queries.list_orders_of_canteen(session, canteen.id),
            "refused": queries.list_refusals(session, canteen_id=canteen.id, today=today),
            "line": list_line(session, canteen.id, since=today),
        }
    return page(
        session, "admin/meals/standing.html", days_of_week=days_of_week, why=words_of, **facts
    )  # fmt: skip


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(PERMISSION)
def export_standing(*, ending: str, session: Session) -> Response:
    """The standing orders as a file."""
    canteen = choose_canteen(canteens_of(session, PERMISSION), asked(CanteenArgs)["canteen"])
    if canteen is None:
        raise NotFound()
    headings = [_("Name"), _("Meal"), _("Weekdays"), _("Diet"), _("Handed out"), _("From"),
                _("Until")]  # fmt: skip
    rows = queries.list_orders_of_canteen(session, canteen.id)
    return export(ending, f"{canteen.name}-{_('Standing orders')}", headings, map(_cells, rows))


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.resident_name,
        word("meal", row.meal),
        _(", ").join(word("weekday", str(day)) for day in days_of_week(row.weekdays)),
        word("diet", row.diet),
        word("handing", row.handing),
        row.starts_on,
        row.ends_on,
    ]
