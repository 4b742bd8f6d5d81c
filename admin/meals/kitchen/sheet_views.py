"""厨房单: what is to be cooked, labels for the boxes, and the frozen versions."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.meals.kitchen.forms import DayArgs, VersionArgs
from admin.meals.kitchen.reading import KEEP, KITCHEN, SEE, choose_kitchen, kitchen, kitchen_page
from admin.words import word
from server import clock
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.meals.kitchen import menus, rules, sheets
from server.meals.kitchen.models import KitchenSheet
from server.meals.kitchen.needs import list_allergic, list_clashes, list_eaters
from server.meals.models import Sitting
from server.meals.queries.sittings import list_days_of_canteen
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("kitchen_sheets", __name__, template_folder="../templates")

DAYS_SHOWN = 3


@blueprint.get("/meals/sheets")
@reads(SEE)
def show_mine(*, session: Session) -> Any:
    """The sheets of one's own kitchen, or the kitchens to choose from."""
    return choose_kitchen(session, "kitchen_sheets.list_sheets")


@blueprint.get(f"{KITCHEN}/sheets")
@reads(SEE)
def list_sheets(*, canteen_id: int, session: Session) -> str:
    """The sittings of today and the next days, each leading to its sheet."""
    kitchen(session, canteen_id)
    first = asked(DayArgs)["day"] or clock.today()
    rows, now = _days_from(session, canteen_id, first), clock.now()
    return kitchen_page(session, canteen_id, "sheets", rows=rows, first=first, now=now)


@blueprint.get(f"{KITCHEN}/sheets/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_sheets(*, canteen_id: int, ending: str, session: Session) -> Response:
    """How many are to be cooked on these days as a file."""
    canteen = kitchen(session, canteen_id)
    first = asked(DayArgs)["day"] or clock.today()
    headings = [_("Day"), _("Meal"), _("Begins"), _("Ends"), _("Booked"), _("Booking closes")]
    rows = ([row.service_on, word("meal", row.meal), row.serves_from, row.serves_until, row.booked,
             row.cutoff_at] for row in _days_from(session, canteen_id, first))  # fmt: skip
    title = _("Kitchen sheets")
    return export(ending, f"{canteen.name}-{title}-{first}", headings, rows)


@blueprint.get(f"{KITCHEN}/sheets/<int:sitting_id>")
@reads(SEE)
def show_sheet(*, canteen_id: int, sitting_id: int, session: Session) -> str:
    """The last frozen version, or the numbers as they stand while booking is open."""
    return _sheet(session, canteen_id, sitting_id, asked(VersionArgs)["version"])


@blueprint.get(f"{KITCHEN}/sheets/<int:sitting_id>/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_sheet(*, canteen_id: int, sitting_id: int, ending: str, session: Session) -> Response:
    """Portions by dish and diet as a file."""
    canteen, sitting = _both(session, canteen_id, sitting_id)
    frozen = sheets.list_versions(session, sitting_id)
    content = frozen[0].content if frozen else sheets.count_live(session, sitting_id).content
    diets = rules.diets_of(content)
    headings = [_("Dish"), *(word("diet", diet) for diet in diets), _("Portions")]
    rows = ([dish["name"], *(dish["portions"].get(diet, 0) for diet in diets),
             sum(dish["portions"].values())] for dish in content["dishes"])  # fmt: skip
    title = _("Kitchen sheet")
    name = f"{canteen.name}-{title}-{sitting.service_on}-{word('meal', sitting.meal)}"
    return export(ending, name, headings, rows)


@blueprint.post(f"{KITCHEN}/sheets/<int:sitting_id>")
@submits(KEEP)
def freeze(*, canteen_id: int, sitting_id: int, session: Session) -> Any:
    """Freeze the next version; where nothing changed, the last one stands."""
    kitchen(session, canteen_id, KEEP)
    menus.get_sitting(session, canteen_id, sitting_id)
    try:
        sheets.freeze(session, sitting_id)
    except DomainError as refusal:
        page = _sheet(session, canteen_id, sitting_id, None, refusal=refusal)
        return page, STATUS[refusal.kind]
    there = url_for("kitchen_sheets.show_sheet", canteen_id=canteen_id, sitting_id=sitting_id)
    return redirect(there)


@blueprint.get(f"{KITCHEN}/sheets/<int:sitting_id>/labels")
@noted
@reads(KEEP)
def show_labels(*, canteen_id: int, sitting_id: int, session: Session) -> str:
    """A label for every box: name, diet, what harms, and where it is brought."""
    _both(session, canteen_id, sitting_id)
    sitting = menus.get_sitting(session, canteen_id, sitting_id)
    eaters = list_eaters(session, sitting_id)
    return kitchen_page(session, canteen_id, "labels", sitting=sitting, eaters=eaters)


def _sheet(
    session: Session, canteen_id: int, sitting_id: int, version: int | None, **facts: Any
) -> str:
    _both(session, canteen_id, sitting_id)
    sitting = menus.get_sitting(session, canteen_id, sitting_id)
    frozen = sheets.list_versions(session, sitting_id)
    live = sheets.count_live(session, sitting_id)
    shown = _version(frozen, version) if version or frozen else None
    content = shown.content if shown else live.content
    before = _before(frozen, shown)
    return kitchen_page(
        session,
        canteen_id,
        "sheet",
        sitting=sitting,
        shown=shown,
        frozen=frozen,
        has_changed=bool(frozen) and frozen[0].content != live.content,
        is_closed=sitting.cutoff_at <= clock.now(),
        as_of=shown.frozen_at if shown else clock.now(),
        clashes=list_clashes(session, sitting_id),
        allergic=list_allergic(session, sitting_id),
        **_counted(content, before),
        **facts,
    )


def _counted(content: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    diets = rules.diets_of(content)
    lines = [(dish, rules.portions_beside(dish, before, diets)) for dish in content["dishes"]]
    return {
        "content": content,
        "diets": diets,
        "lines": lines,
        "gone": rules.dishes_gone(content, before),
        "unserved": rules.diets_unserved(content),
        "eaters_by": lambda **wanted: rules.eaters_by(content, **wanted),
        "total": rules.eaters_by(content),
    }


def _version(frozen: Sequence[KitchenSheet], version: int | None) -> KitchenSheet:
    for sheet in frozen:
        if version in (None, sheet.version):
            return sheet
    raise NotFound()


def _before(frozen: Sequence[KitchenSheet], shown: KitchenSheet | None) -> dict[str, Any] | None:
    older = [sheet for sheet in frozen if shown and sheet.version == shown.version - 1]
    return older[0].content if older else None


def _days_from(session: Session, canteen_id: int, first: date) -> Sequence[Row[Any]]:
    end = first + timedelta(days=DAYS_SHOWN)
    return list_days_of_canteen(session, canteen_id, first_day=first, end_day=end)


def _both(session: Session, canteen_id: int, sitting_id: int) -> tuple[Any, Sitting]:
    canteen = kitchen(session, canteen_id)
    return canteen, menus.get_sitting(session, canteen_id, sitting_id)
