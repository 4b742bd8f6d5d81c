"""Where stays are kept here too: what a facility filed beside what its records count.

The counts are those of `server/facilities/queries/counts.py`, for many returns of many days.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.db.sessions import reaching_everywhere
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings, withdraw_about

BESIDE = """
    SELECT r.id, r.site_id, r.kind, r.day, r.usable, r.occupied, r.on_leave,
           c.usable AS usable_counted, c.occupied AS occupied_counted,
           c.on_leave AS on_leave_counted,
           (r.occupied, r.on_leave) IS DISTINCT FROM (c.occupied, c.on_leave) AS differs
      FROM bed_return r
      CROSS JOIN LATERAL (
          SELECT count(*) AS beds,
                 count(*) FILTER (WHERE o.state IS NULL OR o.state NOT IN
                                        ('under_repair', 'closed', 'other_use')) AS usable,
                 count(*) FILTER (WHERE o.state = 'occupied') AS occupied,
                 count(*) FILTER (WHERE o.state IN ('on_leave', 'in_hospital')) AS on_leave
            FROM bed b
            LEFT JOIN bed_occupancy o ON o.bed_id = b.id AND o.superseded_at IS NULL
                  AND o.starts_on <= r.day AND (o.ends_on IS NULL OR o.ends_on > r.day)
           WHERE b.site_id = r.site_id AND b.kind = r.kind AND b.opened_on <= r.day
      ) c
     WHERE c.beds > 0
"""
OF_THESE = text(f"{BESIDE} AND r.id = ANY(:ids) ORDER BY r.id")
SINCE = text(f"{BESIDE} AND r.day BETWEEN :since AND :until ORDER BY r.id")


def compare_returns(session: Session, return_ids: Sequence[int]) -> None:
    """Put down which of these returns differ from the records; withdraw it of those that agree."""
    if not return_ids:
        return
    with reaching_everywhere(session):
        beside = session.connection().execute(OF_THESE, {"ids": list(return_ids)}).all()
        _put_down(session, beside)


def compare_since(session: Session, since: date, *, until: date) -> int:
    """Compare the returns of these days once more: records are corrected too, not only returns.

    Returns how many differ. For the platform itself; harmless twice.
    """
    days = {"since": since, "until": until}
    beside = session.connection().execute(SINCE, days).all()
    _put_down(session, beside)
    return sum(row.differs for row in beside)


def list_beside(session: Session, return_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return filed beside counted of those of these returns whose facility keeps its beds here."""
    return session.connection().execute(OF_THESE, {"ids": list(return_ids)}).all()


def _put_down(session: Session, beside: Sequence[Row[Any]]) -> None:
    put_findings(session, [_suspicion(row) for row in beside if row.differs])
    agreeing = [f"bed_return:{row.id}" for row in beside if not row.differs]
    withdraw_about(session, FindingKind.RETURN_DIFFERS, agreeing)


def _suspicion(row: Row[Any]) -> Suspicion:
    evidence = {
        "day": row.day.isoformat(),
        "bed_kind": row.kind,
        "filed": {"usable": row.usable, "occupied": row.occupied, "on_leave": row.on_leave},
        "counted": {
            "usable": row.usable_counted,
            "occupied": row.occupied_counted,
            "on_leave": row.on_leave_counted,
        },
    }
    subject = f"bed_return:{row.id}"
    return Suspicion(FindingKind.RETURN_DIFFERS, subject, None, evidence, site_id=row.site_id)
