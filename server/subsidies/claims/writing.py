"""What every step of a claim writes down: hands, looks, and the step itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.subsidies.claims.errors import ClaimIsNotSo, HasAPart
from server.subsidies.claims.looking import Look, Wanted
from server.subsidies.claims.models import (
    ClaimState,
    ClaimStep,
    Part,
    SubsidyClaim,
    SubsidyClaimHand,
    SubsidyClaimLook,
    SubsidyClaimStep,
)
from server.subsidies.claims.rules import Stretch
from server.subsidies.claims.states import MOVES
from server.subsidies.claims.versions import read_versions

HANDS: Mapping[str, Exception] = {
    "fk_subsidy_claim_step_hand": HasAPart(),
    "fk_subsidy_claim_step_for_hand": HasAPart(),
}


@dataclass(frozen=True)
class Taken:
    """A step that is about to be written down."""

    claim: SubsidyClaim
    step: ClaimStep
    before: ClaimState | None
    part: Part
    look: Look | None = None
    for_staff_id: int | None = None
    words: str = ""
    was_due_on: Any = None


def hold_claims(
    session: Session, claim_ids: Sequence[int], step: ClaimStep
) -> Sequence[SubsidyClaim]:
    """Lock claims that may take a step; raises `ClaimIsNotSo`, and `NotFound` for any missing."""
    query = select(SubsidyClaim).where(col(SubsidyClaim.id).in_(claim_ids))
    query = query.order_by(col(SubsidyClaim.id)).with_for_update()
    claims = session.exec(query.execution_options(populate_existing=True)).all()
    if len(claims) < len(set(claim_ids)):
        raise NotFound()
    for claim in claims:
        if claim.state not in MOVES[step].before:
            raise ClaimIsNotSo(state=claim.state.value)
    return claims


def wanted_of(session: Session, claims: Sequence[SubsidyClaim]) -> list[Wanted]:
    """Return what is looked at for each of the claims."""
    programmes = read_versions(session, [claim.version_id for claim in claims])
    return [
        Wanted(
            programmes[claim.version_id],
            claim.claimant,
            claim.claimant_id,
            Stretch(claim.first_month, claim.months),
        )
        for claim in claims
    ]


def write_steps(session: Session, taken: Sequence[Taken]) -> None:
    """Write steps down with their looks and hands; flushes the claims too."""
    session.flush()
    _put_hands(session, taken)
    looks = [_look_row(one) for one in taken]
    session.add_all([look for look in looks if look is not None])
    session.flush()
    numbers = _next_numbers(session, taken)
    rows = zip(taken, looks, strict=True)
    session.add_all([_step_row(session, one, look, numbers) for one, look in rows])
    session.flush()


def _put_hands(session: Session, taken: Sequence[Taken]) -> None:
    """Whoever has a part in it already keeps that one: the step then finds no hand of its part."""
    staff_id = actor_of(session).staff_id
    rows = [
        {"claim_id": one.claim.id, "staff_id": who, "part": one.part}
        for one in taken
        for who in (staff_id, one.for_staff_id)
        if who is not None
    ]
    put_hands(session, rows)


def put_hands(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        put = insert(table_of(SubsidyClaimHand)).values(list(rows))
        session.execute(put.on_conflict_do_nothing())


def _look_row(one: Taken) -> SubsidyClaimLook | None:
    if one.look is None:
        return None
    return SubsidyClaimLook(
        claim_id=one.claim.id or 0,
        state=one.claim.state,
        looked_at=one.look.looked_at,
        cases=len(one.look.cases),
        total_fen=one.look.total_fen,
        content=[dict(case) for case in one.look.cases],
        digest=one.look.digest,
        taken_at=clock.now(),
    )


def _next_numbers(session: Session, taken: Sequence[Taken]) -> dict[int, int]:
    steps = SubsidyClaimStep
    query = select(steps.claim_id, func.max(col(steps.number))).group_by(col(steps.claim_id))
    ids = [one.claim.id for one in taken]
    return {row[0]: row[1] for row in session.exec(query.where(col(steps.claim_id).in_(ids)))}


def _step_row(
    session: Session, one: Taken, look: SubsidyClaimLook | None, numbers: Mapping[int, int]
) -> SubsidyClaimStep:
    actor, claim_id = actor_of(session), one.claim.id or 0
    return SubsidyClaimStep(
        claim_id=claim_id,
        number=numbers.get(claim_id, 0) + 1,
        step=one.step,
        before=one.before,
        after=one.claim.state,
        taken_at=clock.now(),
        staff_id=actor.staff_id,
        for_staff_id=one.for_staff_id,
        account_id=actor.account_id,
        part=one.part,
        look_id=None if look is None else look.id,
        was_due_on=one.was_due_on,
        words=one.words,
    )
