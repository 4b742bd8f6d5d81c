"""Whether somebody still lives here: nothing new is given to who has died or moved away."""

from sqlalchemy import select
from sqlmodel import Session, col

from server.residents.errors import ResidentGone
from server.residents.models import Resident


def check_still_here(session: Session, resident_id: int) -> None:
    """Raise `ResidentGone` for somebody who has died or moved away, by any report that stands.

    The resident is held until the transaction ends, as a report of a departure holds them: it
    comes before this question, or finds what is written after it and ends that. Whoever may not
    know of the resident is refused by row security, not here.
    """
    days = session.execute(
        select(col(Resident.died_on), col(Resident.moved_away_on))
        .where(col(Resident.id) == resident_id)
        .with_for_update(key_share=True, read=True)
    ).one_or_none()
    if days is not None and any(day is not None for day in days):
        raise ResidentGone()
