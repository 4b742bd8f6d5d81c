"""Propose that two residents are one, let another person confirm it, and undo it."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from server import clock
from server.db.refusals import broken_constraint, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.residents.departures.queries import list_departures, lock_residents
from server.residents.errors import (
    MergeCollides,
    MergeIsDecided,
    MergeStays,
    MergeUnusable,
    OwnProposal,
    PairIsDecided,
)
from server.residents.merging import moving, queries
from server.residents.merging.collisions import OF_A_CONSTRAINT, find_collisions
from server.residents.merging.duplicates import flag_duplicates_of
from server.residents.merging.events import Collision
from server.residents.merging.models import (
    MergeState,
    PairState,
    PossibleDuplicate,
    ResidentMerge,
)


def propose_merge(
    session: Session, pair_id: int, *, kept_id: int, taken: Sequence[str], reason: str
) -> ResidentMerge:
    """Propose that the two of a pair are one, kept under `kept_id`; nothing moves yet.

    `taken` are the fields that the kept one shall have from the other. Raises `MergeCollides`
    where it could not be confirmed, `PairIsDecided`, `MergeUnusable` and `NotFound`.
    """
    pair = queries.lock_pair(session, pair_id)
    if pair.state is not PairState.OPEN:
        raise PairIsDecided()
    if kept_id not in (pair.one_id, pair.other_id) or not set(taken) <= set(moving.CHOOSABLE):
        raise MergeUnusable()
    merged_id = pair.one_id + pair.other_id - kept_id
    _check_both_are_free(session, kept_id, merged_id)
    _check_nothing_collides(session, kept_id, merged_id)
    merge = ResidentMerge(
        pair_id=pair_id,
        kept_id=kept_id,
        merged_id=merged_id,
        taken=[name for name in moving.CHOOSABLE if name in taken],
        reason=reason.strip(),
        proposed_at=clock.now(),
        proposed_by=actor_of(session).staff_id,
    )
    with refusing(session, {"uq_resident_merge_one_standing": PairIsDecided()}):
        session.add(merge)
    return merge


def decline_merge(session: Session, merge_id: int, *, note: str) -> None:
    """Give a proposal back, so that the pair is open again; raises `MergeIsDecided`, `NotFound`.

    Whoever proposed it may take it back as well: that decides nothing about two people.
    """
    merge = _held(session, merge_id, MergeState.PROPOSED)
    own = merge.proposed_by == actor_of(session).staff_id
    merge.state = MergeState.DECLINED
    merge.decided_at = clock.now()
    merge.decided_by = None if own else actor_of(session).staff_id
    merge.note = note.strip()
    session.flush()


def confirm_merge(session: Session, merge_id: int) -> ResidentMerge:
    """Make the two one: everything of the other moves to the kept one, written into the journal.

    Raises `OwnProposal` for its proposer, `MergeCollides` with all that one person cannot have
    twice, `MergeIsDecided` and `NotFound`. A refusal moves nothing.
    """
    merge = _held(session, merge_id, MergeState.PROPOSED)
    if merge.proposed_by == actor_of(session).staff_id:
        raise OwnProposal()
    lock_residents(session, [merge.kept_id, merge.merged_id])
    _check_both_are_free(session, merge.kept_id, merge.merged_id)
    _check_nothing_collides(session, merge.kept_id, merge.merged_id)
    journal = _move(session, merge)
    merge.state = MergeState.DONE
    merge.decided_at = clock.now()
    merge.decided_by = actor_of(session).staff_id
    merge.journal = dict(journal)
    _settle_pair(session, merge, PairState.MERGED)
    flag_duplicates_of(session, [merge.kept_id])
    return merge


def undo_merge(session: Session, merge_id: int, *, reason: str) -> None:
    """Make two of them again by the journal; what was done for the kept one since stays with it.

    Raises `MergeStays` with what was changed since in a way that cannot be undone,
    `MergeIsDecided` and `NotFound`. A refusal moves nothing.
    """
    merge = _held(session, merge_id, MergeState.DONE)
    lock_residents(session, [merge.kept_id, merge.merged_id])
    _check_can_be_undone(session, merge)
    _move_back(session, merge)
    merge.state = MergeState.UNDONE
    merge.undone_at = clock.now()
    merge.undone_by = actor_of(session).staff_id
    merge.undo_reason = reason.strip()
    _settle_pair(session, merge, PairState.OPEN)


def _held(session: Session, merge_id: int, state: MergeState) -> ResidentMerge:
    """The merge as it is once its pair is held still; raises `MergeIsDecided`, `NotFound`."""
    queries.lock_pair(session, queries.get_merge(session, merge_id).pair_id)
    merge = queries.get_merge(session, merge_id)
    if merge.state is not state:
        raise MergeIsDecided()
    return merge


def _check_both_are_free(session: Session, kept_id: int, merged_id: int) -> None:
    """Neither was merged into anybody meanwhile."""
    sides = queries.list_sides(session, [kept_id, merged_id])
    if any(side.merged_into_id is not None for side in sides.values()):
        raise PairIsDecided()


def _check_nothing_collides(session: Session, kept_id: int, merged_id: int) -> None:
    with reaching_everywhere(session):
        collisions = find_collisions(session, kept_id=kept_id, merged_id=merged_id)
    if collisions:
        raise MergeCollides(collisions=[asdict(one) for one in collisions])


def _move(session: Session, merge: ResidentMerge) -> moving.Journal:
    """A constraint that nobody foresaw is told as a collision too."""
    try:
        with reaching_everywhere(session):
            return moving.move_all(
                session,
                kept_id=merge.kept_id,
                merged_id=merge.merged_id,
                taken=merge.taken,
                today=clock.today(),
            )
    except IntegrityError as error:
        name = broken_constraint(error)
        collision = Collision(OF_A_CONSTRAINT.get(name, "something-twice"))
        raise MergeCollides(collisions=[asdict(collision)], constraint=name) from error


def _check_can_be_undone(session: Session, merge: ResidentMerge) -> None:
    sides = queries.list_sides(session, [merge.kept_id])
    if sides[merge.kept_id].merged_into_id is not None:
        raise MergeStays(blockers=["merged-again"])
    if any(one.reversed_at is None for one in list_departures(session, merge.kept_id)):
        raise MergeStays(blockers=["departure-since"])
    journal = merge.journal or {}
    then = dict(journal["taken"])  # type: ignore[call-overload]
    now = moving.digests_of_taken(session, merge.kept_id, list(then))
    if changed := [name for name in then if now[name] != then[name]]:
        raise MergeStays(blockers=[f"changed-{name}" for name in changed])


def _move_back(session: Session, merge: ResidentMerge) -> None:
    try:
        with reaching_everywhere(session):
            lost = moving.move_back(
                session,
                kept_id=merge.kept_id,
                merged_id=merge.merged_id,
                journal=merge.journal or {},
            )
            if lost:
                raise MergeStays(blockers=[f"gone-{table}" for table in sorted(set(lost))])
    except IntegrityError as error:
        raise MergeStays(blockers=["something-twice"]) from error


def _settle_pair(session: Session, merge: ResidentMerge, state: PairState) -> None:
    pair = session.get_one(PossibleDuplicate, merge.pair_id)
    is_open = state is PairState.OPEN
    pair.state = state
    pair.decided_at = None if is_open else clock.now()
    pair.decided_by = None if is_open else actor_of(session).staff_id
    pair.reason = None if is_open else merge.reason
    session.flush()
    session.expire_all()
