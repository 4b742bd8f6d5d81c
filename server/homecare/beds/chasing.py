"""What waits too long is told once, and what waits for a county in one message of the morning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.homecare.beds.steps import BedMove
from server.homecare.lives import DECIDE, FILE, Told
from server.homecare.models import HomeBedState
from server.homecare.states import BED_LIFE
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

MORNING = time(8, 30)
# The states into which a step brings a bed that the county is told of.
FOR_THE_COUNTY = sorted({move.after.value for move in BED_LIFE.table if Told.COUNTY in move.tells})
LATE = text(
    """
    UPDATE home_bed h SET late_told_of = h.due_on FROM resident r
     WHERE r.id = h.resident_id AND h.state <> 'ended' AND h.due_on < :today
       AND h.late_told_of IS DISTINCT FROM h.due_on
    RETURNING h.id, h.state, h.site_id, r.village_code
    """
)
# A notice waits for the county from the day on which it is over.
WAITING = text(
    """
    WITH waiting AS (
        SELECT left(r.village_code, 6) AS county, h.state, h.since, h.due_on
          FROM home_bed h JOIN resident r ON r.id = h.resident_id
         WHERE h.state = ANY (:states) AND (h.state <> 'notice' OR h.due_on <= :today)
    )
    SELECT county, count(*) FILTER (WHERE state = 'assessment') AS decide,
           count(*) FILTER (WHERE state = 'notice') AS over,
           count(*) FILTER (WHERE state = 'acceptance') AS accept,
           count(*) FILTER (WHERE due_on < :today) AS late,
           bool_or(CASE WHEN state = 'notice' THEN due_on = :today
                        ELSE since >= :yesterday END) AS is_news
      FROM waiting GROUP BY county ORDER BY county
    """
)
# A complaint is told on the morning after it was said, and once more when its day is over.
WISHES = text(
    """
    SELECT left(r.village_code, 6) AS county, w.site_id, w.due_on < :today AS is_late,
           w.kind = 'complaint' AND w.handed_at IS NULL AS is_countys,
           (w.asked_at AT TIME ZONE 'Asia/Shanghai')::date = :yesterday AS is_new,
           coalesce((w.handed_at AT TIME ZONE 'Asia/Shanghai')::date = :yesterday, false)
               AS is_handed_now,
           coalesce(w.due_on = :yesterday, false) AS is_newly_late
      FROM care_wish w JOIN resident r ON r.id = w.resident_id
     WHERE w.answered_at IS NULL ORDER BY w.id
    """
)
OFFICES = text(
    """
    SELECT DISTINCT s.phone, s.language, r.role, r.division_code, r.site_id FROM staff_role r
      JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE r.role IN ('county_officer', 'community_worker', 'home_care_provider')
       AND r.starts_on <= :today AND (r.ends_on IS NULL OR r.ends_on > :today)
     ORDER BY s.phone
    """
)


@dataclass(frozen=True)
class Morning:
    """What is there to be told on a day."""

    today: date
    late: Sequence[Row[Any]]
    waiting: Mapping[str, Row[Any]]
    wishes: Sequence[Row[Any]]

    @property
    def at(self) -> datetime:
        return datetime.combine(self.today, MORNING, clock.CITY)


def tell_of_waiting(session: Session) -> int:
    """Tell counties what is new, and everybody of steps whose day is over, each of them once.

    The platform acts. Returns how many messages were put into the outbox; harmless twice.
    """
    morning, offices = _look(session), session.connection().execute(OFFICES, _days()).all()
    asked = [one for office in offices for one in _told(office, morning)]
    return ask_for_messages(session, asked)


def _look(session: Session) -> Morning:
    run, days = session.connection(), _days()
    late = run.execute(LATE, {"today": days["today"]}).all()
    waiting = run.execute(WAITING, {**days, "states": FOR_THE_COUNTY}).all()
    wishes = run.execute(WISHES, days).all()
    return Morning(days["today"], late, {row.county: row for row in waiting}, wishes)


def _days() -> dict[str, date]:
    today = clock.today()
    return {"today": today, "yesterday": today - timedelta(days=1)}


def _told(office: Row[Any], morning: Morning) -> Iterable[Asked]:
    if office.role == "county_officer":
        yield from _county(office, morning)
    elif office.role == "community_worker":
        code = office.division_code
        mine = [one for one in _waits_for(morning, FILE) if one.village_code.startswith(code)]
        yield from _message(office, morning, "homecare.community_late", code, len(mine))
    else:
        yield from _provider(office, morning)


def _county(office: Row[Any], morning: Morning) -> Iterable[Asked]:
    code = office.division_code[:6]
    beds = morning.waiting.get(code)
    wishes = [one for one in morning.wishes if one.county == code and one.is_countys]
    is_news = beds is not None and beds.is_news
    is_news |= any(one.village_code[:6] == code for one in _waits_for(morning, DECIDE))
    is_news |= any(one.is_new or one.is_newly_late for one in wishes)
    counts = {name: getattr(beds, name, 0) for name in ("decide", "over", "accept", "late")}
    if is_news:
        facts = {**counts, "complaints": len(wishes)}
        yield _asked(office, morning, "homecare.county_digest", code, facts)


def _provider(office: Row[Any], morning: Morning) -> Iterable[Asked]:
    subject, site = f"site:{office.site_id}", office.site_id
    late = [one for one in _waits_for(morning, "homecare.run") if one.site_id == site]
    yield from _message(office, morning, "homecare.provider_late", subject, len(late))
    wishes = [one for one in morning.wishes if one.site_id == site]
    is_news = [one for one in wishes if one.is_handed_now or one.is_newly_late]
    waiting = [one for one in wishes if one.is_late or one.is_handed_now]
    if is_news:
        kind = "homecare.provider_wishes"
        yield from _message(office, morning, kind, subject, len(waiting))


def _awaited(state: str) -> BedMove:
    """Return the step that a late bed waits for."""
    return BED_LIFE.moves[BED_LIFE.next_step[HomeBedState(state)]]


def _waits_for(morning: Morning, permission: str) -> list[Row[Any]]:
    """Return the beds newly late whose next step is this office's."""
    return [one for one in morning.late if permission in _awaited(one.state).permissions]


def _message(
    office: Row[Any], morning: Morning, kind: str, subject: str, count: int
) -> Iterable[Asked]:
    if count:
        yield _asked(office, morning, kind, subject, {"count": count})


def _asked(
    office: Row[Any], morning: Morning, kind: str, whose: str, facts: dict[str, Any]
) -> Asked:
    return Asked(
        phone=office.phone,
        language=office.language,
        channel=Channel.SMS,
        kind=kind,
        subject=f"{whose}:{morning.today}",
        facts=facts,
        due_at=morning.at,
        expires_at=morning.at + timedelta(days=2),
    )
