"""One settled month of a canteen: its statement, its steps, and every meal beneath a sum."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.meals.settlement.forms import MealFilters, PaidForm, in_address
from admin.meals.settlement.list_views import SEE
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.meals.settlement import queries, service
from server.providers.queries import within
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "meal_settlement", __name__, url_prefix="/meals/settlements", template_folder="templates"
)
CONFIRM, ACCEPT = "meals.confirm-settlement", "meals.accept-settlement"
SUMS = ("meals", "list_fen", "discount_fen", "charity_fen", "own_pay_fen", "subsidy_fen")


@blueprint.get("/<int:settlement_id>")
@reads(SEE)
def show_settlement(*, settlement_id: int, session: Session) -> str:
    """The statement; printed it is a sheet of paper to be signed."""
    return _page(session, settlement_id)


@blueprint.get(f"/<int:settlement_id>/statement.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_statement(*, settlement_id: int, ending: str, session: Session) -> Response:
    """The statement as a file: a row for each line, and what the city owes at the end."""
    row = _settlement(session, settlement_id)
    headings = [_("Meal"), _("Age"), _("Tier"), _("Meals"), _("List price"), _("Discount"),
                _("Charity"), _("Paid by eaters"), _("Subsidy")]  # fmt: skip
    lines = [_cells(line) for line in queries.list_lines(session, settlement_id)]
    ends = [
        (_("Subsidy of meals"), row.subsidy_fen),
        (_("Operating subsidy"), row.operation_fen),
        (_("Settlement adjustments"), row.adjustment_fen),
        (_("The city owes"), row.owed_fen),
    ]
    below = [[name, *[None] * (len(headings) - 2), in_yuan(fen)] for name, fen in ends]
    return export(ending, f"{row.site_name}-{row.month:%Y-%m}", headings, [*lines, *below])


@blueprint.get("/<int:settlement_id>/meals")
@reads(SEE)
def list_meals(*, settlement_id: int, session: Session) -> str:
    """The meals beneath a sum, each a link to its booking."""
    filters = asked(MealFilters)
    return page(
        session,
        "admin/meals/settlement/meals.html",
        settlement=_settlement(session, settlement_id),
        meals=_meals(session, settlement_id, filters),
        filters=filters,
        asked_for=in_address(filters),
    )


@blueprint.get(f"/<int:settlement_id>/meals/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_meals(*, settlement_id: int, ending: str, session: Session) -> Response:
    """The same as a file, people with stars."""
    row = _settlement(session, settlement_id)
    headings = [_("Booking"), _("Day"), _("Meal"), _("Eater"), _("Age"), _("Tier"),
                _("Handed out at"), _("List price"), _("Discount"), _("Charity"),
                _("Paid by eaters"), _("Subsidy")]  # fmt: skip
    cells = (
        [one.booking_id, one.service_on, word("meal", one.meal),
         masking.name(one.resident_name or ""), one.age, word("hardship_tier", one.tier),
         one.collected_at, in_yuan(one.list_price_fen), in_yuan(one.operator_discount_fen),
         in_yuan(one.charity_fen), in_yuan(one.own_pay_fen), in_yuan(one.subsidy_fen)]
        for one in _meals(session, settlement_id, asked(MealFilters))
    )  # fmt: skip
    return export(ending, f"{row.site_name}-{row.month:%Y-%m}-{_('Meals')}", headings, cells)


@blueprint.get("/<int:settlement_id>/meals/<int:booking_id>")
@reads(SEE)
def show_meal(*, settlement_id: int, booking_id: int, session: Session) -> str:
    """One meal as it was settled: who paid which part, and by which figure."""
    return page(
        session,
        "admin/meals/settlement/meal.html",
        settlement=_settlement(session, settlement_id),
        meal=queries.get_meal(session, settlement_id, booking_id),
    )


@blueprint.post("/<int:settlement_id>/confirmation")
@submits(CONFIRM)
def confirm(*, settlement_id: int, session: Session) -> Any:
    """The canteen agrees."""
    return _step(session, settlement_id, lambda: service.confirm(session, settlement_id), CONFIRM)


@blueprint.post("/<int:settlement_id>/acceptance")
@submits(ACCEPT)
def accept(*, settlement_id: int, session: Session) -> Any:
    """The county accepts; another person than who drew it up."""
    return _step(session, settlement_id, lambda: service.accept(session, settlement_id), ACCEPT)


@blueprint.post("/<int:settlement_id>/payment")
@submits(ACCEPT)
def note_paid(*, settlement_id: int, session: Session) -> Any:
    """Note the payment order."""
    values, errors = submitted(PaidForm)
    if errors:
        return _page(session, settlement_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    step = lambda: service.note_paid(session, settlement_id, **values)  # noqa: E731
    return _step(session, settlement_id, step, ACCEPT)


def _step(session: Session, settlement_id: int, step: Callable[[], object], permission: str) -> Any:
    _settlement(session, settlement_id, permission)
    try:
        step()
    except DomainError as refusal:
        return _page(session, settlement_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for(".show_settlement", settlement_id=settlement_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, settlement_id: int, **facts: Any) -> str:
    row = _settlement(session, settlement_id)
    in_reach = _in_reach(session, SEE)
    return page(
        session,
        "admin/meals/settlement/one.html",
        settlement=row,
        lines=queries.list_lines(session, settlement_id),
        adjustments=queries.list_adjustments(
            session, in_reach, site_id=row.site_id, month=row.month
        ),
        is_as_frozen=queries.digest_now(session, settlement_id) == bytes(row.digest),
        today=clock.today(),
        **facts,
    )


def _cells(line: Row[Any]) -> list[Any]:
    fens = (line.list_fen, line.discount_fen, line.charity_fen, line.own_pay_fen, line.subsidy_fen)
    named = [word("meal", line.meal), line.age_band, word("hardship_tier", line.tier), line.meals]
    return [*named, *(in_yuan(fen) for fen in fens)]


def _meals(session: Session, settlement_id: int, filters: dict[str, Any]) -> Sequence[Row[Any]]:
    _settlement(session, settlement_id)
    return queries.list_meals(session, settlement_id, queries.WantedMeals(**filters))


def _settlement(session: Session, settlement_id: int, permission: str = SEE) -> Row[Any]:
    return queries.get_settlement(session, settlement_id, _in_reach(session, permission))


def _in_reach(session: Session, permission: str) -> Any:
    reach = reach_of(actor_of(session), permission)
    return within(reach.prefixes, reach.site_ids)
