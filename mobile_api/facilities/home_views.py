"""Find a home, and look at one."""

from typing import Any

from sqlmodel import Session

from mobile_api.facilities import shown
from mobile_api.facilities.schemas import ForResidentArgs, HomesArgs, HomesSchema, OneHomeSchema
from server import clock
from server.db.cities import current_city
from server.facilities.queries.homes import Wishes, free_beds_of, get_home, list_homes
from server.places.queries import list_counties
from server.providers.choosing import list_prices
from server.providers.positions import find_middle
from server.providers.queries import list_photos
from server.residents.queries import get_acted_for
from server.web.access import reads
from server.web.blueprints import StrictBlueprint
from server.web.pages import page_of, read_cursor

blueprint = StrictBlueprint(
    "homes", __name__, url_prefix="/v1/homes", description="Homes, and their free beds."
)


@blueprint.get("")
@reads("facilities.find-home")
@blueprint.arguments(HomesArgs, location="query")
@blueprint.response(200, HomesSchema)
@blueprint.doc(operationId="listHomes")
def list_some(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List open homes, the nearest first, with the beds that are free now"""
    resident = get_acted_for(session, args.pop("resident_id"), today=clock.today())
    cursor, limit = args.pop("cursor"), args.pop("limit")
    lives_at = find_middle(session, resident.village_code)
    rows = list_homes(
        session,
        Wishes(**args),
        village_code=resident.village_code,
        lives_at=lives_at,
        today=clock.today(),
        after=read_cursor(cursor, int, str, int),
        limit=limit + 1,
    )
    page = page_of(rows, limit=limit, key=lambda row: (row.how_far, row.name, row.id))
    beds = free_beds_of(session, [row.id for row in page["items"]], today=clock.today())
    facts: dict[str, Any] = {"lives_at": lives_at, "as_of": clock.now()}
    return {
        **page,
        "items": [shown.home(row, beds, **facts) for row in page["items"]],
        "counties": [
            {"code": one.code, "name": one.name}
            for one in list_counties(session, prefixes=[current_city()])
        ],
    }


@blueprint.get("/<int:site_id>")
@reads("facilities.find-home")
@blueprint.arguments(ForResidentArgs, location="query")
@blueprint.response(200, OneHomeSchema)
@blueprint.doc(operationId="getHome")
def show_one(args: dict[str, Any], *, site_id: int, session: Session) -> dict[str, Any]:
    """Show a home: stars, prices, services, photos, telephone, and the beds that are free now"""
    today = clock.today()
    resident = get_acted_for(session, args["resident_id"], today=today)
    row = get_home(session, site_id, village_code=resident.village_code, today=today)
    beds = free_beds_of(session, [row.id], today=today)
    facts = {"lives_at": find_middle(session, resident.village_code), "as_of": clock.now()}
    return {
        **shown.home(row, beds, **facts),
        "prices": [shown.price(price) for price in list_prices(session, row.id, on=today)],
        "photos": [shown.photo(photo) for photo in list_photos(session, row.id)],
    }
