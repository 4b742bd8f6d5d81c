"""An office says its word on a claim: on to the next one, through, back to be mended, or no."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.policies.programmes.schema import Programme
from server.subsidies.claims.asking import is_complete, list_evidence
from server.subsidies.claims.errors import ClaimHasChanged, HasAPart, NotThisOffice
from server.subsidies.claims.looking import Look, look_at_all
from server.subsidies.claims.models import (
    ClaimState,
    ClaimStep,
    SubsidyClaim,
    SubsidyClaimHand,
    SubsidyClaimLook,
)
from server.subsidies.claims.offices import Office, office_for, offices_of
from server.subsidies.claims.rules import PART_AT, STATE_AT, following
from server.subsidies.claims.telling import News, tell
from server.subsidies.claims.versions import due_after, read_versions
from server.subsidies.claims.writing import HANDS, Taken, hold_claims, wanted_of, write_steps

MOST_AT_ONCE = 500
BOTH_WAYS = (ClaimStep.ACCEPT, ClaimStep.PASS)


@dataclass(frozen=True)
class Passed:
    """What became of many claims at once: those that went on, and those that were left."""

    done: Sequence[int]
    left: Sequence[int]


@all_or_nothing
def let_through(session: Session, claim_id: int, *, seen: str) -> SubsidyClaim:
    """Say yes to a claim, as it was seen: `seen` is the digest of the look that was shown.

    It goes on to the next office, or is accepted. Raises `ClaimIsNotSo`, `NotThisOffice`,
    `ClaimHasChanged`, `HasAPart` and `NotFound`.
    """
    with reaching_everywhere(session):
        claim = hold_claims(session, [claim_id], ClaimStep.ACCEPT)[0]
        office = _office(session, claim)
        look = look_at_all(session, wanted_of(session, [claim]))[0]
        if look.digest.hex() != seen:
            raise ClaimHasChanged()
        _pass_on(session, [(claim, office, look)])
    return claim


@all_or_nothing
def let_all_through(session: Session, claim_ids: Sequence[int]) -> Passed:
    """Say yes to every claim that is clean: complete, unchanged, and nobody's second part.

    The others are left where they are. By a few statements, however many there are.
    """
    with reaching_everywhere(session):
        query = select(SubsidyClaim).where(col(SubsidyClaim.id).in_(claim_ids[:MOST_AT_ONCE]))
        held = session.exec(query.order_by(col(SubsidyClaim.id)).with_for_update()).all()
        clean = list_clean(session, held, offices_of(session))
        _pass_on(session, clean)
    done = [claim.id or 0 for claim, _, _ in clean]
    return Passed(done, sorted(set(claim_ids) - set(done)))


def list_clean(
    session: Session, claims: Sequence[SubsidyClaim], offices: Sequence[Office]
) -> list[tuple[SubsidyClaim, Office, Look]]:
    """Return the claims that could be let through together, with the office and a fresh look."""
    ids = [claim.id or 0 for claim in claims]
    programmes = read_versions(session, [claim.version_id for claim in claims])
    papers, known = list_evidence(session, ids), _last_digests(session, ids)
    touched = _touched(session, ids, offices)
    looks = look_at_all(session, wanted_of(session, claims))
    found = []
    for claim, seen in zip(claims, looks, strict=True):
        office = office_for(offices, claim)
        number = claim.id or 0
        is_whole = is_complete(programmes[claim.version_id], papers.get(number, set()))
        is_same = known.get(number) == seen.digest and bool(seen.cases)
        if office and is_whole and is_same and number not in touched:
            found.append((claim, office, seen))
    return found


@all_or_nothing
def give_back(session: Session, claim_id: int, *, words: str) -> SubsidyClaim:
    """Return a claim to be mended. Raises as `let_through`, but for what has changed."""
    return _say_no(session, claim_id, ClaimStep.RETURN, words)


@all_or_nothing
def refuse(session: Session, claim_id: int, *, words: str) -> SubsidyClaim:
    """Refuse a claim for good; another may be begun. Raises as `give_back`."""
    return _say_no(session, claim_id, ClaimStep.REFUSE, words)


def _say_no(session: Session, claim_id: int, step: ClaimStep, words: str) -> SubsidyClaim:
    with reaching_everywhere(session):
        claim = hold_claims(session, [claim_id], step)[0]
        office, before, was_due = _office(session, claim), claim.state, claim.due_on
        is_back = step is ClaimStep.RETURN
        claim.state = ClaimState.RETURNED if is_back else ClaimState.REFUSED
        claim.due_on, claim.words = None, words
        taken = Taken(
            claim, step, before, PART_AT[before], None, office.for_staff_id, words, was_due
        )
        with refusing(session, HANDS):
            write_steps(session, [taken])
        tell(session, [claim_id], News.RETURNED if is_back else News.REFUSED)
    return claim


def _office(session: Session, claim: SubsidyClaim) -> Office:
    office = office_for(offices_of(session), claim)
    if office is None:
        raise NotThisOffice()
    own = select(SubsidyClaimHand).where(
        SubsidyClaimHand.claim_id == claim.id,
        col(SubsidyClaimHand.staff_id) == actor_of(session).staff_id,
        col(SubsidyClaimHand.part) != PART_AT[claim.state],
    )
    if session.exec(own).first() is not None:
        raise HasAPart()
    return office


def _pass_on(session: Session, agreed: Sequence[tuple[SubsidyClaim, Office, Look]]) -> None:
    programmes = read_versions(session, [claim.version_id for claim, _, _ in agreed])
    taken = [
        _move_on(claim, office, look, programmes[claim.version_id])
        for claim, office, look in agreed
    ]
    with refusing(session, HANDS):
        write_steps(session, taken)
    decided = [one.claim.id or 0 for one in taken if one.step is ClaimStep.ACCEPT]
    tell(session, decided, News.DECIDED)


def _move_on(claim: SubsidyClaim, office: Office, look: Look, programme: Programme) -> Taken:
    assert programme.approval is not None, "a programme that is claimed has its offices"
    before, was_due = claim.state, claim.due_on
    coming = following(programme.approval.stages, before)
    claim.cases, claim.expected_fen, claim.words = len(look.cases), look.total_fen, ""
    claim.state = STATE_AT[coming.at] if coming else ClaimState.ACCEPTED
    claim.due_on = due_after(clock.today(), coming.working_days) if coming else None
    step = ClaimStep.PASS if coming else ClaimStep.ACCEPT
    return Taken(claim, step, before, PART_AT[before], look, office.for_staff_id, "", was_due)


def _last_digests(session: Session, ids: Sequence[int]) -> dict[int, bytes]:
    looks = table_of(SubsidyClaimLook)
    query = (
        looks.select()
        .with_only_columns(looks.c.claim_id, looks.c.digest)
        .where(looks.c.claim_id.in_(ids))
        .order_by(looks.c.claim_id, looks.c.id)
    )
    return {row.claim_id: bytes(row.digest) for row in session.execute(query)}


def _touched(session: Session, ids: Sequence[int], offices: Sequence[Office]) -> set[int]:
    """Claims in which the actor, or whom they stand in for, has another part already."""
    who = {actor_of(session).staff_id, *(one.for_staff_id for one in offices)}
    query = select(SubsidyClaimHand, SubsidyClaim).where(
        col(SubsidyClaimHand.claim_id).in_(ids),
        col(SubsidyClaimHand.staff_id).in_(who - {None}),
        col(SubsidyClaim.id) == col(SubsidyClaimHand.claim_id),
    )
    return {
        hand.claim_id
        for hand, claim in session.exec(query)
        if PART_AT.get(claim.state) is not hand.part
    }
