"""A plan is drafted by the provider, and counts once the elder or a helper has agreed to it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.plans import rules
from server.homecare.plans.errors import BedNotServing, PlanItemUnusable, PlanNotSo, PlanWaits
from server.homecare.plans.models import CarePlan, CarePlanItem, PlanState
from server.homecare.plans.queries import list_services
from server.homecare.plans.rules import Draft, Shortfall, Sum
from server.homecare.visits.cancelling import cancel_ahead
from server.homecare.visits.making import make_visits
from server.homecare.visits.models import CareVisit
from server.homecare.visits.roster import list_workers
from server.policies.queries import get_figures

REPLACED = "照护计划已调整"
MAY_HAVE_A_PLAN = (HomeBedState.BUILDING, HomeBedState.ACCEPTANCE, HomeBedState.SERVING,
                   HomeBedState.PAUSED, HomeBedState.SIGNING)  # fmt: skip


def weigh(session: Session, drafts: Sequence[Draft]) -> tuple[Sum, list[Shortfall]]:
    """Return what a draft adds up to and what it lacks; shown while drafting, and not refused.

    Raises `PlanItemUnusable` for a service that the catalogue lacks.
    """
    today = clock.today()
    catalogue = list_services(session, on=today)
    if any(code not in catalogue for draft in drafts for code in draft.services):
        raise PlanItemUnusable()
    minutes = {code: service.minutes for code, service in catalogue.items()}
    categories = {code: service.category.value for code, service in catalogue.items()}
    figures = get_figures(session, rules.PARAMETERS, on=today)
    total = rules.sum_of(drafts, minutes, categories)
    return total, rules.shortfalls(total, {key: int(one.value) for key, one in figures.items()})


@all_or_nothing
def draft_plan(
    session: Session, home_bed_id: int, drafts: Sequence[Draft], *, starts_on: date, note: str = ""
) -> CarePlan:
    """Put a new version before the elder. Raises `NotFound`, `BedNotServing`, `PlanWaits` and
    `PlanItemUnusable`.
    """
    bed = session.get(HomeBed, home_bed_id)
    if bed is None:
        raise NotFound()
    if bed.state not in MAY_HAVE_A_PLAN or bed.site_id is None:
        raise BedNotServing()
    _check_drafts(session, bed.site_id, drafts)
    plan = CarePlan(
        home_bed_id=home_bed_id,
        resident_id=bed.resident_id,
        site_id=bed.site_id,
        state=PlanState.DRAFTED,
        starts_on=starts_on,
        note=note,
        drafted_at=clock.now(),
        drafted_by=actor_of(session).staff_id,
    )
    with refusing(session, {"uq_care_plan_one_drafted": PlanWaits()}):
        session.add(plan)
    _add_items(session, plan, drafts)
    return plan


@all_or_nothing
def agree_to_plan(session: Session, plan_id: int) -> CarePlan:
    """The elder, or whoever acts for them, says yes: it counts, and the one before is replaced.

    Visits of the version before are called off from its first day on, and new ones made. Whether
    the account may speak for the resident is the caller's to ask. Raises `NotFound`, `PlanNotSo`.
    """
    plan = _hold(session, plan_id)
    if plan.state is PlanState.AGREED:
        return plan
    _check_drafted(plan)
    first = max(plan.starts_on, clock.today() + _ONE_DAY)
    with reaching_everywhere(session):
        _replace(session, plan, first)
        plan.state, plan.agreed_at = PlanState.AGREED, clock.now()
        plan.agreed_by = actor_of(session).account_id
        session.flush()
        make_visits(session, plan_id=plan_id)
    return plan


def decline_plan(session: Session, plan_id: int) -> CarePlan:
    """Say no: the version before goes on. Raises `NotFound`, `PlanNotSo`."""
    plan = _hold(session, plan_id)
    if plan.state is not PlanState.DECLINED:
        _check_drafted(plan)
        plan.state = PlanState.DECLINED
        session.flush()
    return plan


def withdraw_plan(session: Session, plan_id: int) -> CarePlan:
    """撤回: the provider takes back what nobody has agreed to. Raises `NotFound`, `PlanNotSo`."""
    plan = _hold(session, plan_id)
    if plan.state is not PlanState.WITHDRAWN:
        _check_drafted(plan)
        plan.state = PlanState.WITHDRAWN
        session.flush()
    return plan


_ONE_DAY = date.resolution


def _check_drafts(session: Session, site_id: int, drafts: Sequence[Draft]) -> None:
    today = clock.today()
    known = set(list_services(session, on=today))
    workers = {row.worker_id for row in list_workers(session, [site_id], on=today)}
    for draft in drafts:
        if not set(draft.services) <= known or draft.worker_id not in workers:
            raise PlanItemUnusable()
    if not drafts:
        raise PlanItemUnusable()


def _add_items(session: Session, plan: CarePlan, drafts: Sequence[Draft]) -> None:
    catalogue = list_services(session, on=clock.today())
    minutes = {code: service.minutes for code, service in catalogue.items()}
    whose = {"plan_id": plan.id, "resident_id": plan.resident_id, "site_id": plan.site_id}
    rows = [
        {
            **whose,
            "services": list(draft.services),
            "weekdays": sorted(set(draft.weekdays)),
            "starts": draft.starts,
            "minutes": rules.minutes_of(draft.services, minutes),
            "worker_id": draft.worker_id,
        }
        for draft in drafts
    ]
    session.execute(insert(table_of(CarePlanItem)), rows)


def _replace(session: Session, plan: CarePlan, first: date) -> None:
    agreed = (
        col(CarePlan.home_bed_id) == plan.home_bed_id,
        col(CarePlan.state) == PlanState.AGREED,
    )
    items = select(col(CarePlanItem.id)).join(
        CarePlan, col(CarePlan.id) == col(CarePlanItem.plan_id)
    )
    cancel_ahead(
        session, col(CareVisit.plan_item_id).in_(items.where(*agreed)), REPLACED, since=first
    )
    session.execute(
        update(CarePlan).where(*agreed).values(state=PlanState.REPLACED),
        execution_options={"synchronize_session": False},
    )


def _hold(session: Session, plan_id: int) -> CarePlan:
    query = select(CarePlan).where(col(CarePlan.id) == plan_id).with_for_update()
    plan: CarePlan | None = session.execute(query).scalar_one_or_none()
    if plan is None:
        raise NotFound()
    return plan


def _check_drafted(plan: CarePlan) -> None:
    if plan.state is not PlanState.DRAFTED:
        raise PlanNotSo(state=plan.state.value)
