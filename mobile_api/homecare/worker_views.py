"""A care worker's phone: sign in, the day's list, and what was done, sent now or later."""

from datetime import timedelta
from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.homecare import shown
from mobile_api.homecare.schemas import (
    ReceiptsSchema,
    SendEventsSchema,
    VisitPhotoSchema,
    WorkerSignedInSchema,
    WorkerSignInSchema,
    WorkVisitsSchema,
)
from server import clock
from server.db.sessions import actor_of
from server.homecare.plans.queries import list_services
from server.homecare.visits import queries, rules
from server.homecare.visits.photos import keep_visit_photo
from server.homecare.visits.proving import Told
from server.homecare.visits.receiving import Event, receive, skew_of
from server.identity.models import Staff
from server.identity.rules import device_of
from server.identity.service import sign_ins
from server.identity.service.phone_door import sign_in_worker
from server.identity.service.staff_door import Caller
from server.policies.queries import get_figures
from server.web.access import at_the_door, client_address, reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pictures import bytes_of

blueprint = StrictBlueprint(
    "care_work", __name__, url_prefix="/v1", description="Visits, for whoever makes them."
)
DAYS_BACK, DAYS_AHEAD = 3, 7


@blueprint.post("/worker-sign-ins")
@at_the_door
@blueprint.arguments(WorkerSignInSchema)
@blueprint.response(201, WorkerSignedInSchema)
@blueprint.doc(operationId="signInWorker", security=[])
def sign_in(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Sign a care worker's phone in for a working day"""
    label = command.pop("device_label") or device_of(request.user_agent.string)
    caller = Caller(client_address(), label)
    came = sign_in_worker(session, **command, caller=caller)
    staff = session.get(Staff, came.sign_in.staff_id)
    name = staff.display_name if staff else ""
    return {"token": came.token, "expires_at": came.sign_in.expires_at, "name": name}


@blueprint.delete("/worker-sign-ins/current")
@writes("homecare.visit")
@blueprint.response(204)
@blueprint.doc(operationId="signOutWorker")
def sign_out(*, session: Session) -> None:
    """Sign a care worker's phone out"""
    sign_ins.sign_out(session)


@blueprint.get("/work-visits")
@reads("homecare.visit")
@blueprint.response(200, WorkVisitsSchema)
@blueprint.doc(operationId="listWorkVisits")
def list_work_visits(*, session: Session) -> dict[str, Any]:
    """List the signed-in care worker's visits, from three days ago to a week ahead"""
    today = clock.today()
    rows = queries.list_of_worker(
        session,
        actor_of(session).staff_id or 0,
        first=today - timedelta(days=DAYS_BACK),
        last=today + timedelta(days=DAYS_AHEAD),
    )
    catalogue = list_services(session, on=today)
    fence_m = int(get_figures(session, [rules.FENCE], on=today)[rules.FENCE].value)
    return {"items": [shown.work_visit(row, catalogue, fence_m=fence_m) for row in rows]}


@blueprint.post("/visit-events")
@writes("homecare.visit")
@blueprint.arguments(SendEventsSchema)
@blueprint.response(200, ReceiptsSchema)
@blueprint.doc(operationId="sendVisitEvents")
def send_visit_events(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Take in arrivals, leavings and confirmations, however late; each is kept once"""
    skew = skew_of(command["sent_at"], now=clock.now())
    events = [_event(given, skew) for given in command["events"]]
    return {"items": [shown.receipt(one) for one in receive(session, events)]}


@blueprint.put("/visit-photos/<leaving_key>")
@writes("homecare.visit")
@blueprint.arguments(VisitPhotoSchema)
@blueprint.response(204)
@blueprint.doc(operationId="sendVisitPhoto")
def send_visit_photo(command: dict[str, Any], *, leaving_key: str, session: Session) -> None:
    """Keep the photo taken at a leaving, named by its key, however late; once is enough"""
    keep_visit_photo(session, leaving_key, bytes_of(command["content"]))


def _event(given: dict[str, Any], skew: int) -> Event:
    place = {name: given[name] for name in ("key", "at", "x", "y", "accuracy_m")}
    return Event(
        given["kind"],
        given["visit_id"],
        Told(**place, skew_seconds=skew),
        given["tasks_done"],
        given["code"],
    )
