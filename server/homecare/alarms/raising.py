"""Take calls for help from devices: known by the device's own key, joined while one is open.

A call is never refused because of a clock: what the device says of the time is kept, and what
follows is counted from when it reached the platform.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.homecare.alarms.escalating import call_next
from server.homecare.alarms.models import AlarmKind


class Raised(StrEnum):
    """What became of a signal."""

    RAISED = "raised"
    JOINED = "joined"
    KNOWN = "known"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class Signal:
    """A device calls for help: `event_id` is its own key for this call, for ever."""

    serial: str
    event_id: str
    kind: AlarmKind
    at: datetime


# Devices are held still, so that one call that comes twice at once is one.
DEVICES = text(
    """
    SELECT d.serial, d.id FROM care_device d
      JOIN home_bed b ON b.id = d.home_bed_id
      JOIN api_key_site k ON k.site_id = b.site_id AND k.api_key_id = :key
     WHERE d.serial = ANY (:serials) AND d.removed_on IS NULL
     ORDER BY d.id FOR NO KEY UPDATE OF d
    """
)
KNOWN = text(
    """
    SELECT s.device_id, s.event_id FROM alarm_signal s
      JOIN unnest(CAST(:devices AS bigint[]), CAST(:events AS text[])) AS e(device_id, event_id)
        ON e.device_id = s.device_id AND e.event_id = s.event_id
    """
)
_SENT = """jsonb_to_recordset(CAST(:sent AS jsonb))
           AS s(device_id bigint, event_id text, kind text, at timestamptz)"""
# An alarm that is closed in this moment takes nothing more: the signal opens another.
RAISE = text(
    f"""
    WITH sent AS (
        SELECT s.device_id, s.kind, count(*)::int AS signals, min(s.at) AS at
          FROM {_SENT} GROUP BY 1, 2
    )
    INSERT INTO home_alarm AS a (home_bed_id, resident_id, site_id, device_id, kind, state,
                                 happened_at, raised_at, signals, last_signal_at, calls, next_at,
                                 note)
    SELECT b.id, b.resident_id, b.site_id, s.device_id, s.kind, 'raised', s.at, :now, s.signals,
           :now, 0, :now, ''
      FROM sent s JOIN care_device d ON d.id = s.device_id JOIN home_bed b ON b.id = d.home_bed_id
     ORDER BY s.device_id, s.kind
        ON CONFLICT (device_id, kind) WHERE state <> 'closed'
        DO UPDATE SET signals = a.signals + excluded.signals,
                      last_signal_at = excluded.last_signal_at
    RETURNING a.id, a.device_id, a.kind, a.xmax = 0 AS is_new
    """
)
KEEP = text(
    f"""
    WITH alarm AS (
        SELECT * FROM jsonb_to_recordset(CAST(:alarms AS jsonb))
               AS r(id bigint, device_id bigint, kind text, is_new boolean)
    ), first AS (
        INSERT INTO alarm_step (alarm_id, state, number, at, name, phone, note)
        SELECT id, 'raised', 0, :now, '', '', '' FROM alarm WHERE is_new
    )
    INSERT INTO alarm_signal (alarm_id, device_id, event_id, kind, at, received_at)
    SELECT a.id, s.device_id, s.event_id, s.kind, s.at, :now
      FROM {_SENT} JOIN alarm a USING (device_id, kind) ORDER BY s.device_id, s.event_id
    """
)


def raise_alarms(session: Session, signals: Sequence[Signal]) -> list[Raised]:
    """Raise an alarm for each call of a device that the acting key speaks for, or join an open one.

    Whoever is first in the order is called in the same transaction. Returns what became of each;
    one that comes again changes nothing. Raises `RuleMissing`.
    """
    with reaching_everywhere(session):
        devices = _devices(session, {one.serial for one in signals})
        fresh = _fresh(session, signals, devices)
        new = _put(session, list(fresh.values())) if fresh else set()
    if new:
        call_next(session)
    return _outcomes(signals, devices, fresh, new)


def _devices(session: Session, serials: set[str]) -> Mapping[str, int]:
    key = (actor_of(session).api_key or {}).get("id")
    values = {"key": key, "serials": sorted(serials)}
    return {row.serial: row.id for row in session.connection().execute(DEVICES, values)}


def _fresh(
    session: Session, signals: Sequence[Signal], devices: Mapping[str, int]
) -> Mapping[tuple[int, str], Mapping[str, Any]]:
    """Return what was not sent before, by the device and its key."""
    own = [one for one in signals if one.serial in devices]
    asked = {
        "devices": [devices[one.serial] for one in own],
        "events": [one.event_id for one in own],
    }
    known = {(row.device_id, row.event_id) for row in session.connection().execute(KNOWN, asked)}
    keyed = {(devices[one.serial], one.event_id): one for one in reversed(own)}
    return {key: _row(*key, one) for key, one in keyed.items() if key not in known}


def _row(device_id: int, event_id: str, signal: Signal) -> Mapping[str, Any]:
    return {
        "device_id": device_id,
        "event_id": event_id,
        "kind": signal.kind.value,
        "at": signal.at.isoformat(),
    }


def _put(session: Session, sent: Sequence[Mapping[str, Any]]) -> set[tuple[int, str]]:
    """Return (device, kind) of the alarms that are new."""
    values = {"sent": orjson.dumps(sent).decode(), "now": clock.now()}
    alarms: Sequence[Row[Any]] = session.connection().execute(RAISE, values).all()
    rows = [dict(row._mapping) for row in alarms]
    session.connection().execute(KEEP, {**values, "alarms": orjson.dumps(rows).decode()})
    return {(row.device_id, row.kind) for row in alarms if row.is_new}


def _outcomes(
    signals: Sequence[Signal],
    devices: Mapping[str, int],
    fresh: Mapping[tuple[int, str], Mapping[str, Any]],
    new: set[tuple[int, str]],
) -> list[Raised]:
    """The first of a new alarm raised it; what came with it joined it."""
    left, seen = set(new), set[tuple[int, str]]()

    def told(one: Signal) -> Raised:
        device_id = devices.get(one.serial)
        if device_id is None:
            return Raised.NOT_YOURS
        key, alarm = (device_id, one.event_id), (device_id, one.kind.value)
        if key not in fresh or key in seen:
            return Raised.KNOWN
        is_first = alarm in left
        seen.add(key)
        left.discard(alarm)
        return Raised.RAISED if is_first else Raised.JOINED

    return [told(one) for one in signals]
