"""What one asked for or complained of, what was answered, and that it is not solved."""

from typing import Any

from flask import request
from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.homecare.schemas import CareWishesSchema, NotSolvedSchema, SaidWishSchema
from server.db.sessions import reading
from server.homecare.visits import hearing, wishes
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "said_wishes", __name__, url_prefix="/v1/care-wishes", description="What one said of care."
)


@reading
def resident_of_wish(*, session: Session) -> int | None:
    """Return whose words they are, as far as this actor may know."""
    return wishes.find_resident_of(session, (request.view_args or {})["wish_id"])


@blueprint.get("")
@reads("homecare.see-care")
@blueprint.response(200, CareWishesSchema)
@blueprint.doc(operationId="listCareWishes")
def list_care_wishes(*, session: Session) -> dict[str, Any]:
    """List what one asked for and complained of, the latest first, with the answers"""
    residents = residents_within(session, HelperScope.SEE_VISITS)
    return {"items": [_shown(row) for row in wishes.list_of_residents(session, residents)]}


@blueprint.post("/<int:wish_id>/follow-up")
@writes("homecare.see-care", for_resident=resident_of_wish)
@blueprint.arguments(NotSolvedSchema)
@blueprint.response(201, SaidWishSchema)
@blueprint.doc(operationId="sayNotSolved")
def say_not_solved(command: dict[str, Any], *, wish_id: int, session: Session) -> dict[str, Any]:
    """Say of an answer that nothing is solved; the county looks into it"""
    check_may(session, wishes.get_resident_of(session, wish_id), HelperScope.SEE_VISITS)
    said = hearing.say_not_solved(session, wish_id, **command)
    [row] = wishes.list_of_residents(session, [said.resident_id], wish_id=said.id)
    return _shown(row)


def _shown(row: Row[Any]) -> dict[str, Any]:
    names = ("id", "words", "asked_at", "due_on", "answer", "answered_at", "resident_name")
    return {
        **{name: row._mapping[name] for name in names},
        "kind": row.kind.value,
        "site_name": row.site_name,
        "is_with_county": hearing.is_with_county(row),
        "can_follow_up": row.answered_at is not None and not row.is_followed,
    }
