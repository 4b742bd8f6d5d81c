"""A recovery is paid back by transfer, put off, or written off."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.subsidies import books
from server.subsidies.budgets.holding import hold_asked
from server.subsidies.budgets.models import ChangeState
from server.subsidies.errors import NeedsAnotherPerson
from server.subsidies.recoveries.errors import (
    DayPast,
    DecisionWaits,
    MoreThanIsLeft,
    ReceiptKnown,
)
from server.subsidies.recoveries.models import (
    DecisionKind,
    EntryKind,
    SubsidyRecovery,
    SubsidyRecoveryDecision,
    SubsidyRecoveryEntry,
)


def left_of(recovery: SubsidyRecovery) -> int:
    """Return what is still owed of a recovery, in fen."""
    gone = recovery.netted_fen + recovery.received_fen + recovery.written_off_fen
    return recovery.amount_fen - gone


def receive(
    session: Session, recovery_id: int, *, fen: int, receipt: str, on_day: date
) -> SubsidyRecoveryEntry:
    """Enter money that came back by transfer, once for each receipt.

    Raises `MoreThanIsLeft`, `ReceiptKnown`, `NotFound`.
    """
    recovery = hold(session, recovery_id)
    _check_left(recovery, fen)
    entry = _entry(session, recovery_id, EntryKind.RECEIVED, fen)
    entry.receipt, entry.on_day = receipt.strip(), on_day
    with refusing(session, {"uq_subsidy_recovery_entry_receipt": ReceiptKnown()}):
        session.add(entry)
    assert entry.id is not None, "a flushed row has its key"
    with reaching_everywhere(session):
        draft = books.recovery_received(recovery_id, entry.id, fen)
        books.enter(session, recovery.division_code, draft)
    return entry


def ask_deferment(
    session: Session, recovery_id: int, *, until: date, words: str
) -> SubsidyRecoveryDecision:
    """Ask that nothing be taken before a day. Raises `DayPast`, `DecisionWaits`, `NotFound`."""
    hold(session, recovery_id)
    if until <= clock.today():
        raise DayPast()
    asked = _asked(session, recovery_id, DecisionKind.DEFERMENT, words)
    asked.until = until
    return _put(session, asked)


def ask_write_off(
    session: Session, recovery_id: int, *, fen: int, words: str
) -> SubsidyRecoveryDecision:
    """Ask that so much be given up. Raises `MoreThanIsLeft`, `DecisionWaits`, `NotFound`."""
    _check_left(hold(session, recovery_id), fen)
    asked = _asked(session, recovery_id, DecisionKind.WRITE_OFF, words)
    asked.amount_fen = fen
    return _put(session, asked)


def decide(session: Session, decision_id: int, *, is_right: bool) -> SubsidyRecoveryDecision:
    """Accept or refuse what another person asked for, once.

    Raises `AlreadyDecided`, `NeedsAnotherPerson`, `MoreThanIsLeft`, `NotFound`.
    """
    decision = hold_asked(session, SubsidyRecoveryDecision, decision_id)
    recovery = hold(session, decision.recovery_id)
    another = {"ck_subsidy_recovery_decision_not_decided_by_its_asker": NeedsAnotherPerson()}
    with refusing(session, another):
        decision.state = ChangeState.ACCEPTED if is_right else ChangeState.REFUSED
        decision.decided_at, decision.decided_by = clock.now(), actor_of(session).staff_id
    if is_right and decision.kind is DecisionKind.DEFERMENT:
        recovery.deferred_until = decision.until
        session.flush()
    elif is_right:
        _write_off(session, recovery, decision)
    return decision


def hold(session: Session, recovery_id: int) -> SubsidyRecovery:
    """Return a recovery in reach, held till the end; raises `NotFound`."""
    query = select(SubsidyRecovery).where(col(SubsidyRecovery.id) == recovery_id)
    found: SubsidyRecovery | None = session.execute(
        query.with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _write_off(
    session: Session, recovery: SubsidyRecovery, decision: SubsidyRecoveryDecision
) -> None:
    assert recovery.id is not None, "a stored row has its key"
    assert decision.id is not None, "a stored row has its key"
    assert decision.amount_fen is not None, "a write-off says how much"
    _check_left(recovery, decision.amount_fen)
    entry = _entry(session, recovery.id, EntryKind.WRITTEN_OFF, decision.amount_fen)
    entry.decision_id = decision.id
    session.add(entry)
    session.flush()
    with reaching_everywhere(session):
        draft = books.recovery_written_off(recovery.id, decision.amount_fen, decision.id)
        books.enter(session, recovery.division_code, draft)


def _check_left(recovery: SubsidyRecovery, fen: int) -> None:
    if fen > left_of(recovery):
        raise MoreThanIsLeft(left_fen=left_of(recovery))


def _entry(session: Session, recovery_id: int, kind: EntryKind, fen: int) -> SubsidyRecoveryEntry:
    return SubsidyRecoveryEntry(
        recovery_id=recovery_id,
        kind=kind,
        amount_fen=fen,
        on_day=clock.today(),
        at=clock.now(),
        by=actor_of(session).staff_id,
    )


def _asked(
    session: Session, recovery_id: int, kind: DecisionKind, words: str
) -> SubsidyRecoveryDecision:
    return SubsidyRecoveryDecision(
        recovery_id=recovery_id,
        kind=kind,
        words=words.strip(),
        state=ChangeState.ASKED,
        asked_at=clock.now(),
        asked_by=actor_of(session).staff_id,
    )


def _put(session: Session, asked: SubsidyRecoveryDecision) -> SubsidyRecoveryDecision:
    with refusing(session, {"uq_subsidy_recovery_decision_waits": DecisionWaits()}):
        session.add(asked)
    return asked
