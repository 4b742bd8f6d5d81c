"""Beds at home on a map, by where they stand; beside it a list that says the same."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Blueprint, Response, jsonify, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import asked
from admin.homecare.beds.forms import MapFilters
from admin.homecare.beds.one_views import SEE
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.homecare.beds import queries
from server.homecare.models import HomeBedState
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.places.queries import names_by_code
from server.settings import settings
from server.web.access import reads

blueprint = Blueprint(
    "home_bed_map", __name__, url_prefix="/home-beds/map", template_folder="templates"
)
# Whoever goes there, or decides about it, sees the very house; everybody else about where it is.
KNOW_THE_HOUSE = ("homecare.file", "homecare.decide", "homecare.run")
ABOUT = 2  # decimals of a degree: about a kilometre
TOWN = 9


class Mark(StrEnum):
    """What a mark's shape says; as the map of homes draws them."""

    SERVING = "free"
    PAUSED = "full"
    ON_THE_WAY = "unknown"


@dataclass
class Town:
    """The beds of a town, counted by what their marks say."""

    code: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    late: int = 0


@blueprint.get("")
@reads(SEE)
def show_map(*, session: Session) -> str:
    """Where beds at home stand, by state; counted by town beneath."""
    wanted = asked(MapFilters)
    rows = _rows(session, wanted)
    return page(
        session,
        "admin/homecare/bed_map.html",
        rows=rows,
        towns=_towns(session, rows),
        unplaced=sum(row.x is None for row in rows),
        states=[(one.value, word("home_bed_state", one)) for one in _shown_states()],
        wanted=wanted,
        asked_for={"state": wanted["state"].value} if wanted["state"] else {},
        knows_the_house=_knows_the_house(session),
        mark_of=mark_of,
        today=clock.today(),
        as_of=clock.now(),
    )


@blueprint.get("/beds.json")
@reads(SEE)
def list_places(*, session: Session) -> Response:
    """The same as places for the map."""
    rows = [row for row in _rows(session, asked(MapFilters)) if row.x is not None]
    is_exact = _knows_the_house(session)
    return jsonify(
        homes=[_place(row, is_exact=is_exact) for row in rows],
        counties=[],
        tiles_url=settings().tiles_url,
        tiles_credit=settings().tiles_credit,
    )


def mark_of(state: HomeBedState) -> Mark:
    """Return how a bed in this state is drawn."""
    drawn = {HomeBedState.SERVING: Mark.SERVING, HomeBedState.PAUSED: Mark.PAUSED}
    return drawn.get(state, Mark.ON_THE_WAY)


def _rows(session: Session, wanted: Mapping[str, Any]) -> Sequence[Row[Any]]:
    return queries.list_standing(session, state=wanted["state"])


def _shown_states() -> list[HomeBedState]:
    return [one for one in HomeBedState if one is not HomeBedState.ENDED]


def _knows_the_house(session: Session) -> bool:
    return any(may(actor_of(session), one) for one in KNOW_THE_HOUSE)


def _place(row: Row[Any], *, is_exact: bool) -> dict[str, Any]:
    is_late = row.due_on is not None and row.due_on < clock.today()
    state = word("home_bed_state", row.state)
    return {
        "name": masking.name(row.resident_name) if row.resident_name else f"#{row.id}",
        "x": row.x if is_exact else round(row.x, ABOUT),
        "y": row.y if is_exact else round(row.y, ABOUT),
        "free": int(row.state is HomeBedState.SERVING),
        "sign": state[:1],
        "room": mark_of(row.state).value,
        "freshness": "overdue" if is_late else None,
        "words": "，".join(
            one for one in (state, row.site_name, _("late") if is_late else "") if one
        ),
        "address": url_for("home_bed.show_bed", home_bed_id=row.id),
    }


def _towns(session: Session, rows: Sequence[Row[Any]]) -> list[Town]:
    by_town = defaultdict(list)
    for row in rows:
        by_town[(row.village_code or "")[:TOWN]].append(row)
    names = names_by_code(session)
    return [_town(code, names.get(code, code), by_town[code]) for code in sorted(by_town)]


def _town(code: str, name: str, rows: Sequence[Row[Any]]) -> Town:
    today = clock.today()
    late = sum(row.due_on is not None and row.due_on < today for row in rows)
    return Town(code, name, Counter(mark_of(row.state).name.lower() for row in rows), late)
