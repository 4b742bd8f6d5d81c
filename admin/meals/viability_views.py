"""食堂经营: the canteens of a county over four weeks, what stands still first."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import ColumnElement
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.meals.forms import ViabilityFilters
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.viability.queries import Viability, list_viability
from server.meals.viability.rules import Standing
from server.providers.queries import within
from server.web.access import reads

blueprint = Blueprint(
    "meals_viability", __name__, url_prefix="/meals/viability", template_folder="templates"
)
SEE = "meals.see-overview"


@blueprint.get("")
@reads(SEE)
def show_viability(*, session: Session) -> str:
    """Each canteen with its days, its money and how it stands."""
    wanted = asked(ViabilityFilters)
    every = rows_of(session, wanted | {"standing": None})
    rows = [row for row in every if wanted["standing"] in (None, row.standing)]
    return page(
        session,
        "admin/meals/viability.html",
        canteens=rows,
        numbers={one: sum(row.standing is one for row in every) for one in Standing},
        owed_fen=sum(int(row.row.owed_fen or 0) for row in every),
        asked_for=in_address(wanted),
        most=max((number for row in rows for number in row.by_day), default=0) or 1,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_viability(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Canteen"), _("Standing"), _("Meals in four weeks"), _("Places"),
                _("Meals a day"), _("Paid by eaters"), _("Subsidy of meals"), _("Charity"),
                _("Operating subsidy"), _("Estimated loss"), _("Days since the last sale"),
                _("The city owes"), _("Prepaid by eaters")]  # fmt: skip
    cells = (
        [one.row.name, word("canteen_standing", one.standing), one.takings.meals,
         one.row.places or 0, round(one.meals_a_day, 1), in_yuan(one.takings.own_pay_fen),
         in_yuan(one.takings.subsidy_fen), in_yuan(one.takings.charity_fen),
         in_yuan(one.takings.operation_fen), in_yuan(one.loss_fen), one.idle_days,
         in_yuan(int(one.row.owed_fen or 0)), in_yuan(int(one.row.prepaid_fen or 0))]
        for one in rows_of(session, asked(ViabilityFilters))
    )  # fmt: skip
    return export(ending, _("How canteens do"), headings, cells)


def rows_of(session: Session, wanted: Mapping[str, Any]) -> Sequence[Viability]:
    """Return the canteens in reach that stand so, and in that county; what is None is not asked."""
    rows = list_viability(session, in_reach(session), today=clock.today())
    return [
        row
        for row in rows
        if wanted["standing"] in (None, row.standing)
        and wanted["county"] in (None, row.row.county_code)
    ]


def in_address(wanted: Mapping[str, Any]) -> dict[str, str]:
    """Return the filters as an address says them."""
    return {name: str(getattr(value, "value", value)) for name, value in wanted.items() if value}


def in_reach(session: Session) -> ColumnElement[bool]:
    """Return the condition under which a canteen is this person's to look at."""
    reach = reach_of(actor_of(session), SEE)
    return within(reach.prefixes, reach.site_ids)
