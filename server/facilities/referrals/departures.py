"""What a death or a move ends of referrals; they do not come back, since a place was given up."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.departures.effects import GONE, as_rows, note_ended
from server.residents.departures.events import ResidentsDeparted

END_REFERRALS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE referral SET state = 'withdrawn', decided_at = :at, decided_by = NULL
      FROM gone JOIN referral AS old USING (resident_id)
     WHERE referral.id = old.id AND old.state IN ('requested', 'accepted')
    RETURNING gone.departure_id, referral.id AS key, old.state AS before, referral.state AS after
    """
)


def end_referrals(session: Session, event: ResidentsDeparted) -> None:
    """Withdraw open referrals; the beds held for them are freed with the stays."""
    values = {"gone": as_rows(event.departed), "at": event.reported_at}
    note_ended(event, "referral", session.connection().execute(END_REFERRALS, values).all())
