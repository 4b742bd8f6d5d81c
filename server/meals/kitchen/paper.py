"""纸质订餐: a form with names and boxes, and what came back on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import TryAgain, reaching_everywhere
from server.errors import DomainError
from server.meals.models import BookedBy, Diet
from server.meals.service import book_meal

TRIES = 3
# Whoever the canteen may know today; on which of the week's sittings they are booked already.
DINERS = text(
    """
    SELECT r.id, r.name, r.pinyin, coalesce(n.usual_diet, 'normal') AS usual_diet,
           array(SELECT b.sitting_id FROM booking b
                  WHERE b.resident_id = r.id AND b.canteen_id = :canteen
                    AND b.sitting_id = ANY (:sittings) AND b.status <> 'cancelled') AS booked
      FROM care_link c
      JOIN resident r ON r.id = c.resident_id AND r.merged_into_id IS NULL
                     AND r.died_on IS NULL AND r.moved_away_on IS NULL
      LEFT JOIN LATERAL (SELECT o.usual_diet FROM dietary_note o
                          WHERE o.resident_id = r.id
                          ORDER BY o.noted_at DESC, o.id DESC LIMIT 1) n ON true
     WHERE c.site_id = :canteen AND c.starts_on <= :today AND c.ends_on > :today
     ORDER BY r.pinyin, r.name, r.id
     LIMIT :most
    """
)
MOST_DINERS = 300


@dataclass(frozen=True)
class Wish:
    """A box that was ticked."""

    resident_id: int
    sitting_id: int
    diet: Diet | None = None


@dataclass(frozen=True)
class Keyed:
    """What became of a box: a booking, or why not."""

    wish: Wish
    refusal: DomainError | None


def list_paper_diners(
    session: Session, canteen_id: int, sitting_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return the diners that the canteen knows, as they stand on the form (by pinyin)."""
    values = {"canteen": canteen_id, "sittings": list(sitting_ids), "today": clock.today()}
    return session.execute(DINERS, {**values, "most": MOST_DINERS}).all()


def key_in(session: Session, wishes: Sequence[Wish]) -> list[Keyed]:
    """Book what stands on paper, box by box; one that is refused costs no other its place.

    Whom the canteen knows is for the caller to check (`list_paper_diners`): here the booking
    itself renews how long it may know them, which no canteen may write by itself.
    """
    with reaching_everywhere(session):
        return [Keyed(wish, _book(session, wish)) for wish in wishes]


def _book(session: Session, wish: Wish) -> DomainError | None:
    """Each box in a savepoint of its own, so that a broken constraint undoes that box alone."""
    lost: DomainError | None = None
    for _turn in range(TRIES):
        try:
            with session.begin_nested():
                book_meal(
                    session,
                    sitting_id=wish.sitting_id,
                    resident_id=wish.resident_id,
                    booked_by=BookedBy.PAPER,
                    diet=wish.diet,
                )
        except TryAgain as race:
            lost = race.otherwise
        except DomainError as refusal:
            return refusal
        else:
            return None
    return lost
