"""Take reports of death and moving away in, and reverse the one that was a mistake."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from server import clock, events
from server.db.sessions import actor_of, reaching_everywhere
from server.residents.departures import effects, entitlements, queries
from server.residents.departures.events import (
    Departed,
    DepartureReversed,
    Entry,
    Journal,
    ResidentsDeparted,
)
from server.residents.departures.models import AT_THE_WINDOW, Departure, DepartureKind
from server.residents.departures.reports import Known, Report
from server.residents.departures.rules import Outcome, judge
from server.residents.errors import (
    DepartureContradicts,
    DepartureDayImpossible,
    DepartureWasReversed,
    LaterDepartureStands,
)
from server.residents.meant import get_meant

# The register follows the report in the same statement.
RECORD = text(
    """
    WITH reported AS (
        INSERT INTO departure (resident_id, kind, happened_on, source, source_reference,
                               reported_at, reported_by, effects)
        SELECT r.resident_id, r.kind, r.happened_on, r.source, r.reference, :at, :by, '[]'
          FROM jsonb_to_recordset(CAST(:reports AS jsonb))
            AS r(resident_id bigint, kind text, happened_on date, source text, reference text)
         ORDER BY r.resident_id, r.kind
        RETURNING id, resident_id, kind, happened_on
    ), days AS (
        SELECT resident_id, max(happened_on) FILTER (WHERE kind = 'died') AS died_on,
               max(happened_on) FILTER (WHERE kind = 'moved_away') AS moved_away_on
          FROM reported GROUP BY resident_id
    ), told AS (
        UPDATE resident SET died_on = coalesce(days.died_on, resident.died_on),
                            moved_away_on = coalesce(days.moved_away_on, resident.moved_away_on)
          FROM days WHERE resident.id = days.resident_id
    )
    SELECT id, resident_id, kind, happened_on FROM reported ORDER BY id
    """
)
JOURNAL = text(
    """
    UPDATE departure SET effects = j.effects
      FROM jsonb_to_recordset(CAST(:journal AS jsonb)) AS j(id bigint, effects jsonb)
     WHERE departure.id = j.id
    """
)
REVERSE = text(
    """
    WITH reversed AS (
        UPDATE departure SET reversed_at = :at, reversed_by = :by, reversal_reason = :reason,
                             effects = CAST(:effects AS jsonb)
         WHERE id = :id RETURNING resident_id, kind
    )
    UPDATE resident SET died_on = CASE WHEN kind <> 'died' THEN died_on END,
                        moved_away_on = CASE WHEN kind <> 'moved_away' THEN moved_away_on END
      FROM reversed WHERE resident.id = reversed.resident_id
    """
)


@dataclass(frozen=True)
class Reversal:
    """What a reversal brought back, and what it could not: changed since, full, or past."""

    came_back: Sequence[Entry]
    lost: Sequence[Entry]
    was_reversed_before: bool = False


def report_departures(session: Session, reports: Sequence[Report]) -> list[Outcome]:
    """Record what is new of these, end what ends the day after, and say what became of each.

    What is known already changes nothing; nothing recorded is overwritten. Raises `NotFound` for a
    resident beyond the reporter's reach. What ends may lie further than the reporter can see.
    """
    now = clock.now()
    born_on = {
        row.id: row.born_on
        for row in queries.lock_residents(session, [one.resident_id for one in reports])
    }
    known = queries.list_known(session, reports)
    outcomes = [_judged(report, known, born_on, today=clock.day_of(now)) for report in reports]
    new = [
        report
        for report, outcome in zip(reports, outcomes, strict=True)
        if outcome is Outcome.RECORDED
    ]
    if new:
        departed = _record(session, new, now=now)
        _carry_out(session, departed, now=now)
    return outcomes


def foresee_departures(session: Session, reports: Sequence[Report]) -> list[Outcome]:
    """Say what would become of each report; nothing is written and nobody is held."""
    born_on = queries.find_birthdays(session, [one.resident_id for one in reports])
    known = queries.list_known(session, reports)
    return [_judged(report, known, born_on, today=clock.today()) for report in reports]


def report_departure(
    session: Session,
    *,
    resident_id: int,
    kind: DepartureKind,
    happened_on: date,
    source: str = AT_THE_WINDOW,
    reference: str | None = None,
) -> Outcome:
    """Record one report, as a person at a window or another system gives it.

    Returns `RECORDED` or `UNCHANGED`. Raises `DepartureDayImpossible`, `DepartureContradicts`,
    `DepartureWasReversed` and `NotFound`.
    """
    report = Report(resident_id, kind, happened_on, source, reference)
    [outcome] = report_departures(session, [report])
    if outcome is Outcome.IMPOSSIBLE_DAY:
        raise DepartureDayImpossible()
    if outcome is Outcome.CONTRADICTS:
        raise DepartureContradicts(happened_on=_standing_day(session, report))
    if outcome is Outcome.REVERSED_BEFORE:
        raise DepartureWasReversed()
    return outcome


def report_departure_of(
    session: Session,
    *,
    name: str,
    id_number: str | None = None,
    born_on: date | None = None,
    kind: DepartureKind,
    happened_on: date,
    source: str,
    reference: str | None = None,
) -> Outcome:
    """Record a report about whoever is meant, as another system names people.

    Raises what `report_departure` and `get_meant` raise: nobody is ever guessed.
    """
    resident_id = get_meant(session, name=name, id_number=id_number, born_on=born_on)
    return report_departure(
        session,
        resident_id=resident_id,
        kind=kind,
        happened_on=happened_on,
        source=source,
        reference=reference,
    )


def reverse_departure(session: Session, departure_id: int, *, reason: str) -> Reversal:
    """Take a mistaken report back, with everything it ended that can still come back.

    What cannot is listed, never left out. Reversing twice is as good as once. Raises `NotFound`,
    and `LaterDepartureStands` where another report came later and still stands.
    """
    departure = queries.get_departure(session, departure_id)
    queries.lock_residents(session, [departure.resident_id])
    departure = queries.get_departure(session, departure_id)
    entries = [_entry(told) for told in departure.effects]
    if departure.reversed_at is not None:
        back = {_entry(told) for told in departure.effects if told.get("is_back")}
        return _reversal(entries, back, was_reversed_before=True)

    _check_is_the_latest(session, departure)
    came_back = _bring_back(session, departure.resident_id, entries)
    _write_reversal(session, departure_id, entries, came_back, reason=reason)
    return _reversal(entries, came_back)


def _judged(
    report: Report, known: list[Known], born_on: dict[int, date], *, today: date
) -> Outcome:
    """What is recorded is known to the reports after it."""
    outcome = judge(report, known=known, born_on=born_on[report.resident_id], today=today)
    if outcome is Outcome.RECORDED:
        known.append(Known(report, is_reversed=False))
    return outcome


def _record(session: Session, reports: Sequence[Report], *, now: datetime) -> list[Departed]:
    values = {
        "reports": json.dumps([vars(report) for report in reports], default=str),
        "at": now,
        "by": actor_of(session).staff_id,
    }
    rows = session.connection().execute(RECORD, values).all()
    session.expire_all()
    return [
        Departed(row.id, row.resident_id, DepartureKind(row.kind), row.happened_on) for row in rows
    ]


def _carry_out(session: Session, departed: Sequence[Departed], *, now: datetime) -> None:
    event = ResidentsDeparted(departed, now, Journal())
    with reaching_everywhere(session):
        effects.end_all(session, event)
        entitlements.end_entitlements(session, event)
        events.publish(session, event)
    journal = [
        {"id": departure_id, "effects": [vars(entry) for entry in entries]}
        for departure_id, entries in event.journal.entries.items()
    ]
    session.connection().execute(JOURNAL, {"journal": json.dumps(journal)})
    session.expire_all()


def _standing_day(session: Session, report: Report) -> str | None:
    """The day that is recorded of the same resident and kind, if the report contradicts that."""
    days = [
        one.report.happened_on
        for one in queries.list_known(session, [report])
        if not one.is_reversed
        and (one.report.resident_id, one.report.kind) == (report.resident_id, report.kind)
    ]
    return days[0].isoformat() if days else None


def _check_is_the_latest(session: Session, departure: Departure) -> None:
    for other in queries.list_departures(session, departure.resident_id):
        if other.id == departure.id:
            return
        if other.reversed_at is None:
            raise LaterDepartureStands()


def _bring_back(session: Session, resident_id: int, entries: Sequence[Entry]) -> set[Entry]:
    event = DepartureReversed(resident_id, entries)
    with reaching_everywhere(session):
        effects.bring_back(session, event)
        entitlements.bring_entitlements_back(session, event)
        events.publish(session, event)
    return event.came_back


def _write_reversal(
    session: Session,
    departure_id: int,
    entries: Sequence[Entry],
    came_back: set[Entry],
    *,
    reason: str,
) -> None:
    told = [{**vars(entry), "is_back": entry in came_back} for entry in entries]
    values = {
        "id": departure_id,
        "at": clock.now(),
        "by": actor_of(session).staff_id,
        "reason": reason,
        "effects": json.dumps(told),
    }
    session.connection().execute(REVERSE, values)
    session.expire_all()


def _reversal(
    entries: Sequence[Entry], came_back: set[Entry], *, was_reversed_before: bool = False
) -> Reversal:
    return Reversal(
        came_back=[entry for entry in entries if entry in came_back],
        lost=[entry for entry in entries if entry not in came_back],
        was_reversed_before=was_reversed_before,
    )


def _entry(told: dict[str, object]) -> Entry:
    return Entry(**{name: told[name] for name in ("table", "key", "before", "after")})  # type: ignore[arg-type]
