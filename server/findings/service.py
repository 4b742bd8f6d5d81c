"""Put a suspicion down, and take it back where what it rested on is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.findings.models import Finding, FindingKind, FindingState


@dataclass(frozen=True)
class Suspicion:
    """What does not fit: about which thing (`subject`), whose, and what shows it."""

    kind: FindingKind
    subject: str
    resident_id: int
    evidence: Mapping[str, Any]


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
