"""A bed at home is a bed like the others: whoever is served stays in it, and in no other."""

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.facilities.models import Bed, BedKind, EndReason, Stay, StayStatus
from server.facilities.queries.stays import get_stay
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import end_stay
from server.facilities.stays.moving import AWAY_WITH_BED, come_back
from server.facilities.stays.taking import find_open, lock_stay
from server.homecare.models import HomeBed, HomeBedEnd

WHY = {
    HomeBedEnd.INTO_A_HOME: EndReason.OTHER_HOME,
    HomeBedEnd.MOVED_AWAY: EndReason.MOVED_AWAY,
    HomeBedEnd.CONTRACT_ENDED: EndReason.CONTRACT_ENDED,
}


def enter(session: Session, bed: HomeBed) -> None:
    """Let the stay begin today in the bed of the home, which is put up the first time.

    Raises what `admit` raises.
    """
    assert bed.site_id is not None, "whoever is served has a provider"
    found = find_stay(session, bed)
    if found is None:
        found = admit(
            session,
            bed_id=_bed_of(session, bed),
            resident_id=bed.resident_id,
            admitted_on=clock.today(),
        )
    bed.stay_id = found.id
    session.flush()
    _bring_back(session, bed, found)


def leave(session: Session, bed: HomeBed) -> None:
    """End the stay today, if one lasts; the state of the bed was changed before."""
    if bed.stay_id is None:
        return
    reason = WHY.get(bed.end_reason, EndReason.OTHER) if bed.end_reason else EndReason.OTHER
    with reaching_everywhere(session):
        if get_stay(session, bed.stay_id).status in (StayStatus.STAYING, StayStatus.AWAY):
            stay = lock_stay(session, bed.stay_id)
            end_stay(session, stay, ended_on=clock.today(), reason=reason)


def find_stay(session: Session, bed: HomeBed) -> Stay | None:
    """Return the stay that lasts in this bed, for instance one that a mistake had ended."""
    query = select(Stay).where(
        col(Stay.resident_id) == bed.resident_id,
        col(Stay.site_id) == bed.site_id,
        col(Stay.kind) == BedKind.HOME_CARE,
        col(Stay.status).in_([StayStatus.STAYING, StayStatus.AWAY]),
    )
    stay: Stay | None = session.execute(query).scalar_one_or_none()
    return stay


def _bring_back(session: Session, bed: HomeBed, stay: Stay) -> None:
    """Whoever was in hospital, or away, while the bed was kept is in it again from today."""
    current = find_open(session, stay)
    if current is None or current.state in AWAY_WITH_BED:
        come_back(session, stay.id or 0, on=clock.today(), bed_id=_bed_of(session, bed))


def _bed_of(session: Session, bed: HomeBed) -> int:
    if bed.bed_id is None:
        assert bed.site_id is not None, "whoever is served has a provider"
        row = Bed(
            site_id=bed.site_id,
            kind=BedKind.HOME_CARE,
            label=f"H{bed.id}",
            opened_on=clock.today(),
            recorded_at=clock.now(),
        )
        session.add(row)
        session.flush()
        bed.bed_id = row.id
    assert bed.bed_id is not None, "a flushed row has its key"
    return bed.bed_id
