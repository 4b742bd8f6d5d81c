"""What the rules look at: one bed, held still, with everything that is known of it today."""

from typing import Any

from sqlalchemy import Row, select, text
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.homecare.devices.models import CALLS_FOR_HELP
from server.homecare.facts import Facts
from server.homecare.models import HomeBed
from server.policies.queries import get_figures
from server.providers.models import CareService, CreditStatus, FacilityKind, OpeningState
from server.residents.assessments.queries import find_level
from server.residents.models import Resident

AGREEMENT_MONTHS = "homecare.agreement_months"
CALL_DEVICES = "home_devices.call_devices"

KNOWN = text(
    """
    SELECT r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL AS lives_here,
           s.opening_state, s.kind, s.services, p.credit_status, n.ends_on AS notice_ends_on,
           (SELECT count(*) FROM home_bed_objection o
             WHERE o.home_bed_id = h.id AND o.settled_at IS NULL) AS open_objections,
           a.starts_on AS agreement_starts_on, a.ends_on AS agreement_ends_on,
           b.installed_on, coalesce(b.inventory, '') AS inventory, b.recorded_at AS built_at,
           (SELECT count(*) FROM care_device d WHERE d.home_bed_id = h.id
              AND d.removed_on IS NULL AND d.kind = ANY (:calling)) AS call_devices,
           (SELECT count(DISTINCT c.staff_id) FROM home_bed_acceptance c
             WHERE c.home_bed_id = h.id AND c.superseded_at IS NULL) AS accepted_by,
           EXISTS (SELECT 1 FROM bed_occupancy o
                    WHERE o.resident_id = h.resident_id AND o.superseded_at IS NULL
                      AND o.state IN ('occupied', 'on_leave', 'in_hospital')
                      AND o.stay_id IS DISTINCT FROM h.stay_id
                      AND (o.ends_on IS NULL OR o.ends_on > :today)) AS is_in_another_bed,
           coalesce((SELECT c.withdrawn_at IS NOT NULL FROM consent c
                      WHERE c.resident_id = h.resident_id AND c.purpose = 'home_care'
                      ORDER BY c.id DESC LIMIT 1), false) AS is_consent_withdrawn
      FROM home_bed h
      JOIN resident r ON r.id = h.resident_id
      LEFT JOIN site s ON s.id = h.site_id
      LEFT JOIN provider p ON p.id = s.provider_id
      LEFT JOIN home_bed_notice n ON n.home_bed_id = h.id
      LEFT JOIN home_bed_build b ON b.home_bed_id = h.id
      LEFT JOIN LATERAL (
          SELECT g.starts_on, g.ends_on FROM home_bed_agreement g
           WHERE g.home_bed_id = h.id AND g.site_id = h.site_id
           ORDER BY g.starts_on > :today, g.starts_on DESC LIMIT 1) a ON true
     WHERE h.id = :bed
    """
)


def hold_still(session: Session, home_bed_id: int) -> HomeBed:
    """Hold the person and then the bed until the end of the transaction.

    Raises `NotFound` for a bed that the actor may not know of.
    """
    query = select(HomeBed).where(col(HomeBed.id) == home_bed_id)
    bed: HomeBed | None = session.execute(query).scalar_one_or_none()
    if bed is None:
        raise NotFound()
    return lock(session, bed)


def lock(session: Session, bed: HomeBed) -> HomeBed:
    """Hold the person and then a bed that was found, and read it again."""
    person = select(col(Resident.id)).where(col(Resident.id) == bed.resident_id)
    held = select(HomeBed).where(col(HomeBed.id) == bed.id).with_for_update(key_share=True)
    with reaching_everywhere(session):
        session.execute(person.with_for_update(key_share=True, of=Resident))
        session.execute(held.execution_options(populate_existing=True)).scalar_one()
    return bed


def village_of(session: Session, bed: HomeBed) -> str:
    """Return the village in which the bed stands."""
    query = select(col(Resident.village_code)).where(col(Resident.id) == bed.resident_id)
    with reaching_everywhere(session):
        village: str = session.execute(query).scalar_one()
    return village


def facts_of(session: Session, bed: HomeBed | Row[Any]) -> Facts:
    """Return what is known today, also what whoever acts may not see: the facts decide."""
    today = clock.today()
    months = get_figures(session, [AGREEMENT_MONTHS], on=today)[AGREEMENT_MONTHS].value
    with reaching_everywhere(session):
        values = {"bed": bed.id, "today": today, "calling": list(CALLS_FOR_HELP)}
        row = session.connection().execute(KNOWN, values).one()
        level = find_level(session, bed.resident_id, on=today)
    return Facts(
        today=today,
        level=level.level if level else None,
        site_id=bed.site_id,
        agreement_months=months,
        call_devices_needed=_call_devices(session, row),
        serves_homes=_serves_homes(row),
        opening=OpeningState(row.opening_state) if row.opening_state else None,
        credit=CreditStatus(row.credit_status) if row.credit_status else None,
        **{name: row._mapping[name] for name in AS_THEY_ARE},
    )


AS_THEY_ARE = (
    "lives_here",
    "notice_ends_on",
    "open_objections",
    "agreement_starts_on",
    "agreement_ends_on",
    "installed_on",
    "inventory",
    "call_devices",
    "accepted_by",
    "is_in_another_bed",
    "is_consent_withdrawn",
)


def _call_devices(session: Session, row: Row[Any]) -> int:
    """How many the ledger must hold, by the figure of the day on which it was built."""
    on = clock.day_of(row.built_at) if row.built_at else clock.today()
    needed: int = get_figures(session, [CALL_DEVICES], on=on)[CALL_DEVICES].value
    return needed


def _serves_homes(row: Row[Any]) -> bool:
    of_its_kind = row.kind == FacilityKind.HOME_CARE_PROVIDER
    return of_its_kind or CareService.HOME_VISITS in (row.services or ())
