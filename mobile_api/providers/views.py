"""Find a place of care."""

from typing import Any

from flask import Response
from sqlmodel import Session

from mobile_api.providers.schemas import SitesArgs, SitesSchema
from server import clock
from server.db.sessions import reading
from server.providers.queries import NEARNESS, get_photo_file, list_sites_near
from server.residents.queries import get_acted_for
from server.web.access import open_to_all, reads
from server.web.blueprints import StrictBlueprint
from server.web.pages import page_of, read_cursor
from server.web.pictures import PICTURE, public_picture

blueprint = StrictBlueprint(
    "sites", __name__, url_prefix="/v1/sites", description="Care homes and other places of care."
)


@blueprint.get("")
@reads("providers.see-sites")
@blueprint.arguments(SitesArgs, location="query")
@blueprint.response(200, SitesSchema)
@blueprint.doc(operationId="listSites")
def list_sites(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List places of care of a kind, nearest first"""
    resident = get_acted_for(session, args["resident_id"], today=clock.today())
    rows = list_sites_near(
        session,
        kind=args["kind"],
        village_code=resident.village_code,
        after=read_cursor(args["cursor"], int, str, int),
        limit=args["limit"] + 1,
    )
    page = page_of(rows, limit=args["limit"], key=lambda row: (row.rank, row.name, row.id))
    items = [
        {**row._mapping, "kind": row.kind.value, "nearness": NEARNESS[row.rank]}
        for row in page["items"]
    ]
    return {**page, "items": items}


@blueprint.get("/photos/<int:file_id>")
@open_to_all
@reading
@blueprint.response(200, **PICTURE)
@blueprint.doc(operationId="getSitePhoto")
def get_photo(*, file_id: int, session: Session) -> Response:
    """Show a photo that a place of care shows to everybody"""
    photo = get_photo_file(session, file_id)
    return public_picture(session, file_id, sha256=photo.sha256)
