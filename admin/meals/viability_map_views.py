"""Canteens on a map by how they do; beside it a list that says the same, and one canteen alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, url_for
from sqlmodel import Session

from admin.forms import asked
from admin.meals.forms import ViabilityFilters
from admin.meals.viability_views import SEE, in_address, in_reach, rows_of
from admin.pages import page
from admin.words import word
from server import clock
from server.i18n.catalogues import gettext as _
from server.meals.viability.queries import Viability, cost_of_a_meal, get_viability
from server.meals.viability.rules import DAYS, Standing
from server.places.queries import names_by_code
from server.settings import settings
from server.web.access import reads

blueprint = Blueprint(
    "viability_map", __name__, url_prefix="/meals/viability", template_folder="templates"
)
# What a mark's shape says, as the map of homes draws them; who stands still has a double line.
MARKS = {Standing.RUNS: "free", Standing.FEW: "full", Standing.STILL: "unknown"}


@dataclass(frozen=True)
class County:
    """The canteens of a county, counted by how they do."""

    code: str
    name: str
    numbers: Counter[Standing]


@blueprint.get("/map")
@reads(SEE)
def show_map(*, session: Session) -> str:
    """Where canteens stand and how they do; counted by county beneath."""
    wanted = asked(ViabilityFilters)
    rows = rows_of(session, wanted)
    return page(
        session,
        "admin/meals/viability_map.html",
        canteens=rows,
        counties=_counties(session, rows),
        unplaced=sum(one.row.x is None for one in rows),
        standings=[(one.value, word("canteen_standing", one)) for one in Standing],
        asked_for=in_address(wanted),
        marks=MARKS,
        as_of=clock.now(),
    )


@blueprint.get("/canteens.json")
@reads(SEE)
def list_places(*, session: Session) -> Response:
    """The same as places for the map."""
    rows = rows_of(session, asked(ViabilityFilters))
    return jsonify(
        homes=[_place(one) for one in rows if one.row.x is not None],
        counties=[],
        tiles_url=settings().tiles_url,
        tiles_credit=settings().tiles_credit,
    )


@blueprint.get("/<int:canteen_id>")
@reads(SEE)
def show_canteen(*, canteen_id: int, session: Session) -> str:
    """How the figures of one canteen come about: its days, what came in, and what meals cost."""
    today = clock.today()
    one = get_viability(session, in_reach(session), canteen_id, today=today)
    return page(
        session,
        "admin/meals/viability_canteen.html",
        one=one,
        cost_fen=cost_of_a_meal(session, today=today),
        days=_days(one, today),
        most=max(one.by_day) or 1,
        as_of=clock.now(),
    )


def _days(one: Viability, today: date) -> Sequence[tuple[date, int]]:
    """The days of the four weeks with their meals, the latest first."""
    first = today - timedelta(days=DAYS)
    return [(first + timedelta(days=at), meals) for at, meals in enumerate(one.by_day)][::-1]


def _counties(session: Session, rows: Sequence[Viability]) -> Sequence[County]:
    names = names_by_code(session)
    codes = sorted({one.row.county_code for one in rows})
    return [
        County(
            code,
            names.get(code, code),
            Counter(one.standing for one in rows if one.row.county_code == code),
        )
        for code in codes
    ]


def _place(one: Viability) -> dict[str, Any]:
    standing = word("canteen_standing", one.standing)
    a_day = _("{number} meals a day", number=f"{one.meals_a_day:.0f}")
    return {
        "name": one.row.name,
        "x": one.row.x,
        "y": one.row.y,
        "free": int(one.standing is Standing.RUNS),
        "sign": f"{one.meals_a_day:.0f}",
        "room": MARKS[one.standing],
        "freshness": "overdue" if one.standing is Standing.STILL else None,
        "words": f"{standing}，{a_day}",
        "address": url_for(".show_canteen", canteen_id=one.row.id),
    }
