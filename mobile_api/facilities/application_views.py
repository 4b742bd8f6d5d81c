"""Apply for a bed, see one's place and why, answer an offer, leave the list."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.facilities import shown
from mobile_api.facilities.schemas import (
    AcceptOfferSchema,
    ApplicationSchema,
    ApplicationsSchema,
    ApplySchema,
)
from server.db.sessions import actor_of, reading
from server.facilities.referrals.models import RequestedBy
from server.facilities.waiting import answering, joining, queries
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "applications",
    __name__,
    url_prefix="/v1/applications",
    description="Waiting for a bed, and offers of one.",
)


@reading
def resident_of_application(*, session: Session) -> int | None:
    """Return whom the application in the address is for, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["application_id"])


@blueprint.post("")
@writes("facilities.apply")
@blueprint.arguments(ApplySchema)
@blueprint.response(201, ApplicationSchema)
@blueprint.doc(operationId="applyForBed")
def apply_for_bed(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Put a resident on the list of a home"""
    check_may(session, command["resident_id"], HelperScope.APPLY)
    is_self = command["resident_id"] in actor_of(session).own_resident_ids
    by = RequestedBy.SELF if is_self else RequestedBy.HELPER
    entry = joining.apply(session, **command, asked_by=by)
    return _shown(session, entry.id or 0)


@blueprint.get("")
@reads("facilities.apply")
@blueprint.response(200, ApplicationsSchema)
@blueprint.doc(operationId="listApplications")
def list_applications(*, session: Session) -> dict[str, Any]:
    """List applications of everybody this account may apply for, what still waits first"""
    residents = residents_within(session, HelperScope.APPLY)
    rows = queries.list_applications(session, residents)
    return {"items": [shown.application(row) for row in rows]}


@blueprint.get("/<int:application_id>")
@reads("facilities.apply")
@blueprint.response(200, ApplicationSchema)
@blueprint.doc(operationId="getApplication")
def get_application(*, application_id: int, session: Session) -> dict[str, Any]:
    """Show an application with the place in the list, and why it is that place"""
    _check(session, application_id)
    return _shown(session, application_id)


@blueprint.post("/<int:application_id>/end")
@writes("facilities.apply", for_resident=resident_of_application)
@blueprint.response(200, ApplicationSchema)
@blueprint.doc(operationId="leaveQueue")
def leave_queue(*, application_id: int, session: Session) -> dict[str, Any]:
    """Leave the list, at any time; doing it twice is as good as once"""
    _check(session, application_id)
    joining.leave(session, application_id)
    return _shown(session, application_id)


@blueprint.post("/<int:application_id>/offers/<int:offer_id>/acceptance")
@writes("facilities.apply", for_resident=resident_of_application)
@blueprint.arguments(AcceptOfferSchema)
@blueprint.response(200, ApplicationSchema)
@blueprint.doc(operationId="acceptOffer")
def accept_offer(
    command: dict[str, Any], *, application_id: int, offer_id: int, session: Session
) -> dict[str, Any]:
    """Take the bed that is offered: it is held from the day named"""
    _check(session, application_id)
    queries.check_offer_of(session, offer_id, application_id)
    answering.accept_offer(session, offer_id, planned_on=command["planned_on"])
    return _shown(session, application_id)


@blueprint.post("/<int:application_id>/offers/<int:offer_id>/refusal")
@writes("facilities.apply", for_resident=resident_of_application)
@blueprint.response(200, ApplicationSchema)
@blueprint.doc(operationId="declineOffer")
def decline_offer(*, application_id: int, offer_id: int, session: Session) -> dict[str, Any]:
    """Leave the offered bed to the next; the place in the list stays"""
    _check(session, application_id)
    queries.check_offer_of(session, offer_id, application_id)
    answering.decline_offer(session, offer_id)
    return _shown(session, application_id)


def _check(session: Session, application_id: int) -> None:
    entry = queries.get_entry(session, application_id)
    check_may(session, entry.resident_id, HelperScope.APPLY)


def _shown(session: Session, application_id: int) -> dict[str, Any]:
    return shown.application(queries.get_application(session, application_id))
