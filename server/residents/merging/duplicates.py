"""Residents who look like one person twice, put down as pairs for somebody to look at."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.residents.errors import PairIsDecided
from server.residents.merging import queries
from server.residents.merging.models import PairState, PossibleDuplicate

# `{looked_at}` are the residents to look at; each is held against the whole register. What is
# known, whatever was decided of it, stays as it is.
FIND = """
    INSERT INTO possible_duplicate (one_id, other_id, why, found_at, state)
    SELECT DISTINCT least(a.id, b.id), greatest(a.id, b.id),
           array_remove(ARRAY[CASE WHEN a.phone = b.phone THEN 'phone' END,
                              CASE WHEN a.village_code = b.village_code THEN 'village' END], NULL),
           CAST(:at AS timestamptz), 'open'
      FROM ({looked_at}) AS looked_at
      JOIN resident a ON a.id = looked_at.id AND a.merged_into_id IS NULL
      JOIN resident b ON b.name = a.name AND b.born_on = a.born_on AND b.id <> a.id
                     AND b.merged_into_id IS NULL
                     AND (b.phone = a.phone OR b.village_code = a.village_code)
        ON CONFLICT (one_id, other_id) DO NOTHING
"""
FIND_ALL = text(FIND.format(looked_at="SELECT id FROM resident"))
FIND_OF = text(FIND.format(looked_at="SELECT unnest(CAST(:ids AS bigint[])) AS id"))


def find_duplicates(session: Session) -> int:
    """Look through the whole register and return how many pairs are new; idempotent."""
    return session.connection().execute(FIND_ALL, {"at": clock.now()}).rowcount


def flag_duplicates_of(session: Session, resident_ids: Sequence[int]) -> int:
    """Put down with whom these could be one person, also beyond the reach of who enters them."""
    with reaching_everywhere(session):
        values = {"ids": list(resident_ids), "at": clock.now()}
        return session.connection().execute(FIND_OF, values).rowcount


def tell_apart(session: Session, pair_id: int, *, reason: str) -> PossibleDuplicate:
    """Note that the two are not one person; no search finds the pair again.

    Raises `NotFound` beyond one's reach, and `PairIsDecided`, also while a merge is proposed.
    """
    pair = queries.lock_pair(session, pair_id)
    if pair.state is not PairState.OPEN or queries.find_standing_merge(session, pair_id):
        raise PairIsDecided()
    pair.state = PairState.DIFFERENT
    pair.decided_at = clock.now()
    pair.decided_by = actor_of(session).staff_id
    pair.reason = reason.strip()
    session.flush()
    return pair
