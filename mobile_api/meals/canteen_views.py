"""Canteens, their menus (cacheable) and the places left (live)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Response, request
from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.meals import shown
from mobile_api.meals.schemas import (
    CanteensArgs,
    CanteenSchema,
    CanteensSchema,
    DaysArgs,
    ForResidentArgs,
    MenuSchema,
    PlacesSchema,
    QuoteSchema,
)
from server import clock
from server.db.cities import current_city
from server.db.sessions import reading
from server.meals import service
from server.meals.days.queries import list_standing_closures
from server.meals.kitchen.needs import find_clash
from server.meals.queries import canteens, sittings
from server.meals.queries.sittings import SittingState
from server.residents.grants import check_may
from server.residents.models import HelperScope
from server.residents.queries import get_acted_for
from server.web.access import open_to_all, reads
from server.web.blueprints import StrictBlueprint
from server.web.json_provider import as_json
from server.web.pages import page_of, read_cursor
from server.web.remembering import Remembering

blueprint = StrictBlueprint(
    "canteens", __name__, url_prefix="/v1", description="Where to eat, and what there is."
)

# A published change is on every phone after this many seconds.
MENUS_ARE_FRESH_FOR = 2.0


class Menu(NamedTuple):
    """A menu ready to be sent, and the ETag it goes under."""

    body: bytes
    etag: str


_menus: Remembering[Menu] = Remembering(seconds=MENUS_ARE_FRESH_FOR, most=2_000)


@blueprint.get("/canteens")
@reads("meals.see-menu")
@blueprint.arguments(CanteensArgs, location="query")
@blueprint.response(200, CanteensSchema)
@blueprint.doc(operationId="listCanteens")
def list_canteens(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List canteens, the usual one first, then the nearest"""
    resident = get_acted_for(session, args["resident_id"], today=clock.today())
    rows = canteens.list_canteens(
        session,
        village_code=resident.village_code,
        usual_canteen_id=resident.usual_canteen_id,
        today=clock.today(),
        now=clock.now(),
        after=read_cursor(args["cursor"], int, str, int),
        limit=args["limit"] + 1,
    )
    page = page_of(rows, limit=args["limit"], key=lambda row: (row.rank, row.name, row.id))
    return {**page, "items": [shown.canteen(row) for row in page["items"]]}


@blueprint.get("/canteens/<int:canteen_id>")
@reads("meals.see-menu")
@blueprint.arguments(ForResidentArgs, location="query")
@blueprint.response(200, CanteenSchema)
@blueprint.doc(operationId="getCanteen")
def get_canteen(args: dict[str, Any], *, canteen_id: int, session: Session) -> dict[str, Any]:
    """Show a canteen"""
    resident = get_acted_for(session, args["resident_id"], today=clock.today())
    row = canteens.get_canteen(
        session,
        canteen_id,
        village_code=resident.village_code,
        usual_canteen_id=resident.usual_canteen_id,
        today=clock.today(),
        now=clock.now(),
    )
    return shown.canteen(row)


@blueprint.get("/canteens/<int:canteen_id>/menu")
@open_to_all
@blueprint.arguments(DaysArgs, location="query")
@blueprint.response(200, MenuSchema)
@blueprint.doc(operationId="getMenu", security=[])
def get_menu(args: dict[str, Any], *, canteen_id: int) -> Response:
    """Show the menu of some days; it holds nobody's data and may be kept by its ETag"""
    first_day = args["first_day"] or clock.today()
    key = (current_city(), canteen_id, first_day, args["days"])
    menu = _menus.get(key, lambda: _make_menu(canteen_id, first_day, args["days"]))
    response = Response(menu.body, mimetype="application/json")
    response.set_etag(menu.etag)
    response.headers["Cache-Control"] = "public, no-cache"
    return response.make_conditional(request)


@blueprint.get("/canteens/<int:canteen_id>/places")
@reads("meals.see-menu")
@blueprint.arguments(DaysArgs, location="query")
@blueprint.response(200, PlacesSchema)
@blueprint.doc(operationId="listPlaces")
def list_places(args: dict[str, Any], *, canteen_id: int, session: Session) -> dict[str, Any]:
    """Show the places left at each sitting, as of now"""
    first_day = args["first_day"] or clock.today()
    end_day = first_day + timedelta(days=args["days"])
    places = sittings.list_places(
        session, canteen_id, first_day=first_day, end_day=end_day, now=clock.now()
    )
    if not places:
        sittings.get_menu_version(session, canteen_id)
    closures: Sequence[Row[Any]] = []
    if any(place["state"] is SittingState.CLOSED for place in places):
        closures = list_standing_closures(session, canteen_id, first_day=first_day, end_day=end_day)
    return {"items": places, "closures": [shown.closure(row) for row in closures]}


@blueprint.get("/sittings/<int:sitting_id>/quote")
@reads("meals.see-menu")
@blueprint.arguments(ForResidentArgs, location="query")
@blueprint.response(200, QuoteSchema)
@blueprint.doc(operationId="getQuote")
def get_quote(args: dict[str, Any], *, sitting_id: int, session: Session) -> dict[str, Any]:
    """Show who would pay what for a meal, and why"""
    check_may(session, args["resident_id"], HelperScope.BOOK_MEALS)
    facts, split = service.quote(session, sitting_id=sitting_id, resident_id=args["resident_id"])
    clash = find_clash(session, sitting_id, args["resident_id"])
    resident_id = args["resident_id"]
    return shown.quote(facts, split, clash=clash, resident_id=resident_id, now=clock.now())


@reading
def _make_menu(canteen_id: int, first_day: date, days: int, *, session: Session) -> Menu:
    version = sittings.get_menu_version(session, canteen_id)
    rows = sittings.list_sittings(
        session, canteen_id, first_day=first_day, end_day=first_day + timedelta(days=days)
    )
    menu = shown.menu(canteen_id, rows, first_day=first_day, days=days)
    return Menu(as_json(MenuSchema().dump(menu)), f"{canteen_id}-{version}-{first_day}-{days}")
