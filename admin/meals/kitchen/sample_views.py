"""食品留样: what was cooked on a day and a sample of each, and what may be thrown away."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.meals.kitchen.forms import DayArgs, SampleForm
from admin.meals.kitchen.reading import KEEP, KITCHEN, SEE, choose_kitchen, kitchen, kitchen_page
from admin.pictures import sent_picture
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.meals.kitchen import samples
from server.meals.photos import put_sample_photo
from server.web.access import reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint("kitchen_samples", __name__, template_folder="../templates")

A_DAY = timedelta(days=1)
EXPORTED = timedelta(days=31)


@blueprint.get("/meals/samples")
@reads(SEE)
def show_mine(*, session: Session) -> Any:
    """The samples of one's own kitchen, or the kitchens to choose from."""
    return choose_kitchen(session, "kitchen_samples.show_day")


@blueprint.get(f"{KITCHEN}/samples")
@reads(SEE)
def show_day(*, canteen_id: int, session: Session) -> str:
    """What was cooked on a day, missing samples first to be seen."""
    return _page(session, canteen_id)


@blueprint.get(f"{KITCHEN}/samples/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_samples(*, canteen_id: int, ending: str, session: Session) -> Response:
    """The log of the month up to a day as a file."""
    canteen = kitchen(session, canteen_id)
    end = (asked(DayArgs)["day"] or clock.today()) + A_DAY
    headings = [_("Day"), _("Meal"), _("Dish"), _("Grams"), _("Fridge, °C"), _("Taken at"),
                _("Taken by"), _("Keep until"), _("Thrown away at")]  # fmt: skip
    rows = samples.list_samples(session, canteen_id, first_day=end - EXPORTED, end_day=end)
    return export(ending, f"{canteen.name}-{_('Food samples')}", headings, map(_cells, rows))


@blueprint.post(f"{KITCHEN}/samples")
@submits(KEEP)
def take_sample(*, canteen_id: int, session: Session) -> Any:
    """Put down that a sample lies in the fridge."""
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(SampleForm)
    if errors:
        return _page(session, canteen_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    taken = {"sitting_id": values["sitting"], "dish_id": values["dish"], "grams": values["grams"]}
    try:
        tenths = int(values["celsius"] * 10)
        samples.take_sample(session, canteen_id, tenths_celsius=tenths, **taken)
    except DomainError as refusal:
        return _page(session, canteen_id, refusal=refusal), STATUS[refusal.kind]
    return _back(canteen_id)


@blueprint.get(f"{KITCHEN}/samples/<int:food_sample_id>/photo")
@reads(SEE)
def show_photo(*, canteen_id: int, food_sample_id: int, session: Session) -> Response:
    """The picture of a sample."""
    kitchen(session, canteen_id)
    sample = samples.get_sample(session, canteen_id, food_sample_id)
    return private_picture(session, sample.photo_file_id)


@blueprint.post(f"{KITCHEN}/samples/<int:food_sample_id>/photo")
@submits(KEEP)
def put_photo(*, canteen_id: int, food_sample_id: int, session: Session) -> Any:
    """Keep a picture of a sample in the fridge, with its label."""
    kitchen(session, canteen_id, KEEP)
    try:
        put_sample_photo(session, canteen_id, food_sample_id, sent_picture())
    except DomainError as refusal:
        return _page(session, canteen_id, refusal=refusal), STATUS[refusal.kind]
    return _back(canteen_id)


@blueprint.post(f"{KITCHEN}/samples/<int:food_sample_id>/discard")
@submits(KEEP)
def discard(*, canteen_id: int, food_sample_id: int, session: Session) -> Any:
    """Put down that a sample was thrown away."""
    kitchen(session, canteen_id, KEEP)
    try:
        samples.discard_sample(session, canteen_id, food_sample_id)
    except DomainError as refusal:
        return _page(session, canteen_id, refusal=refusal), STATUS[refusal.kind]
    return _back(canteen_id)


def _page(session: Session, canteen_id: int, **facts: Any) -> str:
    kitchen(session, canteen_id)
    day = asked(DayArgs)["day"] or clock.today()
    rows = samples.list_samples(session, canteen_id, first_day=day, end_day=day + A_DAY)
    return kitchen_page(
        session,
        canteen_id,
        "samples",
        day=day,
        beside=(day - A_DAY, day + A_DAY),
        rows=rows,
        missing=[row for row in rows if row.sample_id is None],
        to_discard=samples.list_to_discard(session, canteen_id),
        can_take=day <= clock.today(),
        **facts,
    )


def _cells(row: Row[Any]) -> list[Any]:
    cold = None if row.tenths_celsius is None else row.tenths_celsius / 10
    return [row.service_on, word("meal", row.meal), row.dish_name, row.grams, cold, row.taken_at,
            row.taken_by, row.keep_until, row.discarded_at]  # fmt: skip


def _back(canteen_id: int) -> Any:
    there = url_for("kitchen_samples.show_day", canteen_id=canteen_id)
    return redirect(there, HTTPStatus.SEE_OTHER)
