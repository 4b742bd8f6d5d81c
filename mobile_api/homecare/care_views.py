"""Who comes when, and what one says to it."""

from datetime import timedelta
from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.homecare import shown
from mobile_api.homecare.schemas import (
    CareVisitsArgs,
    CareVisitSchema,
    CareVisitsSchema,
    CareWishKeptSchema,
    CareWishSchema,
    RateVisitSchema,
)
from server import clock
from server.db.sessions import reading
from server.homecare.plans.queries import list_services
from server.homecare.visits import hearing, queries
from server.homecare.visits.models import CareVisit
from server.homecare.visits.proving import confirm_from_afar
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "care_visits", __name__, url_prefix="/v1/care-visits", description="Who comes to one's home."
)
DAYS_BACK, DAYS_AHEAD = 31, 14


@reading
def resident_of_visit(*, session: Session) -> int | None:
    """Return whom the visit in the address is for, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["visit_id"])


@blueprint.get("")
@reads("homecare.see-care")
@blueprint.arguments(CareVisitsArgs, location="query")
@blueprint.response(200, CareVisitsSchema)
@blueprint.doc(operationId="listCareVisits")
def list_care_visits(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List who comes when, from a month ago to two weeks ahead"""
    if args["resident_id"] is not None:
        check_may(session, args["resident_id"], HelperScope.SEE_VISITS)
        residents = [args["resident_id"]]
    else:
        residents = residents_within(session, HelperScope.SEE_VISITS)
    today = clock.today()
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    rows = queries.list_of_residents(session, residents, first=first, last=last)
    catalogue = list_services(session, on=today)
    return {"items": [shown.care_visit(row, catalogue) for row in rows]}


@blueprint.get("/<int:visit_id>")
@reads("homecare.see-care")
@blueprint.response(200, CareVisitSchema)
@blueprint.doc(operationId="getCareVisit")
def get_care_visit(*, visit_id: int, session: Session) -> dict[str, Any]:
    """Show one visit with the code that confirms it"""
    _own(session, visit_id)
    return _shown(session, visit_id)


@blueprint.post("/<int:visit_id>/confirmation")
@writes("homecare.see-care", for_resident=resident_of_visit)
@blueprint.response(200, CareVisitSchema)
@blueprint.doc(operationId="confirmCareVisit")
def confirm_care_visit(*, visit_id: int, session: Session) -> dict[str, Any]:
    """Say that somebody came; doing it twice is as good as once"""
    confirm_from_afar(session, _own(session, visit_id))
    return _shown(session, visit_id)


@blueprint.put("/<int:visit_id>/rating")
@writes("homecare.see-care", for_resident=resident_of_visit)
@blueprint.arguments(RateVisitSchema)
@blueprint.response(200, CareVisitSchema)
@blueprint.doc(operationId="rateCareVisit")
def rate_care_visit(command: dict[str, Any], *, visit_id: int, session: Session) -> dict[str, Any]:
    """Say how it was, by one of three faces"""
    hearing.rate(session, _own(session, visit_id), **command)
    return _shown(session, visit_id)


@blueprint.post("/<int:visit_id>/wishes")
@writes("homecare.see-care", for_resident=resident_of_visit)
@blueprint.arguments(CareWishSchema)
@blueprint.response(201, CareWishKeptSchema)
@blueprint.doc(operationId="sayCareWish")
def say_care_wish(command: dict[str, Any], *, visit_id: int, session: Session) -> dict[str, Any]:
    """Ask for a change, or complain; the provider and the county read it"""
    said = hearing.wish(session, _own(session, visit_id), **command)
    return {"id": said.id, "kind": said.kind.value, "asked_at": said.asked_at}


def _own(session: Session, visit_id: int) -> CareVisit:
    visit = queries.get_visit(session, visit_id)
    check_may(session, visit.resident_id, HelperScope.SEE_VISITS)
    return visit


def _shown(session: Session, visit_id: int) -> dict[str, Any]:
    catalogue = list_services(session, on=clock.today())
    return shown.care_visit(queries.get_shown(session, visit_id), catalogue)
