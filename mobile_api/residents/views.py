"""A resident's own choices, and the ability level that the city has confirmed."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from mobile_api.residents.schemas import (
    AbilityLevelSchema,
    ChooseUsualCanteenSchema,
    UsualCanteenSchema,
)
from server import clock
from server.meals.queries.sittings import get_menu_version
from server.residents import service
from server.residents.assessments.queries import find_level
from server.residents.consents.models import Purpose
from server.residents.consents.service import check_consent
from server.residents.grants import check_may
from server.residents.models import HelperScope
from server.web.access import reads, writes
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
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    get_menu_version(session, command["canteen_id"])
    service.choose_usual_canteen(session, resident_id, canteen_id=command["canteen_id"])
    return {"resident_id": resident_id, "usual_canteen_id": command["canteen_id"]}


@blueprint.get("/<int:resident_id>/assessment")
@reads("residents.see-own-level")
@blueprint.response(200, AbilityLevelSchema)
@blueprint.doc(operationId="getAssessment")
def get_assessment(*, resident_id: int, session: Session) -> dict[str, Any]:
    """Show the ability level that holds today, and until when"""
    check_may(session, resident_id, HelperScope.SEE_HEALTH)
    check_consent(session, resident_id, Purpose.HEALTH)
    row = find_level(session, resident_id, on=clock.today())
    return {
        "resident_id": resident_id,
        "level": row.level if row else None,
        "assessed_on": row.assessed_on if row else None,
        "valid_until": row.ends_on - timedelta(days=1) if row else None,
        "scale_version": row.scale_version if row else None,
    }
