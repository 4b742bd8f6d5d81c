"""What the rules look at: one renovation, held still, with everything that is known of it today."""

from typing import Any

from sqlalchemy import Row, select, text
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.homecare.renovations.facts import Facts
from server.homecare.renovations.models import Renovation
from server.policies.queries import get_figures
from server.providers.models import CareService, CreditStatus, FacilityKind, OpeningState
from server.residents.models import Resident

# How far from home a picture may be taken is said once, with the visits.
FENCE = "visits.fence_m"
# What a phone says of its own inaccuracy speaks for it so far, in metres.
BELIEVED_M = 100

KNOWN = text(
    """
    SELECT r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL AS lives_here,
           n.has_trade_in, n.site_id, n.invoice_ref, s.opening_state, s.kind, s.services,
           p.credit_status,
           EXISTS (SELECT 1 FROM home_bed_build b WHERE b.resident_id = n.resident_id
                    AND b.asks_grant AND NOT b.is_after_renovation) AS has_full_bed_grant,
           (SELECT count(*) FROM renovation_need d WHERE d.renovation_id = n.id) AS items,
           (SELECT count(DISTINCT d.room) FROM renovation_need d WHERE d.renovation_id = n.id
               AND NOT EXISTS (SELECT 1 FROM renovation_photo f WHERE f.renovation_id = n.id
                 AND f.superseded_at IS NULL AND f.phase = 'before' AND f.room = d.room)
           ) AS rooms_not_seen_before,
           (SELECT count(DISTINCT d.room) FROM renovation_need d WHERE d.renovation_id = n.id
               AND NOT EXISTS (SELECT 1 FROM renovation_photo f WHERE f.renovation_id = n.id
                 AND f.superseded_at IS NULL AND f.phase = 'after' AND f.room = d.room)
           ) AS rooms_not_seen_after,
           (SELECT count(*) FROM renovation_photo f
             WHERE f.renovation_id = n.id AND f.superseded_at IS NULL
               AND metres_between(f.x, f.y, n.x, n.y) - least(f.accuracy_m, :believed) > :fence
           ) AS photos_elsewhere,
           (SELECT count(*) FROM renovation_photo f WHERE f.renovation_id = n.id
               AND f.superseded_at IS NULL AND f.like_file_id IS NOT NULL) AS photos_again,
           EXISTS (SELECT 1 FROM renovation_quote q WHERE q.renovation_id = n.id
                    AND q.state IN ('offered', 'agreed')) AS is_quoted,
           (SELECT count(DISTINCT c.staff_id) FROM renovation_acceptance c
             WHERE c.renovation_id = n.id AND c.superseded_at IS NULL) AS accepted_by
      FROM renovation n
      JOIN resident r ON r.id = n.resident_id
      LEFT JOIN site s ON s.id = n.site_id
      LEFT JOIN provider p ON p.id = s.provider_id
     WHERE n.id = :renovation
    """
)
AS_THEY_ARE = (
    "lives_here",
    "has_trade_in",
    "has_full_bed_grant",
    "items",
    "rooms_not_seen_before",
    "rooms_not_seen_after",
    "photos_elsewhere",
    "photos_again",
    "site_id",
    "is_quoted",
    "invoice_ref",
    "accepted_by",
)


def hold_still(session: Session, renovation_id: int) -> Renovation:
    """Hold the person and then the renovation until the end of the transaction.

    Raises `NotFound` for one that the actor may not know of.
    """
    query = select(Renovation).where(col(Renovation.id) == renovation_id)
    found: Renovation | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    person = select(col(Resident.id)).where(col(Resident.id) == found.resident_id)
    held = select(Renovation).where(col(Renovation.id) == renovation_id)
    again = held.with_for_update(key_share=True).execution_options(populate_existing=True)
    with reaching_everywhere(session):
        session.execute(person.with_for_update(key_share=True, of=Resident))
        session.execute(again).scalar_one()
    return found


def village_of(session: Session, renovation: Renovation) -> str:
    """Return the village in which the home stands."""
    query = select(col(Resident.village_code)).where(col(Resident.id) == renovation.resident_id)
    with reaching_everywhere(session):
        village: str = session.execute(query).scalar_one()
    return village


def facts_of(session: Session, renovation: Renovation | Row[Any]) -> Facts:
    """Return what is known today, also what whoever acts may not see: the facts decide."""
    fence = get_figures(session, [FENCE], on=clock.today())[FENCE].value
    values = {"renovation": renovation.id, "fence": fence, "believed": BELIEVED_M}
    with reaching_everywhere(session):
        row = session.connection().execute(KNOWN, values).one()
    return Facts(
        opening=OpeningState(row.opening_state) if row.opening_state else None,
        credit=CreditStatus(row.credit_status) if row.credit_status else None,
        serves_homes=row.kind == FacilityKind.HOME_CARE_PROVIDER
        or CareService.HOME_VISITS in (row.services or ()),
        **{name: row._mapping[name] for name in AS_THEY_ARE},
    )
