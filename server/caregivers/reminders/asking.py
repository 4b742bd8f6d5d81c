"""Put reminders and their messages down together, so that neither is there without the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock
from server.caregivers.reminders.models import Reminder, ReminderKind
from server.caregivers.reminders.rules import Due
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.places.ladders import Times, moment_to_send
from server.policies.queries import get_figures

# A reminder that could not be delivered for so long would only confuse.
KEPT_FOR = timedelta(days=3)
# Whoever signs in is written to there: the phone of the file may be somebody else's by now.
PHONES = text(
    """
    SELECT c.id, coalesce(a.phone, c.phone) AS phone, coalesce(a.language, c.language) AS language,
           a.id AS account_id
      FROM caregiver c LEFT JOIN account a ON a.id = c.account_id AND a.closed_at IS NULL
     WHERE c.id = ANY (:ids)
    """
)
ENDED = 0


@dataclass(frozen=True)
class Told:
    """A reminder of a site or a county, and who is to be written to for it."""

    kind: ReminderKind
    subject: str
    recipient: str
    facts: dict[str, int]
    offices: Sequence[Row[Any]]
    site_id: int | None = None
    county_code: str | None = None


def remind_caregivers(session: Session, due: Sequence[Due]) -> int:
    """Put down what is not there yet and ask for its messages; return how many were new."""
    if not due:
        return 0
    phones = _phones(session, due)
    by_key = {(one.kind, one.subject, f"caregiver:{one.caregiver_id}"): one for one in due}
    new = put_down(session, due)
    times = get_times(session, on=due[0].due_on)
    asked = [
        _message(row, by_key[row.kind, row.subject, row.recipient], phones, times) for row in new
    ]
    ask_for_messages(session, [one for one in asked if one is not None])
    return len(new)


def put_down(session: Session, due: Sequence[Due]) -> Sequence[Row[Any]]:
    """Put down what is not there yet; return (kind, subject, recipient) of what was new."""
    phones = _phones(session, due)
    return _put(session, [_row_of(one, phones[one.caregiver_id]) for one in due])


def tell_offices(session: Session, day: date, told: Sequence[Told]) -> int:
    """Put down what sites and counties are told on the day; return how many were new."""
    if not told:
        return 0
    by_key = {(one.kind, one.subject, one.recipient): one for one in told}
    new = _put(session, [_row_told(one, day) for one in told])
    at = moment(day, get_times(session, on=day))
    asked = [
        _office_message(row.kind, row.subject, row.recipient, one.facts, office, at)
        for row in new
        for one in [by_key[row.kind, row.subject, row.recipient]]
        for office in one.offices
    ]
    ask_for_messages(session, asked)
    return len(new)


def get_times(session: Session, *, on: date) -> Times:
    """Return when messages of reminders go out on the day."""
    return Times.of(get_figures(session, ["reminders.times"], on=on)["reminders.times"].value)


def moment(day: date, times: Times) -> datetime:
    """Return when a message that is due on the day goes out, asked for now."""
    return moment_to_send(day, clock.now().astimezone(clock.CITY), times)


def phrase_of(kind: ReminderKind, rung: int, facts: dict[str, Any]) -> str:
    """Return the kind of message that says a reminder; the catalogues hold its words."""
    name = kind.value
    if kind is ReminderKind.CERTIFICATE and rung > ENDED:
        name = "certificate_ended"
    elif kind is ReminderKind.INSTALMENT and rung >= ENDED:
        name = "instalment_day" if rung == ENDED else "instalment_after"
    elif kind is ReminderKind.ATTENDANCE and facts["lost"]:
        name = "attendance_lost"
    return f"reminders.{name}"


def _phones(session: Session, due: Sequence[Due]) -> dict[int, Row[Any]]:
    ids = sorted({one.caregiver_id for one in due})
    return {row.id: row for row in session.connection().execute(PHONES, {"ids": ids})}


def _put(session: Session, rows: Sequence[dict[str, Any]]) -> Sequence[Row[Any]]:
    put = insert(Reminder).values(list(rows)).on_conflict_do_nothing()
    columns = (col(Reminder.kind), col(Reminder.subject), col(Reminder.recipient))
    return session.execute(put.returning(*columns)).all()


def _row_of(due: Due, whose: Row[Any]) -> dict[str, Any]:
    return {
        "kind": due.kind,
        "subject": due.subject,
        "rung": due.rung,
        "recipient": f"caregiver:{due.caregiver_id}",
        "caregiver_id": due.caregiver_id,
        "site_id": due.site_id,
        "about_on": due.about_on,
        "due_on": due.due_on,
        "facts": dict(due.facts),
        "reached": whose.phone is not None,
        "asked_at": clock.now(),
    }


def _row_told(one: Told, day: date) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": one.subject,
        "rung": 0,
        "recipient": one.recipient,
        "site_id": one.site_id,
        "county_code": one.county_code,
        "about_on": day,
        "due_on": day,
        "facts": one.facts,
        "reached": bool(one.offices),
        "asked_at": clock.now(),
    }


def _message(row: Row[Any], due: Due, phones: dict[int, Row[Any]], times: Times) -> Asked | None:
    whose = phones[due.caregiver_id]
    if whose.phone is None:
        return None
    phrase = phrase_of(due.kind, due.rung, dict(due.facts))
    facts = {"day": due.about_on.isoformat(), **_plain(due.facts)}
    at = moment(due.due_on, times)
    return _asked(whose, phrase, f"{row.recipient}:{due.subject}", facts, at)


def _plain(facts: Any) -> dict[str, Any]:
    """What a message of a reminder says besides the day: numbers, never names."""
    said = {name: value for name, value in facts.items() if isinstance(value, int)}
    if "minutes" in facts:
        said |= {"hours": facts["minutes"] // 60, "needed": facts["needed"] // 60}
    if "missing" in facts:
        said["count"] = len(facts["missing"])
    if "closes" in facts:
        said["closes"] = facts["closes"]
    return said


def _office_message(
    kind: ReminderKind,
    subject: str,
    recipient: str,
    facts: dict[str, int],
    office: Row[Any],
    at: datetime,
) -> Asked:
    return _asked(office, f"reminders.{kind.value}", f"{recipient}:{subject}", facts, at)


def _asked(
    whose: Row[Any], phrase: str, subject: str, facts: dict[str, Any], at: datetime
) -> Asked:
    return Asked(
        phone=whose.phone,
        language=whose.language,
        channel=Channel.SMS,
        kind=phrase,
        subject=subject,
        facts=facts,
        due_at=at,
        expires_at=at + KEPT_FOR,
        account_id=getattr(whose, "account_id", None),
    )


def chunks(due: Sequence[Due], size: int) -> Iterable[Sequence[Due]]:
    """Yield the reminders in parts that one transaction takes."""
    return (due[start : start + size] for start in range(0, len(due), size))
