"""A home says that somebody died and ends the stay: its own word, until the county confirms it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.facilities.models import Stay
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.residents.departures.events import Entry

TAKINGS = "bed_occupancy"
DROPPED = "bed_occupancy.superseded_at"
STAYS = "stay"

# The stay's last record, where it ended with the stay: on a later day, or on the day it began.
ENDED_BY_A_DEATH = text(
    """
    SELECT s.id, s.resident_id, s.ended_on, last.id AS taking_id, last.is_dropped
      FROM stay s
      LEFT JOIN LATERAL (
          SELECT o.id, o.superseded_at IS NOT NULL AS is_dropped,
                 CASE WHEN o.superseded_at IS NULL THEN o.ends_on ELSE o.starts_on END AS left_on
            FROM bed_occupancy o WHERE o.stay_id = s.id AND o.state <> 'held'
           ORDER BY o.id DESC LIMIT 1) last ON last.left_on = s.ended_on
     WHERE s.resident_id = ANY(:residents) AND s.status = 'ended' AND s.end_reason = 'died'
     ORDER BY s.id
    """
)


def tell_death(session: Session, stay: Stay) -> None:
    """Put before the county that the person died; it confirms or denies, the home does neither.

    A stay ends once, so it is told once: again only where it was denied, and the stay went on.
    """
    assert stay.ended_on is not None, "a stay that a death ended has its last day"
    evidence = {
        "stay_id": stay.id,
        "site_id": stay.site_id,
        "ended_on": stay.ended_on.isoformat(),
    }
    subject = f"stay:{stay.id}:{int(clock.now().timestamp())}"
    told = Suspicion(FindingKind.DEATH_IN_A_STAY, subject, stay.resident_id, evidence)
    with reaching_everywhere(session):
        put_findings(session, [told])


def journal_of_deaths(
    session: Session, resident_ids: Sequence[int]
) -> Iterator[tuple[int, int, Entry]]:
    """Yield (resident, stay, entry) of what homes ended because of a death, as a journal has it.

    A departure takes these over, whoever reported it, so that its reversal brings the stay back.
    """
    residents = {"residents": list(resident_ids)}
    for row in session.connection().execute(ENDED_BY_A_DEATH, residents).all():
        before = "away" if row.taking_id is None else "staying"
        yield row.resident_id, row.id, Entry(STAYS, row.id, before=before, after="ended")
        if row.taking_id is not None and row.is_dropped:
            yield row.resident_id, row.id, Entry(DROPPED, row.taking_id)
        elif row.taking_id is not None:
            ended_on = row.ended_on.isoformat()
            yield row.resident_id, row.id, Entry(TAKINGS, row.taking_id, after=ended_on)
