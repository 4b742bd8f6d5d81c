"""The line of a sitting, as those who wait and the canteen see it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server.db.tables import spelled_out
from server.errors import NotFound
from server.meals.models import Sitting
from server.meals.waiting.models import MealWaiting, MealWaitingState
from server.providers.models import Site
from server.residents.models import Resident

OPEN = [spelled_out(MealWaitingState.WAITING), spelled_out(MealWaitingState.OFFERED)]


def find_waiting(session: Session, waiting_id: int) -> MealWaiting:
    """Return one place in a line; raises `NotFound`."""
    waiting: MealWaiting | None = session.execute(
        select(MealWaiting).where(col(MealWaiting.id) == waiting_id),
        execution_options={"populate_existing": True},
    ).scalar_one_or_none()
    if waiting is None:
        raise NotFound()
    return waiting


def find_resident_of(session: Session, waiting_id: int) -> int | None:
    """Return who waits there; None where this actor may not know."""
    return session.execute(
        select(col(MealWaiting.resident_id)).where(col(MealWaiting.id) == waiting_id)
    ).scalar_one_or_none()


def get_shown(session: Session, waiting_id: int) -> Row[Any]:
    """Return one place in a line with its sitting; raises `NotFound`."""
    row = session.execute(_shown().where(col(MealWaiting.id) == waiting_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_open(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return where these residents wait, offers first, then by day."""
    return session.execute(
        _shown()
        .where(col(MealWaiting.resident_id).in_(resident_ids), col(MealWaiting.state).in_(OPEN))
        .order_by(
            (col(MealWaiting.state) == MealWaitingState.OFFERED).desc(),
            col(MealWaiting.service_on),
            col(MealWaiting.id),
        )
    ).all()


def list_line(session: Session, canteen_id: int, *, since: Any) -> Sequence[Row[Any]]:
    """Return who waits at a canteen from a day on, by sitting and turn."""
    return session.execute(
        _shown()
        .where(
            col(MealWaiting.canteen_id) == canteen_id,
            col(MealWaiting.service_on) >= since,
            col(MealWaiting.state).in_(OPEN),
        )
        .order_by(
            col(MealWaiting.service_on),
            col(MealWaiting.sitting_id),
            col(MealWaiting.joined_at),
            col(MealWaiting.id),
        )
    ).all()


def _shown() -> Any:
    return (
        select(
            col(MealWaiting.id),
            col(MealWaiting.sitting_id),
            col(MealWaiting.canteen_id),
            col(MealWaiting.resident_id),
            col(MealWaiting.service_on),
            col(MealWaiting.meal),
            col(MealWaiting.state),
            col(MealWaiting.joined_at),
            col(MealWaiting.expires_at),
            col(MealWaiting.booking_id),
            col(Sitting.serves_from),
            col(Sitting.serves_until),
            col(Sitting.cutoff_at),
            col(Site.name).label("canteen_name"),
            col(Site.phone).label("canteen_phone"),
            col(Resident.name).label("resident_name"),
            _turn().label("turn"),
        )
        .join(Sitting, col(Sitting.id) == col(MealWaiting.sitting_id))
        .join(Site, col(Site.id) == col(MealWaiting.canteen_id))
        .join(Resident, col(Resident.id) == col(MealWaiting.resident_id))
    )


def _turn() -> Any:
    """How many stand there up to this one; whom the reader may not see is counted all the same."""
    return func.turn_in_line(col(MealWaiting.id))
