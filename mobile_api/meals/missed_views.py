"""Meals that somebody did not come for, and what follows from them."""

from typing import Any

import marshmallow as ma
from sqlmodel import Session

from server.meals.missing.policy import get_no_shows, list_missed
from server.residents.grants import check_may
from server.residents.models import HelperScope
from server.web.access import reads
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "missed_meals", __name__, url_prefix="/v1", description="Meals that nobody came for."
)


class MissedMealSchema(AnswerSchema):
    booking_id = ma.fields.Integer()
    service_on = ma.fields.Date()
    meal = ma.fields.String()
    canteen_name = ma.fields.String()


class MissedMealsSchema(AnswerSchema):
    """From `misses` in `days` days on, late places go to others where `refuses_late`."""

    items = ma.fields.List(ma.fields.Nested(MissedMealSchema))
    misses = ma.fields.Integer()
    days = ma.fields.Integer()
    refuses_late = ma.fields.Boolean()


@blueprint.get("/residents/<int:resident_id>/missed-meals")
@reads("meals.book")
@blueprint.response(200, MissedMealsSchema)
@blueprint.doc(operationId="listMissedMeals")
def list_missed_meals(*, resident_id: int, session: Session) -> dict[str, Any]:
    """List what a resident did not come for lately, and say what follows by the rule"""
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    rule = get_no_shows(session)
    rows = list_missed(session, resident_id, days=rule.days)
    return {
        "items": [{**row._mapping, "meal": row.meal.value} for row in rows],
        "misses": rule.misses,
        "days": rule.days,
        "refuses_late": rule.refuses_late,
    }
