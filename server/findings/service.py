"""Put a suspicion down, take it back where what it rested on is gone, and say what it came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.findings import queries
from server.findings.errors import (
    DueDayPast,
    FindingIsNobodys,
    FindingIsSettled,
    FindingIsTaken,
)
from server.findings.models import Finding, FindingKind, FindingState


@dataclass(frozen=True)
class Suspicion:
    """What does not fit: about which thing (`subject`), whose, and what shows it.

    It is a resident's, or where `resident_id` is None the facility's of `site_id`.
    """

    kind: FindingKind
    subject: str
    resident_id: int | None
    evidence: Mapping[str, Any]
    site_id: int | None = None


def put_findings(session: Session, suspicions: Sequence[Suspicion]) -> Sequence[Row[Any]]:
    """Put these down and return (id, subject) of those that were not open before.

    Found a second time, a thing is there once; a withdrawn finding is opened again.
    """
    if not suspicions:
        return []
    rows = [
        {**vars(one), "found_at": clock.now(), "state": FindingState.OPEN} for one in suspicions
    ]
    new = upsert(table_of(Finding)).values(rows)
    return session.execute(
        new.on_conflict_do_update(
            index_elements=["kind", "subject"],
            set_={name: new.excluded[name] for name in ("evidence", "found_at", "state")},
            where=col(Finding.state) == FindingState.WITHDRAWN,
        ).returning(table_of(Finding).c.id, table_of(Finding).c.subject)
    ).all()


def withdraw_findings(session: Session, finding_ids: Sequence[int]) -> Sequence[int]:
    """Withdraw those of these that are still open, and return which they were."""
    withdrawn = session.execute(
        update(Finding)
        .where(col(Finding.id).in_(finding_ids), col(Finding.state) == FindingState.OPEN)
        .values(state=FindingState.WITHDRAWN)
        .returning(col(Finding.id))
    )
    return withdrawn.scalars().all()


def withdraw_about(session: Session, kind: FindingKind, subjects: Sequence[str]) -> Sequence[int]:
    """Withdraw what is still open of this kind about these subjects, and return which it was."""
    if not subjects:
        return []
    withdrawn = session.execute(
        update(Finding)
        .where(
            col(Finding.kind) == kind,
            col(Finding.subject).in_(subjects),
            col(Finding.state) == FindingState.OPEN,
        )
        .values(state=FindingState.WITHDRAWN)
        .returning(col(Finding.id))
    )
    return withdrawn.scalars().all()


def withdraw_of_residents(
    session: Session, kind: FindingKind, resident_ids: Sequence[int]
) -> Sequence[int]:
    """Withdraw what is still open of this kind about these residents; return which it was."""
    withdrawn = session.execute(
        update(Finding)
        .where(
            col(Finding.kind) == kind,
            col(Finding.resident_id).in_(resident_ids),
            col(Finding.state) == FindingState.OPEN,
        )
        .values(state=FindingState.WITHDRAWN)
        .returning(col(Finding.id))
    )
    return withdrawn.scalars().all()


def take_finding(session: Session, finding_id: int, *, due_on: date) -> None:
    """Look into a finding oneself, until a day; taken again by its owner, the day moves.

    Raises `FindingIsTaken`, `FindingIsSettled`, `DueDayPast` and `NotFound`.
    """
    finding = queries.lock_finding(session, finding_id)
    own_id = actor_of(session).staff_id
    if finding.state is not FindingState.OPEN:
        raise FindingIsSettled()
    if finding.owner_id not in (None, own_id):
        raise FindingIsTaken()
    if due_on < clock.today():
        raise DueDayPast()
    finding.owner_id = own_id
    finding.taken_at = clock.now()
    finding.due_on = due_on
    session.flush()


def settle_finding(session: Session, finding_id: int, *, is_true: bool, note: str) -> None:
    """Say what a finding came to: it is true, or a false alarm, and why.

    Raises `FindingIsNobodys`, `FindingIsTaken`, `FindingIsSettled` and `NotFound`.
    """
    finding = _own(session, finding_id, FindingState.OPEN)
    finding.state = FindingState.TRUE if is_true else FindingState.FALSE_ALARM
    finding.note = note.strip()
    finding.settled_at = clock.now()
    session.flush()


def recover_by_finding(session: Session, finding_id: int, *, fen: int, note: str) -> None:
    """Ask an amount back for a true finding; raises what `settle_finding` raises."""
    finding = _own(session, finding_id, FindingState.TRUE)
    finding.state = FindingState.RECOVERING
    finding.recover_fen = fen
    finding.note = note.strip()
    session.flush()


def close_finding(session: Session, finding_id: int, *, note: str) -> None:
    """Note that what followed from a true finding is done, the money back where it was asked for.

    Raises what `settle_finding` raises.
    """
    finding = _own(session, finding_id, FindingState.TRUE, FindingState.RECOVERING)
    finding.state = FindingState.CLOSED
    finding.note = note.strip()
    session.flush()


def _own(session: Session, finding_id: int, *states: FindingState) -> Finding:
    finding = queries.lock_finding(session, finding_id)
    if finding.state not in states:
        raise FindingIsSettled()
    if finding.owner_id is None:
        raise FindingIsNobodys()
    if finding.owner_id != actor_of(session).staff_id:
        raise FindingIsTaken()
    return finding
