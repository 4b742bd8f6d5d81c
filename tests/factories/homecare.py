"""Beds at home, and visits there."""

from datetime import date, datetime, time, timedelta

from server import clock
from server.facilities.referrals.models import RequestedBy
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.plans.models import CarePlan, CarePlanItem, PlanState
from server.homecare.visits.models import CareVisit, CareWish, VisitProof, VisitState
from server.identity.models import Role
from server.providers.models import FacilityKind
from tests.factories.meals import make_site
from tests.factories.people import LONG_AGO, make_staff

HERE = (112.85, 35.49)


def make_provider(session, **given):
    """居家养老服务组织."""
    return make_site(session, kind=FacilityKind.HOME_CARE_PROVIDER, **given)


def make_worker(session, bed):
    """A care worker of the bed's provider."""
    return make_staff(session, Role.CARE_WORKER, site_id=bed.site_id)


def make_home_bed(session, resident, site=None, *, state=HomeBedState.SERVING, **given):
    """A bed at home as it stands in the register, without its way there."""
    values = {
        "resident_id": resident.id,
        "site_id": site.id if site else None,
        "state": state,
        "since": clock.today(),
        "requested_by": RequestedBy.STAFF,
        "applied_at": clock.now(),
        "x": HERE[0],
        "y": HERE[1],
    } | given
    bed = HomeBed(**values)
    session.add(bed)
    session.flush()
    return bed


def make_visit(session, bed, worker, *, on: date | None = None, at=time(9), **given):
    """A planned visit of an hour."""
    starts_at = given.get("starts_at")
    day = on or (clock.day_of(starts_at) if starts_at else clock.today())
    values = {
        "home_bed_id": bed.id,
        "resident_id": bed.resident_id,
        "site_id": bed.site_id,
        "worker_id": worker.id,
        "service_on": day,
        "starts_at": datetime.combine(day, at, clock.CITY),
        "minutes": 60,
        "services": ["bathing"],
        "state": VisitState.PLANNED,
    } | given
    visit = CareVisit(**values)
    session.add(visit)
    session.flush()
    return visit


def make_proof(session, visit, *, minutes=60, **given):
    """The visit was made as planned, and said at once."""
    left = visit.starts_at + timedelta(minutes=minutes)
    values = {
        "visit_id": visit.id,
        "resident_id": visit.resident_id,
        "site_id": visit.site_id,
        "worker_id": visit.worker_id,
        "arrival_key": f"arrival-{visit.id}",
        "leaving_key": f"leaving-{visit.id}",
        "arrived_at": visit.starts_at,
        "arrived_recorded_at": visit.starts_at,
        "arrived_x": HERE[0],
        "arrived_y": HERE[1],
        "arrived_accuracy_m": 15,
        "left_at": left,
        "left_recorded_at": left,
        "left_x": HERE[0],
        "left_y": HERE[1],
        "left_accuracy_m": 15,
        "tasks_done": visit.services,
    } | given
    proof = VisitProof(**values)
    session.add(proof)
    session.flush()
    return proof


def make_wish(session, visit, **given):
    """A complaint about a visit that the provider has answered."""
    values = {
        "kind": "complaint",
        "resident_id": visit.resident_id,
        "site_id": visit.site_id,
        "visit_id": visit.id,
        "words": "上周没有来",
        "asked_at": clock.now() - timedelta(days=2),
        "due_on": clock.today() + timedelta(days=3),
        "answer": "已经补上",
        "answered_at": clock.now() - timedelta(days=1),
    } | given
    wish = CareWish(**values)
    session.add(wish)
    session.flush()
    return wish


def make_plan(
    session, bed, worker, *, weekdays=(1, 3, 5), starts=time(9), state="agreed",
    services=("bathing",), minutes=60, **given,
):  # fmt: skip
    """A plan with one item, agreed to long ago."""
    is_agreed = state in {"agreed", "replaced"}
    values = {
        "home_bed_id": bed.id,
        "resident_id": bed.resident_id,
        "site_id": bed.site_id,
        "state": PlanState(state),
        "starts_on": LONG_AGO,
        "drafted_at": clock.now(),
        "agreed_at": clock.now() if is_agreed else None,
    } | given
    plan = CarePlan(**values)
    session.add(plan)
    session.flush()
    item = CarePlanItem(
        plan_id=plan.id, resident_id=bed.resident_id, site_id=bed.site_id,
        services=list(services), weekdays=list(weekdays), starts=starts, minutes=minutes,
        worker_id=worker.id,
    )  # fmt: skip
    session.add(item)
    session.flush()
    return plan
