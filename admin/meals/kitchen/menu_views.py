"""一周菜单: the week as a grid, the dishes of a sitting, copied forward and published."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.meals.kitchen.forms import MenuForm, PlacesForm, PublishForm, WeekArgs, WeekForm
from admin.meals.kitchen.reading import (
    KEEP,
    KITCHEN,
    SEE,
    choose_kitchen,
    kitchen,
    kitchen_page,
    week_wanted,
)
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.meals.kitchen import menus
from server.meals.kitchen.dishes import list_dishes
from server.meals.kitchen.licences import find_licence
from server.meals.kitchen.needs import list_clashes
from server.meals.kitchen.places import set_places
from server.meals.models import Meal
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("kitchen_menu", __name__, template_folder="../templates")

WEEK = timedelta(days=7)


@blueprint.get("/meals/menu")
@reads(SEE)
def show_mine(*, session: Session) -> Any:
    """The menu of one's own kitchen, or the kitchens to choose from."""
    return choose_kitchen(session, "kitchen_menu.show_week")


@blueprint.get(f"{KITCHEN}/menu")
@reads(SEE)
def show_week(*, canteen_id: int, session: Session) -> str:
    """Days beside each other, meals beneath each other."""
    return _week(session, canteen_id, week_wanted(asked(WeekArgs)["week"]))


@blueprint.get(f"{KITCHEN}/menu/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_week(*, canteen_id: int, ending: str, session: Session) -> Response:
    """The week's dishes as a file."""
    canteen = kitchen(session, canteen_id)
    monday = week_wanted(asked(WeekArgs)["week"])
    headings = [_("Day"), _("Meal"), _("Dishes"), _("Price, yuan"), _("Places"), _("Booked")]
    rows = ([row.service_on, word("meal", row.meal), "、".join(d["name"] for d in row.dishes),
             in_yuan(row.list_price_fen), row.capacity, row.booked]
            for row in menus.list_week(session, canteen_id, monday))  # fmt: skip
    title = _("Menu")
    return export(ending, f"{canteen.name}-{title}-{monday}", headings, rows)


@blueprint.post(f"{KITCHEN}/menu/copy")
@submits(KEEP)
def copy_week(*, canteen_id: int, session: Session) -> Any:
    """Bring the dishes of the week before to what has none yet."""
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(WeekForm)
    if errors:
        return _refused(session, canteen_id, errors=errors)
    monday = week_wanted(values["week"])
    menus.copy_week(session, canteen_id, monday)
    return _back(canteen_id, monday)


@blueprint.post(f"{KITCHEN}/menu/publish")
@submits(KEEP)
def publish_week(*, canteen_id: int, session: Session) -> Any:
    """Let eaters see and book what has dishes, now or at a time."""
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(PublishForm)
    if errors:
        return _refused(session, canteen_id, errors=errors)
    monday, at = week_wanted(values["week"]), values["publish_at"]
    try:
        menus.publish_week(session, canteen_id, monday, at=at and at.replace(tzinfo=clock.CITY))
    except DomainError as refusal:
        return _week(session, canteen_id, monday, refusal=refusal), STATUS[refusal.kind]
    return _back(canteen_id, monday)


@blueprint.get(f"{KITCHEN}/menu/<int:sitting_id>")
@reads(SEE)
def show_sitting(*, canteen_id: int, sitting_id: int, session: Session) -> str:
    """The dishes of one sitting, and whom they do not suit."""
    return _sitting(session, canteen_id, sitting_id)


@blueprint.post(f"{KITCHEN}/menu/<int:sitting_id>")
@submits(KEEP)
def put_dishes(*, canteen_id: int, sitting_id: int, session: Session) -> Any:
    """Let the sitting have the dishes that are ticked."""
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(MenuForm)
    if errors:
        page = _sitting(session, canteen_id, sitting_id, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        menus.put_on_menu(session, canteen_id, sitting_id, values["dish"])
    except DomainError as refusal:
        return _sitting(session, canteen_id, sitting_id, refusal=refusal), STATUS[refusal.kind]
    return _back(canteen_id, menus.get_sitting(session, canteen_id, sitting_id).service_on)


@blueprint.post(f"{KITCHEN}/menu/<int:sitting_id>/places")
@submits(KEEP)
def put_places(*, canteen_id: int, sitting_id: int, session: Session) -> Any:
    """Let the sitting have more or fewer places; who waits is asked first."""
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(PlacesForm)
    if errors:
        page = _sitting(session, canteen_id, sitting_id, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        set_places(session, canteen_id, sitting_id, values["places"])
    except DomainError as refusal:
        return _sitting(session, canteen_id, sitting_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("kitchen_menu.show_sitting", canteen_id=canteen_id, sitting_id=sitting_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _week(session: Session, canteen_id: int, monday: date, **facts: Any) -> str:
    rows = menus.list_week(session, canteen_id, monday)
    return kitchen_page(
        session,
        canteen_id,
        "menu",
        monday=monday,
        days=[monday + timedelta(days=number) for number in range(7)],
        meals=[meal for meal in Meal if any(row.meal == meal for row in rows)],
        cells={(row.service_on, row.meal): row for row in rows},
        beside=(monday - WEEK, monday + WEEK),
        waiting=[row for row in rows if row.dishes and not row.published_at and not row.closed_at],
        licence=find_licence(session, canteen_id),
        today=clock.today(),
        **facts,
    )


def _sitting(session: Session, canteen_id: int, sitting_id: int, **facts: Any) -> str:
    kitchen(session, canteen_id)
    sitting = menus.get_sitting(session, canteen_id, sitting_id)
    monday = week_wanted(sitting.service_on)
    [row] = [one for one in menus.list_week(session, canteen_id, monday) if one.id == sitting_id]
    picked = {dish["id"]: place for place, dish in enumerate(row.dishes)}
    dishes = [
        dish for dish in list_dishes(session, canteen_id) if dish.is_offered or dish.id in picked
    ]
    return kitchen_page(
        session,
        canteen_id,
        "sitting",
        sitting=row,
        monday=monday,
        picked=picked,
        dishes=sorted(dishes, key=lambda dish: (picked.get(dish.id or 0, 999), dish.name)),
        clashes=list_clashes(session, sitting_id),
        is_over=row.service_on < clock.today(),
        **facts,
    )


def _refused(session: Session, canteen_id: int, **facts: Any) -> Any:
    page = _week(session, canteen_id, week_wanted(None), **facts)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _back(canteen_id: int, monday: date) -> Any:
    there = url_for("kitchen_menu.show_week", canteen_id=canteen_id, week=week_wanted(monday))
    return redirect(there, HTTPStatus.SEE_OTHER)
