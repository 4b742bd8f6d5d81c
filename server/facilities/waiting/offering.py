"""A free bed goes to the first of the list as an offer that lapses. All of it may run twice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.facilities.waiting import rules
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.policies.queries import get_figures

OFFERED = "facilities.bed_offered"

# The nth free bed of a facility and kind goes to the nth who waits there and is not paused. Where
# two sweeps meet, the indexes of `bed_offer` let one of them through.
MAKE_OFFERS = text(
    """
    WITH free AS (
        SELECT b.id AS bed_id, b.site_id, b.kind,
               row_number() OVER (PARTITION BY b.site_id, b.kind ORDER BY b.label, b.id) AS nth
          FROM bed b JOIN site s ON s.id = b.site_id
         WHERE s.opening_state = 'open' AND b.opened_on <= :today AND b.left_uncleaned_at IS NULL
           AND b.room_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM waiting_entry w
                        WHERE w.site_id = b.site_id AND w.kind = b.kind AND w.state = 'waiting')
           AND NOT EXISTS (SELECT 1 FROM bed_occupancy o
                            WHERE o.bed_id = b.id AND o.superseded_at IS NULL
                              AND (o.ends_on IS NULL OR o.ends_on > :today))
           AND NOT EXISTS (SELECT 1 FROM bed_offer f WHERE f.bed_id = b.id AND f.state = 'open')
    ), first AS (
        SELECT w.id AS entry_id, w.resident_id, w.site_id, w.kind,
               row_number() OVER (PARTITION BY w.site_id, w.kind
                                  ORDER BY w.priority, w.since, w.id) AS nth
          FROM waiting_entry w
         WHERE w.state = 'waiting' AND (w.paused_until IS NULL OR w.paused_until <= :now)
           AND NOT EXISTS (SELECT 1 FROM stay t
                            WHERE t.resident_id = w.resident_id AND t.status = 'held'
                              AND t.hold_until > :today)
    )
    INSERT INTO bed_offer (entry_id, resident_id, site_id, kind, bed_id, made_at, expires_at, state)
    SELECT first.entry_id, first.resident_id, first.site_id, first.kind, free.bed_id,
           :now, :expires_at, 'open'
      FROM first JOIN free USING (site_id, kind, nth)
     ORDER BY free.bed_id
    ON CONFLICT DO NOTHING
    RETURNING id
    """
)
# Whoever left the list meanwhile is offered nothing.
NOTE_OFFERED = text(
    """
    WITH offered AS (
        UPDATE waiting_entry w SET state = 'offered'
          FROM bed_offer f WHERE f.id = ANY(:offers) AND w.id = f.entry_id AND w.state = 'waiting'
        RETURNING w.id
    )
    UPDATE bed_offer SET state = 'withdrawn', answered_at = :now
     WHERE id = ANY(:offers) AND entry_id NOT IN (SELECT id FROM offered)
    """
)
TO_TELL = text(
    """
    SELECT DISTINCT f.id AS offer_id, a.phone, a.language, s.name AS home, f.expires_at
      FROM bed_offer f
      JOIN site s ON s.id = f.site_id
      JOIN resident_grant g ON g.resident_id = f.resident_id AND g.starts_on <= :today
       AND (g.ends_on IS NULL OR g.ends_on > :today)
       AND (g.kind = 'self' OR 'apply' = ANY (g.scopes))
      JOIN account a ON a.id = g.account_id AND a.closed_at IS NULL
     WHERE f.id = ANY(:offers) AND f.state = 'open'
     ORDER BY f.id, a.phone
    """
)
CLOSE_OFFERS = """
    WITH over AS (
        UPDATE bed_offer f SET state = '{state}', answered_at = :now
         WHERE f.state = 'open' AND {over}
        RETURNING f.entry_id
    )
    UPDATE waiting_entry w SET state = 'waiting', paused_until = {paused_until}
      FROM over WHERE w.id = over.entry_id AND w.state = 'offered'
    RETURNING w.id
"""
LAPSE_OFFERS = text(
    CLOSE_OFFERS.format(state="lapsed", over="f.expires_at <= :now", paused_until=":paused_until")
)
TAKE_BACK_TAKEN = text(
    CLOSE_OFFERS.format(
        state="withdrawn",
        over="""EXISTS (SELECT 1 FROM bed_occupancy o
                         WHERE o.bed_id = f.bed_id AND o.superseded_at IS NULL
                           AND (o.ends_on IS NULL OR o.ends_on > :today))""",
        paused_until="w.paused_until",
    )
)


def make_offers(session: Session) -> int:
    """Offer every free bed to the first who waits for it, and tell them; returns how many.

    The platform acts. Raises `RuleMissing`.
    """
    now, today = clock.now(), clock.today()
    hours = get_figures(session, [rules.OFFER_HOURS], on=today)[rules.OFFER_HOURS].value
    values = {"now": now, "today": today, "expires_at": now + timedelta(hours=hours)}
    offers = session.connection().execute(MAKE_OFFERS, values).scalars().all()
    if offers:
        session.connection().execute(NOTE_OFFERED, {"offers": offers, "now": now})
        _tell(session, session.connection().execute(TO_TELL, {"offers": offers, "today": today}))
    return len(offers)


def lapse_offers(session: Session) -> int:
    """Close offers that nobody answered in time, or whose bed is taken; returns how many."""
    now, today = clock.now(), clock.today()
    pause = get_figures(session, [rules.PAUSE_HOURS], on=today)[rules.PAUSE_HOURS].value
    values = {"now": now, "paused_until": now + timedelta(hours=pause)}
    lapsed = session.connection().execute(LAPSE_OFFERS, values).all()
    taken = session.connection().execute(TAKE_BACK_TAKEN, {"now": now, "today": today}).all()
    return len(lapsed) + len(taken)


def _tell(session: Session, rows: Sequence[Row[Any]] | Any) -> None:
    wishes = [
        Asked(
            channel=Channel.SMS,
            kind=OFFERED,
            due_at=clock.now(),
            phone=row.phone,
            language=row.language,
            subject=f"bed_offer:{row.offer_id}",
            facts={"home": row.home, "until": _until(row.expires_at)},
            expires_at=row.expires_at,
        )
        for row in rows
    ]
    ask_for_messages(session, wishes)


def _until(expires_at: Any) -> str:
    return f"{expires_at.astimezone(clock.CITY):%m-%d %H:%M}"
