"""Calls for help from homes."""

from datetime import timedelta
from itertools import count

from server import clock
from server.homecare.alarms.models import AlarmKind, AlarmState, AlarmStep, HomeAlarm, HomeCallee
from server.homecare.devices.models import DeviceKind
from server.residents.models import Relation, ResidentContact
from tests.factories.devices import make_device

_numbers = count(1)


def make_call_device(session, bed, **given):
    """An emergency call that stands in the home."""
    return make_device(session, bed, kind=DeviceKind.EMERGENCY_CALL, **given)


def make_contact(session, bed, name="李小红", **given):
    """Somebody of the family who is called."""
    values = {
        "resident_id": bed.resident_id,
        "name": name,
        "relation": Relation.CHILD,
        "phone": f"+861370000{next(_numbers):04d}",
    } | given
    contact = ResidentContact(**values)
    session.add(contact)
    session.flush()
    return contact


def make_callee(session, bed, place, kind="contact", **given):
    """A line of the order that the provider wrote down."""
    values = {"name": "值班", "phone": f"+861360000{next(_numbers):04d}"} | given
    callee = HomeCallee(home_bed_id=bed.id, place=place, kind=kind, **values)
    session.add(callee)
    session.flush()
    return callee


def make_alarm(session, bed, device=None, *, ago=0, **given):
    """An alarm so many seconds ago for which nobody was called yet; `answered=(staff, seconds)`."""
    at = clock.now() - timedelta(seconds=ago)
    values = {
        "home_bed_id": bed.id,
        "resident_id": bed.resident_id,
        "site_id": bed.site_id,
        "device_id": (device or make_call_device(session, bed)).id,
        "kind": AlarmKind.SOS,
        "state": AlarmState.RAISED,
        "happened_at": at,
        "raised_at": at,
        "last_signal_at": at,
        "next_at": at,
    } | given
    answered = values.pop("answered", None)
    if answered is not None:
        staff, seconds = answered
        values |= {
            "state": given.get("state", AlarmState.ACKNOWLEDGED),
            "acknowledged_by": staff.id,
            "acknowledged_at": at + timedelta(seconds=seconds),
            "next_at": None,
        }
    alarm = HomeAlarm(**values)
    session.add(alarm)
    session.flush()
    session.add(AlarmStep(alarm_id=alarm.id, state=AlarmState.RAISED, at=at))
    session.flush()
    return alarm
