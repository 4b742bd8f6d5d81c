"""The plan of one's care at home: read it, and say yes or no."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.homecare import shown
from mobile_api.homecare.schemas import CarePlanSchema, CarePlansSchema
from server import clock
from server.db.sessions import reading
from server.homecare.plans import queries, service
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "care_plans", __name__, url_prefix="/v1/care-plans", description="What was agreed to be done."
)


@reading
def resident_of_plan(*, session: Session) -> int | None:
    """Return whom the plan in the address is for, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["plan_id"])


@blueprint.get("")
@reads("homecare.see-care")
@blueprint.response(200, CarePlansSchema)
@blueprint.doc(operationId="listCarePlans")
def list_care_plans(*, session: Session) -> dict[str, Any]:
    """List the plans that count, and those that wait for a yes"""
    residents = residents_within(session, HelperScope.SEE_VISITS)
    rows = queries.list_plans_of_residents(session, residents)
    items = queries.items_of(session, [row.id for row in rows])
    catalogue = queries.list_services(session, on=clock.today())
    return {"items": [shown.plan(row, items[row.id], catalogue) for row in rows]}


@blueprint.post("/<int:plan_id>/agreement")
@writes("homecare.see-care", for_resident=resident_of_plan)
@blueprint.response(200, CarePlanSchema)
@blueprint.doc(operationId="agreeToCarePlan")
def agree_to_care_plan(*, plan_id: int, session: Session) -> dict[str, Any]:
    """Say yes: visits are made by it; doing it twice is as good as once"""
    _check_own(session, plan_id)
    service.agree_to_plan(session, plan_id)
    return _shown(session, plan_id)


@blueprint.post("/<int:plan_id>/refusal")
@writes("homecare.see-care", for_resident=resident_of_plan)
@blueprint.response(200, CarePlanSchema)
@blueprint.doc(operationId="declineCarePlan")
def decline_care_plan(*, plan_id: int, session: Session) -> dict[str, Any]:
    """Say no: what was agreed before goes on"""
    _check_own(session, plan_id)
    service.decline_plan(session, plan_id)
    return _shown(session, plan_id)


def _check_own(session: Session, plan_id: int) -> None:
    plan = queries.get_plan(session, plan_id)
    check_may(session, plan.resident_id, HelperScope.SEE_VISITS)


def _shown(session: Session, plan_id: int) -> dict[str, Any]:
    row = queries.get_plan(session, plan_id)
    items = queries.items_of(session, [plan_id])[plan_id]
    return shown.plan(row, items, queries.list_services(session, on=clock.today()))
