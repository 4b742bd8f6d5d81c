"""纸质订餐: a form with names and boxes, and the same on the screen to key in what came back."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.meals.kitchen.forms import PaperForm, WeekArgs
from admin.meals.kitchen.reading import KEEP, KITCHEN, kitchen, kitchen_page, week_wanted
from server import clock
from server.meals.kitchen import menus
from server.meals.kitchen.paper import Keyed, Wish, key_in, list_paper_diners
from server.meals.models import Diet
from server.web.access import noted, reads, submits

blueprint = Blueprint(
    "kitchen_paper", __name__, url_prefix=f"{KITCHEN}/paper", template_folder="../templates"
)


@blueprint.get("")
@noted
@reads(KEEP)
def show_paper(*, canteen_id: int, session: Session) -> str:
    """The names that the canteen knows and the week's meals: printed empty, keyed in by keys."""
    return _page(session, canteen_id, asked(WeekArgs)["week"])


@blueprint.post("")
@submits(KEEP)
def key_in_paper(*, canteen_id: int, session: Session) -> Any:
    """Book every box that is ticked; what is refused is told, and costs no other its place."""
    kitchen(session, canteen_id, KEEP)
    values, errors = submitted(PaperForm)
    if errors:
        return _page(session, canteen_id, None, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    sittings = _sittings(session, canteen_id, week_wanted(values["week"]))
    diners = list_paper_diners(session, canteen_id, [row.id for row in sittings])
    keyed = key_in(session, _wishes(values["box"], sittings, diners))
    return _page(session, canteen_id, values["week"], keyed=keyed)


def _wishes(
    boxes: Sequence[str], sittings: Sequence[Row[Any]], diners: Sequence[Row[Any]]
) -> list[Wish]:
    """Only boxes of this form count: its sittings and the people on it."""
    known, usual = {row.id for row in sittings}, {row.id: Diet(row.usual_diet) for row in diners}
    pairs = [(int(sitting), int(person)) for sitting, person in (box.split(":") for box in boxes)]
    return [
        Wish(person, sitting, usual[person])
        for sitting, person in pairs
        if sitting in known and person in usual
    ]


def _page(
    session: Session, canteen_id: int, week: date | None, keyed: Sequence[Keyed] = (), **facts: Any
) -> str:
    kitchen(session, canteen_id, KEEP)
    monday = week_wanted(week)
    sittings = _sittings(session, canteen_id, monday)
    diners = list_paper_diners(session, canteen_id, [row.id for row in sittings])
    return kitchen_page(
        session,
        canteen_id,
        "paper",
        monday=monday,
        sittings=sittings,
        diners=diners,
        keyed=keyed,
        refused=[one for one in keyed if one.refusal],
        name_of={row.id: row.name for row in diners},
        sitting_of={row.id: row for row in sittings},
        now=clock.now(),
        **facts,
    )


def _sittings(session: Session, canteen_id: int, monday: date) -> list[Row[Any]]:
    rows = menus.list_week(session, canteen_id, monday)
    return [row for row in rows if row.published_at and not row.closed_at]
