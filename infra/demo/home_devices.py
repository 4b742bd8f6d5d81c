"""What stands in the homes of the demo, heard a moment ago but for one; and calls for help."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from infra.demo.sites import FIRST_HOME_CARE
from server import clock
from server.db.tables import Table
from server.homecare.alarms.models import (
    AlarmKind,
    AlarmOutcome,
    AlarmState,
    AlarmStep,
    CalleeKind,
    HomeAlarm,
)
from server.homecare.devices.models import CareDevice, DeviceKind
from server.homecare.models import HomeBed

PUT_UP = (
    (DeviceKind.EMERGENCY_CALL, "H", 29_900),
    (DeviceKind.SMOKE_GAS, "Y", 19_900),
)
# One home in so many is silent, so that there is something to look into.
SILENT_ONE_IN = 7
# An hour ago each of some homes: seconds until it was in hand, and how it ended.
EARLIER = (
    (AlarmKind.SOS, 48, AlarmOutcome.HELPED, "老人头晕，已送医陪诊"),
    (AlarmKind.SOS, 100, AlarmOutcome.FALSE_ALARM, "误碰按钮"),
    (AlarmKind.FALL, 65, AlarmOutcome.HELPED, "扶起，无外伤"),
    (AlarmKind.SMOKE_GAS, 290, AlarmOutcome.CALLED_120, "厨房冒烟，已通风，老人呛咳送医"),
    (AlarmKind.SOS, 30, AlarmOutcome.FALSE_ALARM, "试按"),
)
HOMES = text(
    """
    SELECT b.id AS home_bed_id, b.resident_id, b.site_id, d.id AS device_id,
           (SELECT min(r.staff_id) FROM staff_role r
             WHERE r.site_id = b.site_id AND r.role = 'home_care_provider') AS staff_id
      FROM home_bed b JOIN site s ON s.id = b.site_id AND s.source_key = :key
      JOIN care_device d ON d.home_bed_id = b.id AND d.kind = 'emergency_call'
     WHERE b.state = 'serving' ORDER BY b.id
    """
)
HEARD = text(
    """
    INSERT INTO device_day (device_id, day, beats, first_at, last_at)
    SELECT d.id, :today, 1, :now, :now FROM care_device d JOIN home_bed b ON b.id = d.home_bed_id
     WHERE b.state = 'serving' AND d.home_bed_id % :one_in <> 0 ON CONFLICT DO NOTHING
    """
)


def devices_of(bed: HomeBed, *, is_serving: bool) -> Iterator[CareDevice]:
    """An emergency call and a smoke alarm, on one invoice."""
    put_up = clock.today() - timedelta(days=30 if is_serving else 0)
    for line, (kind, letter, price_fen) in enumerate(PUT_UP, start=1):
        yield CareDevice(
            serial=f"DEMO-{letter}{bed.id:06d}",
            kind=kind,
            home_bed_id=bed.id or 0,
            invoice_number=f"示范发票{bed.id:08d}",
            invoice_line=line,
            price_fen=price_fen,
            installed_on=put_up,
        )


def put_alarms(session: Session) -> int:
    """Let the homes be heard today, and put down what was called for; returns how many calls."""
    today = {"today": clock.today(), "now": clock.now(), "one_in": SILENT_ONE_IN}
    session.connection().execute(HEARD, today)
    homes = session.connection().execute(HOMES, {"key": FIRST_HOME_CARE}).all()
    for number, home in enumerate(homes[: len(EARLIER)]):
        where = dict(home._mapping)
        staff_id = where.pop("staff_id")
        _put(session, where, staff_id, number)
    return min(len(homes), len(EARLIER))


def _put(session: Session, where: dict[str, int], staff_id: int | None, number: int) -> None:
    kind, seconds, outcome, note = EARLIER[number]
    at = clock.now() - timedelta(days=number, hours=2)
    answered, closed = at + timedelta(seconds=seconds), at + timedelta(minutes=25)
    alarm = HomeAlarm(
        **where, kind=kind, state=AlarmState.CLOSED, happened_at=at, raised_at=at,
        last_signal_at=at, calls=1, acknowledged_at=answered, acknowledged_by=staff_id,
        closed_at=closed, outcome=outcome, note=note,
    )  # fmt: skip
    session.add(alarm)
    session.flush()
    session.add_all(_steps(alarm, staff_id))
    session.flush()


def _steps(alarm: HomeAlarm, staff_id: int | None) -> Sequence[Table]:
    number = alarm.id or 0
    called = {"callee": CalleeKind.DUTY, "name": "值班"}
    return (
        AlarmStep(alarm_id=number, state=AlarmState.RAISED, at=alarm.raised_at),
        AlarmStep(
            alarm_id=number, state=AlarmState.CALLED, number=1, at=alarm.raised_at, **called
        ),
        AlarmStep(
            alarm_id=number, state=AlarmState.ACKNOWLEDGED, at=alarm.acknowledged_at,
            staff_id=staff_id,
        ),
        AlarmStep(
            alarm_id=number, state=AlarmState.CLOSED, at=alarm.closed_at, staff_id=staff_id,
            note=alarm.note,
        ),
    )  # fmt: skip
