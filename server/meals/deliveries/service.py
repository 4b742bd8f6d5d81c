"""Make rounds, seal the boxes, and say at each door what became of the meal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import TryAgain
from server.db.tables import table_of
from server.errors import NotFound
from server.meals.counter.models import How
from server.meals.counter.receiving import Receipt, Telling, receive
from server.meals.deliveries import queries
from server.meals.deliveries.errors import (
    DeliveryCodeWrong,
    DropSettled,
    NothingToCarry,
    RoundNotSealed,
)
from server.meals.deliveries.models import DropState, MealDrop, MealRound
from server.meals.deliveries.roads import seconds_between
from server.meals.deliveries.rules import Door, arranged


@dataclass(frozen=True)
class AtTheDoor:
    """What a carrier says of a meal: by whose code or to whom it was handed, or why it was not."""

    key: str
    at: datetime
    code: str | None = None
    received_by: str | None = None
    reason: str | None = None
    is_offline: bool = False


def make_rounds(
    session: Session, *, canteen_id: int, sitting_id: int, carriers: Sequence[str]
) -> int:
    """Share the sitting's deliveries out to these carriers and return how many rounds there are.

    Homes whose place the register knows go by the shortest way from the canteen, the others after
    them by village and address, beside their neighbours. What is in a round stays there.

    Raises `NothingToCarry`.
    """
    doors = queries.list_to_carry(session, sitting_id)
    if not doors:
        raise NothingToCarry()
    runs = _arranged(session, canteen_id, doors, len(carriers))
    last: int = session.execute(
        select(func.coalesce(func.max(col(MealRound.number)), 0)).where(
            col(MealRound.sitting_id) == sitting_id
        )
    ).scalar_one()
    at_once = TryAgain()
    broken = {"uq_meal_round_sitting_id_number": at_once, "uq_meal_drop_booking_id": at_once}
    with refusing(session, broken):
        rounds = _write_rounds(session, canteen_id, sitting_id, carriers[: len(runs)], last)
        _write_drops(session, rounds, runs)
    return len(runs)


def seal_round(session: Session, round_id: int, *, at: datetime) -> None:
    """Note when the boxes of a round were sealed and left; twice is as good as once."""
    session.execute(
        update(MealRound)
        .where(col(MealRound.id) == round_id, col(MealRound.sealed_at).is_(None))
        .values(sealed_at=min(at, clock.now()))
    )


def say_at_the_door(session: Session, drop_id: int, said: AtTheDoor) -> Receipt:
    """Note that a meal was handed over, which collects it, or that nobody was at home.

    Raises `RoundNotSealed`, `DropSettled`, `DeliveryCodeWrong` and `NotFound`; what the collection
    itself is refused for stands in the receipt.
    """
    drop = queries.lock_drop(session, drop_id)
    if drop is None:
        raise NotFound()
    if drop.sealed_at is None:
        raise RoundNotSealed()
    if drop.state is DropState.HANDED or (drop.state is DropState.NOT_HOME and said.reason):
        return _said_before(drop.state, drop.booking_id, said)
    if said.reason is not None:
        _settle(session, drop_id, DropState.NOT_HOME, said)
        return Receipt(said.key, drop.booking_id)
    if said.code is not None and said.code != drop.code:
        raise DeliveryCodeWrong()
    return _hand_over(session, drop_id, drop.canteen_id, drop.booking_id, said)


def _arranged(
    session: Session, canteen_id: int, doors: Sequence[Door], carriers: int
) -> list[list[int]]:
    start = queries.find_start(session, canteen_id)
    pace = queries.get_pace(session, on=clock.today())
    durations = partial(seconds_between, pace=pace)
    rounds = arranged(doors, carriers, start=start, durations=durations)
    return [[door.booking_id for door in run] for run in rounds]


def _said_before(state: DropState, booking_id: int, said: AtTheDoor) -> Receipt:
    """Told again, the answer is the same; told otherwise, it is too late."""
    wanted = DropState.NOT_HOME if said.reason else DropState.HANDED
    if state is not wanted:
        raise DropSettled()
    return Receipt(said.key, booking_id)


def _hand_over(
    session: Session, drop_id: int, canteen_id: int, booking_id: int, said: AtTheDoor
) -> Receipt:
    telling = Telling(
        said.key, said.at, How.DELIVERY, booking_id=booking_id, is_offline=said.is_offline
    )
    [receipt] = receive(session, canteen_id, [telling])
    if receipt.refusal is None:
        _settle(session, drop_id, DropState.HANDED, said)
    return receipt


def _settle(session: Session, drop_id: int, state: DropState, said: AtTheDoor) -> None:
    session.execute(
        update(MealDrop)
        .where(col(MealDrop.id) == drop_id)
        .values(
            state=state,
            told_at=min(said.at, clock.now()),
            received_by=said.received_by,
            reason=said.reason,
        )
    )


def _write_rounds(
    session: Session, canteen_id: int, sitting_id: int, carriers: Sequence[str], last: int
) -> Sequence[int]:
    rows = [
        {"canteen_id": canteen_id, "sitting_id": sitting_id, "number": number, "carrier": carrier}
        for number, carrier in enumerate(carriers, start=last + 1)
    ]
    statement = insert(table_of(MealRound)).values(rows).returning(table_of(MealRound).c.id)
    return sorted(session.execute(statement).scalars().all())


def _write_drops(session: Session, rounds: Sequence[int], runs: Sequence[Sequence[int]]) -> None:
    rows = [
        {"round_id": round_id, "booking_id": booking_id, "position": position, "state": "waiting"}
        for round_id, run in zip(rounds, runs, strict=True)
        for position, booking_id in enumerate(run, start=1)
    ]
    session.execute(insert(table_of(MealDrop)).values(rows))
