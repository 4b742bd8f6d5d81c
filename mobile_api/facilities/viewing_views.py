"""Ask for a visit to a home, see what was answered, call it off."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.facilities import shown
from mobile_api.facilities.schemas import AskForViewingSchema, ViewingSchema, ViewingsSchema
from server.db.sessions import reading
from server.facilities.viewings import queries, service
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "viewings", __name__, url_prefix="/v1/viewings", description="Visits to homes."
)


@reading
def resident_of_viewing(*, session: Session) -> int | None:
    """Return whom the visit in the address is for, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["viewing_id"])


@blueprint.post("")
@writes("facilities.apply")
@blueprint.arguments(AskForViewingSchema)
@blueprint.response(201, ViewingSchema)
@blueprint.doc(operationId="askForViewing")
def ask_for_viewing(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Ask a home for a visit on a half day"""
    check_may(session, command["resident_id"], HelperScope.APPLY)
    viewing = service.ask_for_viewing(session, **command)
    return shown.viewing(queries.get_shown(session, viewing.id or 0))


@blueprint.get("")
@reads("facilities.apply")
@blueprint.response(200, ViewingsSchema)
@blueprint.doc(operationId="listViewings")
def list_viewings(*, session: Session) -> dict[str, Any]:
    """List visits of everybody this account may apply for, those ahead first"""
    residents = residents_within(session, HelperScope.APPLY)
    return {"items": [shown.viewing(row) for row in queries.list_viewings(session, residents)]}


@blueprint.post("/<int:viewing_id>/cancellation")
@writes("facilities.apply", for_resident=resident_of_viewing)
@blueprint.response(200, ViewingSchema)
@blueprint.doc(operationId="cancelViewing")
def cancel_viewing(*, viewing_id: int, session: Session) -> dict[str, Any]:
    """Call a visit off; doing it twice is as good as once"""
    check_may(session, queries.get_viewing(session, viewing_id).resident_id, HelperScope.APPLY)
    service.cancel_viewing(session, viewing_id)
    return shown.viewing(queries.get_shown(session, viewing_id))
