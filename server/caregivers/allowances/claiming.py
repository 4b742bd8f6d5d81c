"""A claim is handed in within its window, and taken by the county or given back with words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, select, update

from server import clock
from server.caregivers.allowances.days import months_after
from server.caregivers.allowances.errors import (
    ClaimNotSo,
    ClaimOutOfDate,
    ClaimWindowClosed,
    IsClaimed,
    NothingToClaim,
    OwnClaim,
)
from server.caregivers.allowances.given import Known, Rule, Verdict
from server.caregivers.allowances.knowing import find_known, find_rulebook
from server.caregivers.allowances.models import AllowanceClaim, AllowanceClaimLine, ClaimState
from server.caregivers.allowances.papers import missing_papers, names_in_claims
from server.caregivers.allowances.queries import find_claimable, find_claimed, get_claim
from server.caregivers.allowances.reckoning import reckon
from server.caregivers.allowances.rulebook import Rulebook
from server.caregivers.allowances.rules import judge_all_steps, judge_month
from server.caregivers.allowances.terms import Programme
from server.caregivers.allowances.windows import OpenWindow, next_window, open_window
from server.caregivers.models import Caregiver
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound

A_YEAR_BACK = 12
MAY_BE_HANDED_IN = (ClaimState.RETURNED,)
WAITS = (ClaimState.HANDED_IN,)
OPEN = (ClaimState.HANDED_IN, ClaimState.RETURNED)


@dataclass(frozen=True)
class Claimable:
    """What could be claimed of a programme today, or from which day on."""

    programme: Programme
    window: OpenWindow | None
    next_window: OpenWindow | None
    lines: Sequence[Any]
    missing: Sequence[str]

    @property
    def amount_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def may_hand_in(self) -> bool:
        return self.window is not None and bool(self.lines)


def list_claimable(session: Session, caregiver_id: int) -> list[Claimable]:
    """Return every programme in force, with what a claim of it would hold, as it is known now.

    Years at a former employer count too, as they do when it is handed in.
    """
    with reaching_everywhere(session):
        rulebook, known = find_rulebook(session), _known(session, caregiver_id)
        claimed = find_claimed(session, caregiver_id)
    lines = [
        one
        for one in _entitled(known, rulebook)
        if (one.programme.value, one.period) not in claimed
    ]
    return [_claimable(rulebook, rule, known, lines) for rule in _in_force(rulebook)]


@all_or_nothing
def hand_in(session: Session, *, caregiver_id: int, programme: Programme) -> AllowanceClaim:
    """Ask for everything of a programme that the caregiver is entitled to and nobody claimed yet.

    Reckoned anew first. Raises `ClaimWindowClosed`, `NothingToClaim`, `IsClaimed`, `NotFound`.
    """
    wished = _wished(session, caregiver_id, programme)
    window = _check_open(wished)
    actor, known = actor_of(session), _known(session, caregiver_id)
    claim = AllowanceClaim(
        caregiver_id=caregiver_id,
        site_id=known.keeper_site_id,
        programme=programme,
        **_content(wished),
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        state=ClaimState.HANDED_IN,
        handed_in_at=clock.now(),
        handed_in_by=actor.staff_id,
        handed_in_account=actor.account_id,
    )
    _write(session, claim, wished.lines)
    return claim


@all_or_nothing
def hand_in_again(session: Session, claim_id: int) -> AllowanceClaim:
    """Hand in what was given back, as it is reckoned by now. It was in time once, so it is now.

    Raises `ClaimNotSo`, `NothingToClaim`, `IsClaimed`, `NotFound`.
    """
    claim = _hold(session, claim_id, MAY_BE_HANDED_IN)
    _let_go(session, claim_id)
    wished = _wished(session, claim.caregiver_id, claim.programme)
    for name, value in _content(wished).items():
        setattr(claim, name, value)
    actor = actor_of(session)
    claim.state, claim.handed_in_at = ClaimState.HANDED_IN, clock.now()
    claim.handed_in_by, claim.handed_in_account = actor.staff_id, actor.account_id
    claim.decided_at, claim.decided_by = None, None
    _write(session, claim, wished.lines)
    return claim


def withdraw(session: Session, claim_id: int) -> AllowanceClaim:
    """Take a claim back while it is open; its periods may be claimed anew.

    Raises `ClaimNotSo`, `NotFound`.
    """
    claim = _hold(session, claim_id, OPEN)
    _let_go(session, claim_id)
    claim.state = ClaimState.WITHDRAWN
    session.flush()
    return claim


def give_back(session: Session, claim_id: int, *, words: str) -> AllowanceClaim:
    """The county gives a claim back and says why. Raises `ClaimNotSo`, `OwnClaim`, `NotFound`."""
    return _decide(session, claim_id, ClaimState.RETURNED, words)


def accept(session: Session, claim_id: int) -> AllowanceClaim:
    """The county takes a claim; nothing of it changes from now on.

    Raises `ClaimNotSo`, `OwnClaim`, `ClaimOutOfDate`, `NotFound`.
    """
    with reaching_everywhere(session):
        claim = get_claim(session, claim_id)
        reckon(session, [claim.caregiver_id], _months_of(clock.today()))
    if not is_up_to_date(session, claim_id):
        raise ClaimOutOfDate()
    return _decide(session, claim_id, ClaimState.ACCEPTED, "")


def is_up_to_date(session: Session, claim_id: int) -> bool:
    """True while every entitlement that the claim rests on holds as it did."""
    with reaching_everywhere(session):
        return all(line.superseded_at is None for line in get_claim(session, claim_id).lines)


def _decide(session: Session, claim_id: int, state: ClaimState, words: str) -> AllowanceClaim:
    claim = _hold(session, claim_id, WAITS)
    staff_id = actor_of(session).staff_id
    own = session.exec(
        select(Caregiver.id).where(
            col(Caregiver.id) == claim.caregiver_id, col(Caregiver.staff_id) == staff_id
        )
    ).first()
    if own is not None and staff_id is not None:
        raise OwnClaim()
    with refusing(session, {"ck_allowance_claim_not_decided_by_its_maker": OwnClaim()}):
        claim.state, claim.words = state, words
        claim.decided_at, claim.decided_by = clock.now(), staff_id
    return claim


def _hold(session: Session, claim_id: int, states: Sequence[ClaimState]) -> AllowanceClaim:
    """Lock the claim; whoever comes second finds it as the first left it."""
    query = select(AllowanceClaim).where(col(AllowanceClaim.id) == claim_id)
    claim = session.exec(
        query.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if claim is None:
        raise NotFound()
    if claim.state not in states:
        raise ClaimNotSo(state=claim.state.value)
    return claim


def _wished(session: Session, caregiver_id: int, programme: Programme) -> Claimable:
    """What a claim would hold, written down as entitlements that hold now."""
    today = clock.today()
    reckon(session, [caregiver_id], _months_of(today))
    with reaching_everywhere(session):
        rulebook, known = find_rulebook(session), _known(session, caregiver_id)
        lines = find_claimable(session, caregiver_id, since=_earliest(today), before=today)
    for rule in _in_force(rulebook):
        if rule.programme is programme:
            return _claimable(rulebook, rule, known, lines)
    raise NothingToClaim()


def _entitled(known: Known, rulebook: Rulebook) -> list[Verdict]:
    """What somebody has a right to of the last year's months, and of all instalments."""
    today = clock.today()
    judged = [
        verdict
        for month in reversed(_months_of(today))
        for verdict in judge_month(known, rulebook, month, as_of=today)
    ]
    judged += judge_all_steps(known, rulebook, as_of=today)
    return [one for one in judged if one.is_entitled and one.amount_fen]


