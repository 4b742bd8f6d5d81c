"""Ask for a bed at home, see where it stands, take it back."""

from datetime import timedelta
from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.homecare import bed_shown
from mobile_api.homecare.bed_schemas import (
    ApplyForHomeBedSchema,
    HomeBedsSchema,
    OneHomeBedSchema,
)
from server import clock
from server.db.sessions import actor_of, reading
from server.facilities.referrals.models import RequestedBy
from server.homecare.alarms.queries import list_of_residents
from server.homecare.beds import applying, queries
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "home-beds",
    __name__,
    url_prefix="/v1/home-beds",
    description="Care beds at home: asking for one, and where it stands.",
)

PERMISSION = "homecare.apply"
ALARMS_OF = timedelta(days=30)


@reading
def resident_of_bed(*, session: Session) -> int | None:
    """Return whose bed stands in the address, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["home_bed_id"])


@blueprint.post("")
@writes(PERMISSION)
@blueprint.arguments(ApplyForHomeBedSchema)
@blueprint.response(201, OneHomeBedSchema)
@blueprint.doc(operationId="applyForHomeBed")
def apply_for_home_bed(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Ask for a care bed at home for a resident"""
    check_may(session, command["resident_id"], HelperScope.APPLY)
    is_self = command["resident_id"] in actor_of(session).own_resident_ids
    by = RequestedBy.SELF if is_self else RequestedBy.HELPER
    bed = applying.apply(session, **command, requested_by=by)
    return _shown(session, bed.id or 0)


@blueprint.get("")
@reads(PERMISSION)
@blueprint.response(200, HomeBedsSchema)
@blueprint.doc(operationId="listHomeBeds")
def list_home_beds(*, session: Session) -> dict[str, Any]:
    """List care beds at home of everybody this account may apply for, what goes on first"""
    rows = queries.list_of_residents(session, residents_within(session, HelperScope.APPLY))
    return {"items": [bed_shown.bed(row) for row in rows]}


@blueprint.get("/<int:home_bed_id>")
@reads(PERMISSION)
@blueprint.response(200, OneHomeBedSchema)
@blueprint.doc(operationId="getHomeBed")
def get_home_bed(*, home_bed_id: int, session: Session) -> dict[str, Any]:
    """Show where a care bed at home stands, what comes next, and by when"""
    check_may(session, queries.get_bed(session, home_bed_id).resident_id, HelperScope.APPLY)
    return _shown(session, home_bed_id)


@blueprint.post("/<int:home_bed_id>/end")
@writes(PERMISSION, for_resident=resident_of_bed)
@blueprint.response(200, OneHomeBedSchema)
@blueprint.doc(operationId="withdrawHomeBed")
def withdraw_home_bed(*, home_bed_id: int, session: Session) -> dict[str, Any]:
    """Take it back, at any time; doing it twice is as good as once"""
    check_may(session, queries.get_bed(session, home_bed_id).resident_id, HelperScope.APPLY)
    applying.withdraw(session, home_bed_id)
    return _shown(session, home_bed_id)


def _shown(session: Session, home_bed_id: int) -> dict[str, Any]:
    row = queries.get_bed(session, home_bed_id)
    moves = queries.list_moves(session, home_bed_id)
    alarms = list_of_residents(session, [row.resident_id], since=clock.now() - ALARMS_OF)
    agreements = queries.list_agreements(session, home_bed_id)
    return bed_shown.one_bed(row, moves, agreements, alarms)
