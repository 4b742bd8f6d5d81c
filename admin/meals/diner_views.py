"""Who eats at a sitting: on the screen, on paper and in a spreadsheet."""

from typing import Any

from flask import Blueprint, Response, render_template
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.meals.forms import DinersArgs
from admin.meals.reading import phase_of
from admin.pages import is_part, page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.models import BookingStatus
from server.meals.queries.bookings import list_diners
from server.meals.queries.sittings import get_sitting_within
from server.web.access import noted, reads

blueprint = Blueprint(
    "meals_diners", __name__, url_prefix="/meals/sittings", template_folder="templates"
)


@blueprint.get("/<int:sitting_id>/diners")
@reads("meals.see-canteen")
def show_diners(*, sitting_id: int, session: Session) -> str:
    """The list of a sitting, searched by name, pinyin or code; htmx asks for its table alone."""
    sitting = _sitting(session, sitting_id)
    filters = asked(DinersArgs)
    facts = {
        "sitting": sitting,
        "filters": filters,
        "diners": list_diners(session, sitting_id, **filters),
        "is_today": sitting.service_on == clock.today(),
        "as_of": clock.now(),
    }
    if is_part():
        return render_template("admin/meals/diners_table.html", **facts)
    phase = phase_of(sitting, now=clock.now())
    statuses = [(one.value, word("booking_status", one)) for one in BookingStatus]
    return page(session, "admin/meals/diners.html", phase=phase, statuses=statuses, **facts)


@blueprint.get(f"/<int:sitting_id>/diners.<any({CSV}, {XLSX}):ending>")
@noted
@reads("meals.see-canteen")
def export_diners(*, sitting_id: int, ending: str, session: Session) -> Response:
    """The same list as a file."""
    sitting = _sitting(session, sitting_id)
    headings = [_("Name"), _("Meal code"), _("State"), _("Collected at"), _("Pays, yuan"),
                _("Booked by")]  # fmt: skip
    rows = [_cells(diner) for diner in list_diners(session, sitting_id, **asked(DinersArgs))]
    name = f"{sitting.canteen_name}-{sitting.service_on}-{word('meal', sitting.meal)}"
    return export(ending, name, headings, rows)


def _sitting(session: Session, sitting_id: int) -> Row[Any]:
    reach = reach_of(actor_of(session), "meals.see-canteen")
    return get_sitting_within(session, sitting_id, prefixes=reach.prefixes, site_ids=reach.site_ids)


def _cells(diner: Row[Any]) -> list[Any]:
    return [
        diner.name,
        diner.code,
        word("booking_status", diner.status),
        diner.collected_at,
        in_yuan(diner.own_pay_fen),
        word("booked_by", diner.booked_by),
    ]