def _in_force(rulebook: Rulebook) -> list[Rule]:
    return list(rulebook.rules_on(clock.today()).values())


def _check_open(wished: Claimable) -> OpenWindow:
    if wished.window is None:
        following = wished.next_window
        raise ClaimWindowClosed(opens_on=following.opens_on.isoformat() if following else "—")
    return wished.window


def _content(wished: Claimable) -> Mapping[str, Any]:
    if not wished.lines:
        raise NothingToClaim()
    return {
        "period": _period(wished.lines),
        "amount_fen": wished.amount_fen,
        "missing": list(wished.missing),
    }


def _write(session: Session, claim: AllowanceClaim, lines: Sequence[Row[Any]]) -> None:
    with refusing(session, {"uq_allowance_claim_line_claimed_once": IsClaimed()}):
        session.add(claim)
        session.flush()
        session.add_all(_line(claim, line) for line in lines)


def _line(claim: AllowanceClaim, line: Row[Any]) -> AllowanceClaimLine:
    return AllowanceClaimLine(
        claim_id=claim.id or 0,
        entitlement_id=line.id,
        caregiver_id=claim.caregiver_id,
        programme=claim.programme,
        period=line.period,
        amount_fen=line.amount_fen,
    )


def _let_go(session: Session, claim_id: int) -> None:
    lines = update(AllowanceClaimLine).where(col(AllowanceClaimLine.claim_id) == claim_id)
    session.execute(lines.values(is_live=False))


def _period(lines: Sequence[Row[Any]]) -> str:
    """`2026-01/2026-06`, `1`: the first and the last period of a claim."""
    first, last = lines[0].period, lines[-1].period
    return first if first == last else f"{first}/{last}"


def _known(session: Session, caregiver_id: int) -> Known:
    found = find_known(session, [caregiver_id])
    if not found:
        raise NotFound()
    return found[0]


def _claimable(
    rulebook: Rulebook, rule: Rule, known: Known, lines: Sequence[Verdict | Row[Any]]
) -> Claimable:
    today = clock.today()
    windows = rulebook.windows_on(today)
    return Claimable(
        rule.programme,
        open_window(windows, rule.programme, today),
        next_window(windows, rule.programme, today),
        [one for one in lines if one.programme == rule.programme],
        names_in_claims(missing_papers(known, rule, today)),
    )


def _months_of(today: date) -> list[date]:
    """The months that a claim of today may reach back to."""
    this = today.replace(day=1)
    return [months_after(this, -back) for back in range(1, A_YEAR_BACK + 1)]


def _earliest(today: date) -> date:
    return months_after(today.replace(day=1), -A_YEAR_BACK)
