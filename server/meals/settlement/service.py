"""Draw a canteen's month up, and take it from stage to stage until it is paid.

What is collected late in a settled month, or found wrong there, is an adjustment of a month that is
still open: the settled one never changes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import BigInteger
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.meals.rules import SUBSIDY_BY_AGE
from server.meals.settlement import queries
from server.meals.settlement.errors import (
    AdjustmentDecided,
    AdjustmentsWait,
    MonthOfMealsIsSettled,
    MonthOfMealsStillOpen,
    NotThisStage,
    SamePerson,
)
from server.meals.settlement.models import (
    AdjustmentState,
    MealAdjustment,
    MealSettlement,
    SettlementStage,
)
from server.places.workdays import workday_after
from server.policies.queries import Figure, get_figures
from server.providers.queries import within

OPERATION = "meals.operation_per_person_day"
STAGE_DAYS, SEND_DAYS = "meals.settlement_days", "meals.settlement_waits_days"
# A slice of busy canteens is drawn up in a fraction of the longest that a statement may last.
A_SLICE = 10


def draws_up_from(session: Session, month: date) -> date:
    """Return the first day on which the month may be drawn up: counters have sent by then."""
    figure = get_figures(session, [SEND_DAYS], on=clock.today())[SEND_DAYS]
    return queries.next_month(month) + timedelta(days=int(figure.value))


def draw_up(session: Session, site_ids: Sequence[int], month: date) -> int:
    """Freeze what these canteens handed out in the month; returns how many were drawn up.

    All of them or none. Raises `MonthOfMealsStillOpen`, `AdjustmentsWait` and, where one of them
    is drawn up already, `MonthOfMealsIsSettled`.
    """
    _check(session, site_ids, month)
    figures = get_figures(session, [OPERATION, SUBSIDY_BY_AGE], on=month)
    call = func.draw_up_meals(
        cast(list(site_ids), ARRAY(BigInteger)),
        month,
        cast(literal(figures[SUBSIDY_BY_AGE].value, JSONB), JSONB),
        *_of_operation(figures[OPERATION]),
        _due_on(session, SettlementStage.DRAWN_UP),
        clock.now(),
        actor_of(session).staff_id,
    )
    with refusing(session, {"uq_meal_settlement_site_id_month": is_settled(month)}):
        return int(session.execute(select(call)).scalar_one())


def draw_up_slice(session: Session, prefixes: Sequence[str], month: date) -> int:
    """Draw up the next few canteens under these divisions; 0 once none is left.

    Whoever is drawn up stays so: beginning again goes on where it ended. Canteens whose
    adjustments wait are left out.
    """
    waiting = queries.list_to_draw_up(session, within(prefixes, ()), month)
    some = [row.id for row in waiting if not row.waiting][:A_SLICE]
    return draw_up(session, some, month) if some else 0


def confirm(session: Session, settlement_id: int) -> MealSettlement:
    """The canteen agrees with its sums. Raises `NotThisStage`."""
    held = _at(session, settlement_id, SettlementStage.DRAWN_UP)
    who = {"confirmed_at": clock.now(), "confirmed_by": actor_of(session).staff_id}
    return _go_on(session, held, SettlementStage.CONFIRMED, who)


def accept(session: Session, settlement_id: int) -> MealSettlement:
    """The county accepts them: neither who drew them up nor who confirmed them.

    Raises `NotThisStage` and `SamePerson`.
    """
    held = _at(session, settlement_id, SettlementStage.CONFIRMED)
    who = {"accepted_at": clock.now(), "accepted_by": actor_of(session).staff_id}
    return _go_on(session, held, SettlementStage.ACCEPTED, who)


def note_paid(
    session: Session, settlement_id: int, *, paid_on: date, paid_number: str
) -> MealSettlement:
    """Note by which payment order the canteen got its money. Raises `NotThisStage`."""
    held = _at(session, settlement_id, SettlementStage.ACCEPTED)
    order = {"paid_on": paid_on, "paid_number": paid_number, "paid_by": actor_of(session).staff_id}
    return _go_on(session, held, SettlementStage.PAID, order)


def is_as_frozen(session: Session, settlement: MealSettlement) -> bool:
    """True where the meals of a settlement still have the digest of its drawing up."""
    assert settlement.id is not None, "a stored row has its key"
    return queries.digest_now(session, settlement.id) == bytes(settlement.digest)


def ask_adjustment(
    session: Session,
    *,
    site_id: int,
    month: date,
    amount_fen: int,
    reason: str,
    booking_id: int | None = None,
) -> MealAdjustment:
    """Ask that an amount be put right in a month that is open; another person decides.

    Raises `MonthOfMealsIsSettled`.
    """
    staff_id = actor_of(session).staff_id
    assert staff_id is not None, "somebody of an office asks"
    asked = MealAdjustment(
        site_id=site_id,
        month=month,
        amount_fen=amount_fen,
        reason=reason,
        booking_id=booking_id,
        state=AdjustmentState.ASKED,
        asked_at=clock.now(),
        asked_by=staff_id,
    )
    with refusing(session, {"month_of_meals_is_open": is_settled(month)}):
        session.add(asked)
    return asked


def decide_adjustment(session: Session, adjustment_id: int, *, is_right: bool) -> MealAdjustment:
    """Accept or refuse what another person asked for, once.

    Raises `AdjustmentDecided`, `SamePerson`, `MonthOfMealsIsSettled`.
    """
    held = queries.hold_adjustment(session, adjustment_id)
    if held.state is not AdjustmentState.ASKED:
        raise AdjustmentDecided()
    broken = {
        "ck_meal_adjustment_decided_by_another": SamePerson(),
        "month_of_meals_is_open": is_settled(held.month),
    }
    with refusing(session, broken):
        held.state = AdjustmentState.ACCEPTED if is_right else AdjustmentState.REFUSED
        held.decided_at, held.decided_by = clock.now(), actor_of(session).staff_id
    return held


def is_settled(month: date) -> MonthOfMealsIsSettled:
    """Return the refusal of whatever comes after a month was drawn up."""
    named = {"month": f"{month:%Y-%m}", "next_month": f"{queries.next_month(month):%Y-%m}"}
    return MonthOfMealsIsSettled(**named)


def _check(session: Session, site_ids: Sequence[int], month: date) -> None:
    opens_on = draws_up_from(session, month)
    if clock.today() < opens_on:
        raise MonthOfMealsStillOpen(opens_on=opens_on.isoformat())
    asked = queries.list_adjustments(session, within((), site_ids), month=month)
    number = sum(row.state is AdjustmentState.ASKED for row in asked)
    if number:
        raise AdjustmentsWait(number=number)


def _of_operation(figure: Figure) -> tuple[int, int]:
    return int(figure.value), figure.parameter_id


def _due_on(session: Session, stage: SettlementStage) -> date:
    days = get_figures(session, [STAGE_DAYS], on=clock.today())[STAGE_DAYS].value
    return workday_after(clock.today(), int(days[stage.value]))


def _at(session: Session, settlement_id: int, stage: SettlementStage) -> MealSettlement:
    held = queries.hold_settlement(session, settlement_id)
    if held.stage is not stage:
        raise NotThisStage(stage=held.stage.value)
    return held


def _go_on(
    session: Session, held: MealSettlement, stage: SettlementStage, noted: Mapping[str, Any]
) -> MealSettlement:
    """Another person than before is the database's to hold; the names say which constraint."""
    people = ("accepted_by_another", "not_accepted_by_the_canteen")
    broken = {f"ck_meal_settlement_{name}": SamePerson() for name in people}
    due_on = held.due_on if stage is SettlementStage.PAID else _due_on(session, stage)
    with refusing(session, broken):
        for name, value in ({**noted} | {"stage": stage, "due_on": due_on}).items():
            setattr(held, name, value)
    return held
