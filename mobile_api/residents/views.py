"""A resident's own choices."""

from typing import Any

from sqlmodel import Session

from mobile_api.residents.schemas import ChooseUsualCanteenSchema, UsualCanteenSchema
from server.meals.queries.sittings import get_menu_version
from server.residents import service
from server.residents.queries import check_acts_for
from server.web.access import writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "residents", __name__, url_prefix="/v1/residents", description="The people one acts for."
)


@blueprint.put("/<int:resident_id>/usual-canteen")
@writes("meals.book")
@blueprint.arguments(ChooseUsualCanteenSchema)
@blueprint.response(200, UsualCanteenSchema)
@blueprint.doc(operationId="chooseUsualCanteen")
def choose_usual_canteen(
    command: dict[str, Any], *, resident_id: int, session: Session
) -> dict[str, Any]:
    """Remember where a resident usually eats"""
    check_acts_for(session, resident_id)
    get_menu_version(session, command["canteen_id"])
    service.choose_usual_canteen(session, resident_id, canteen_id=command["canteen_id"])
    return {"resident_id": resident_id, "usual_canteen_id": command["canteen_id"]}
