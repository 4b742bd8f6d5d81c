"""What happened although somebody was gone becomes a finding, noted in the departure's journal."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.residents.departures.events import Departed, Entry, ResidentsDeparted


def suspicion(
    departed: Departed, kind: FindingKind, subject: str, evidence: Mapping[str, Any]
) -> Suspicion:
    """Return the suspicion about `subject`, its evidence led by the departure itself."""
    led_by = {
        "departure_id": departed.departure_id,
        "departure": departed.kind.value,
        "happened_on": departed.happened_on.isoformat(),
    }
    return Suspicion(kind, subject, departed.resident_id, {**led_by, **evidence})


def put_suspicions(
    session: Session, event: ResidentsDeparted, suspicions: Mapping[str, tuple[int, Suspicion]]
) -> None:
    """Put these down, given by subject with their departure, and journal those that are new."""
    for row in put_findings(session, [one for _, one in suspicions.values()]):
        departure_id, _ = suspicions[row.subject]
        event.journal.note(departure_id, Entry("finding", row.id))
