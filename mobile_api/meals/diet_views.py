"""饮食情况 on the phone: how it is cooked for somebody, and what they may not or would not eat."""

from typing import Any

import marshmallow as ma
from sqlmodel import Session

from server.meals.kitchen.needs import OFTEN_DISLIKED, find_needs, note_needs
from server.meals.models import Allergen, Diet, DietaryNote
from server.residents.grants import check_may
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictBlueprint, StrictSchema

blueprint = StrictBlueprint(
    "eating_needs", __name__, url_prefix="/v1", description="What somebody may not eat."
)
PERMISSION = "meals.book"
MOST_DISLIKES = 10


class EatingNeedsSchema(AnswerSchema):
    """`often_disliked` are words to choose from: parts of names of dishes."""

    resident_id = ma.fields.Integer()
    usual_diet = ma.fields.String()
    allergens = ma.fields.List(ma.fields.String())
    dislikes = ma.fields.List(ma.fields.String())
    often_disliked = ma.fields.List(ma.fields.String())
    noted_at = ma.fields.AwareDateTime(allow_none=True)


class NoteEatingNeedsSchema(StrictSchema):
    usual_diet = ma.fields.Enum(Diet, by_value=True, required=True)
    allergens = ma.fields.List(
        ma.fields.Enum(Allergen, by_value=True),
        required=True,
        validate=ma.validate.Length(max=len(Allergen)),
    )
    dislikes = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(min=1, max=20)),
        required=True,
        validate=ma.validate.Length(max=MOST_DISLIKES),
    )


@blueprint.get("/residents/<int:resident_id>/eating-needs")
@reads(PERMISSION)
@blueprint.response(200, EatingNeedsSchema)
@blueprint.doc(operationId="getEatingNeeds")
def get_eating_needs(*, resident_id: int, session: Session) -> dict[str, Any]:
    """Show how it is cooked for a resident, what they may not eat, and what they dislike"""
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    return _shown(resident_id, find_needs(session, resident_id))


@blueprint.put("/residents/<int:resident_id>/eating-needs")
@writes(PERMISSION)
@blueprint.arguments(NoteEatingNeedsSchema)
@blueprint.response(200, EatingNeedsSchema)
@blueprint.doc(operationId="noteEatingNeeds")
def note_eating_needs(
    command: dict[str, Any], *, resident_id: int, session: Session
) -> dict[str, Any]:
    """Note it anew; kitchens see it from now on, and coming bookings are cooked so"""
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    command["dislikes"] = list(dict.fromkeys(command["dislikes"]))
    return _shown(resident_id, note_needs(session, resident_id, **command))


def _shown(resident_id: int, noted: DietaryNote | None) -> dict[str, Any]:
    return {
        "resident_id": resident_id,
        "usual_diet": noted.usual_diet if noted else Diet.NORMAL.value,
        "allergens": noted.allergens if noted else [],
        "dislikes": noted.dislikes if noted else [],
        "often_disliked": OFTEN_DISLIKED,
        "noted_at": noted.noted_at if noted else None,
    }
