"""餐次与设置: how a canteen works, what it serves week by week, and its account."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.meals.kitchen.forms import AccountForm, SetUpForm, TemplateForm
from admin.meals.kitchen.reading import KEEP, KITCHEN, SEE, kitchen, kitchen_page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.meals.kitchen import canteens, templates
from server.meals.kitchen.licences import find_licence
from server.meals.models import CanteenKind, Meal
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "kitchen_setup", __name__, url_prefix=f"{KITCHEN}/setup", template_folder="../templates"
)


class NothingForm(ma.Schema):
    """A press is all there is to say."""


@blueprint.get("")
@reads(SEE)
def show_setup(*, canteen_id: int, session: Session) -> str:
    """Everything that is set, and the forms that set it."""
    return _page(session, canteen_id)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_templates(*, canteen_id: int, ending: str, session: Session) -> Response:
    """What is served week by week as a file."""
    canteen = kitchen(session, canteen_id)
    headings = [_("Weekday"), _("Meal"), _("From"), _("Served"), _("Begins"), _("Ends"),
                _("Places"), _("Price, yuan")]  # fmt: skip
    rows = ([word("weekday", str(row.weekday)), word("meal", row.meal), row.starts_on,
             _("yes") if row.is_served else "", row.serves_from, row.serves_until, row.capacity,
             in_yuan(row.list_price_fen)]
            for row in templates.list_templates(session, canteen_id))  # fmt: skip
    title = _("What is served")
    return export(ending, f"{canteen.name}-{title}", headings, rows)


@blueprint.post("")
@submits(KEEP)
def set_up(*, canteen_id: int, session: Session) -> Any:
    """Put down form, supplier, seats and ways."""
    return _done(session, canteen_id, SetUpForm, canteens.set_up)


@blueprint.post("/account")
@submits(KEEP)
def set_account(*, canteen_id: int, session: Session) -> Any:
    """Put down where the canteen's money goes."""

    def put(session: Session, canteen_id: int, values: dict[str, Any]) -> None:
        canteens.set_account(session, canteen_id, **values)

    return _done(session, canteen_id, AccountForm, put)


@blueprint.post("/templates")
@submits(KEEP)
def set_templates(*, canteen_id: int, session: Session) -> Any:
    """Say how a meal is served on some weekdays from a day on."""

    def put(session: Session, canteen_id: int, values: dict[str, Any]) -> None:
        weekdays, meal = values.pop("weekdays"), values.pop("meal")
        served = templates.Served(**values)
        templates.set_templates(session, canteen_id, weekdays, meal, served)

    return _done(session, canteen_id, TemplateForm, put)


@blueprint.post("/sittings")
@submits(KEEP)
def make_sittings(*, canteen_id: int, session: Session) -> Any:
    """Make the sittings of the coming weeks now, instead of in the night."""

    def put(session: Session, canteen_id: int, _values: dict[str, Any]) -> None:
        templates.make_sittings(session, canteen_id)

    return _done(session, canteen_id, NothingForm, put)


def _done(
    session: Session, canteen_id: int, form: type[ma.Schema], put: Callable[..., None]
) -> Any:
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(form)
    if errors:
        return _page(session, canteen_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        put(session, canteen_id, values)
    except DomainError as refusal:
        return _page(session, canteen_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("kitchen_setup.show_setup", canteen_id=canteen_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, canteen_id: int, **facts: Any) -> str:
    kitchen(session, canteen_id)
    return kitchen_page(
        session,
        canteen_id,
        "setup",
        settings=canteens.get_canteen(session, canteen_id),
        suppliers=[(row.id, row.name) for row in canteens.list_suppliers(session, canteen_id)],
        kinds=[(kind.value, word("canteen_kind", kind)) for kind in CanteenKind],
        meals=[(meal.value, word("meal", meal)) for meal in Meal],
        templates=templates.list_templates(session, canteen_id),
        licence=find_licence(session, canteen_id),
        today=clock.today(),
        **facts,
    )
