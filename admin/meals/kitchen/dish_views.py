"""菜品: what can be put on the menus of a canteen."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import submitted
from admin.meals.kitchen.forms import DishForm
from admin.meals.kitchen.reading import KEEP, KITCHEN, SEE, kitchen, kitchen_page
from admin.pictures import sent_picture
from admin.words import word
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.meals.kitchen.dishes import get_dish, keep_dish, list_dishes
from server.meals.models import Allergen, Diet
from server.meals.photos import put_dish_photo, remove_dish_photo
from server.web.access import reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint(
    "kitchen_dishes", __name__, url_prefix=f"{KITCHEN}/dishes", template_folder="../templates"
)


@blueprint.get("")
@reads(SEE)
def show_dishes(*, canteen_id: int, session: Session) -> str:
    """All dishes, those given up last."""
    return _page(session, canteen_id)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_dishes(*, canteen_id: int, ending: str, session: Session) -> Response:
    """The same as a file."""
    canteen = kitchen(session, canteen_id)
    headings = [_("Dish"), _("Suits"), _("Contains"), _("Price, yuan"), _("In use")]
    rows = ([dish.name, "、".join(word("diet", one) for one in dish.diets),
             "、".join(word("allergen", one) for one in dish.allergens), in_yuan(dish.price_fen),
             _("yes") if dish.is_offered else ""]
            for dish in list_dishes(session, canteen_id))  # fmt: skip
    return export(ending, f"{canteen.name}-{_('Dishes')}", headings, rows)


@blueprint.get("/<int:dish_id>")
@reads(SEE)
def show_dish(*, canteen_id: int, dish_id: int, session: Session) -> str:
    """One dish, to be put right."""
    kitchen(session, canteen_id)
    return _page(session, canteen_id, dish=get_dish(session, canteen_id, dish_id))


@blueprint.post("")
@submits(KEEP)
def enter_dish(*, canteen_id: int, session: Session) -> Any:
    """Enter a dish."""
    return _kept(session, canteen_id, None)


@blueprint.post("/<int:dish_id>")
@submits(KEEP)
def correct_dish(*, canteen_id: int, dish_id: int, session: Session) -> Any:
    """Put a dish right, or give it up."""
    return _kept(session, canteen_id, dish_id)


@blueprint.get("/<int:dish_id>/photo")
@reads(SEE)
def show_photo(*, canteen_id: int, dish_id: int, session: Session) -> Response:
    """What a dish looks like."""
    kitchen(session, canteen_id)
    return private_picture(session, get_dish(session, canteen_id, dish_id).photo_file_id)


@blueprint.post("/<int:dish_id>/photo")
@submits(KEEP)
def put_photo(*, canteen_id: int, dish_id: int, session: Session) -> Any:
    """Show a dish by this picture from now on; the one before is deleted."""
    kitchen(session, canteen_id, KEEP)
    dish = get_dish(session, canteen_id, dish_id)
    try:
        put_dish_photo(session, canteen_id, dish_id, sent_picture())
    except DomainError as refusal:
        return _page(session, canteen_id, dish=dish, refusal=refusal), STATUS[refusal.kind]
    return _to_dish(canteen_id, dish_id)


@blueprint.post("/<int:dish_id>/photo/removal")
@submits(KEEP)
def remove_photo(*, canteen_id: int, dish_id: int, session: Session) -> Any:
    """Show a dish by its drawing again, and delete what is in the picture."""
    kitchen(session, canteen_id, KEEP)
    remove_dish_photo(session, canteen_id, dish_id)
    return _to_dish(canteen_id, dish_id)


def _to_dish(canteen_id: int, dish_id: int) -> Any:
    there = url_for("kitchen_dishes.show_dish", canteen_id=canteen_id, dish_id=dish_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _kept(session: Session, canteen_id: int, dish_id: int | None) -> Any:
    kitchen(session, canteen_id, KEEP)
    dish = None if dish_id is None else get_dish(session, canteen_id, dish_id)
    values, errors = submitted(DishForm)
    if errors:
        page = _page(session, canteen_id, dish=dish, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    marks = {name: [one.value for one in values[name]] for name in ("diets", "allergens")}
    keep_dish(session, canteen_id, values | marks, dish_id=dish_id)
    there = url_for("kitchen_dishes.show_dishes", canteen_id=canteen_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, canteen_id: int, **facts: Any) -> str:
    facts = {"dish": None} | facts
    dishes = list_dishes(session, canteen_id)
    marks = {"diets": [one for one in Diet if one is not Diet.NORMAL], "allergens": list(Allergen)}
    return kitchen_page(session, canteen_id, "dishes", dishes=dishes, marks=marks, **facts)
