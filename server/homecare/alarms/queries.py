"""Alarms that are open, those that were, and how soon somebody had them in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    extract,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Session, col

from server import clock
from server.errors import NotFound
from server.homecare.alarms.models import (
    AlarmKind,
    AlarmOutcome,
    AlarmState,
    AlarmStep,
    HomeAlarm,
)
from server.homecare.devices.models import CareDevice
from server.places.models import Division
from server.providers.models import Site
from server.residents.models import Resident

SHOWN_AT_MOST = 1000
OF_A_BED = 20
CALLEES = text("SELECT * FROM alarm_callees(:bed, :today)")


class Answered(StrEnum):
    """How soon somebody had it in hand."""

    IN_TIME = "in_time"
    LATE = "late"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Wanted:
    """Which alarms are asked for: raised from a day to a day, both counted, and what they were."""

    first: date
    last: date
    site_id: int | None = None
    kind: AlarmKind | None = None
    outcome: AlarmOutcome | None = None
    answered: Answered | None = None


def list_open(session: Session, within: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return what is not closed, nobody's first and then the oldest; `within` is about `Site`."""
    is_open = within & (col(HomeAlarm.state) != AlarmState.CLOSED)
    nobodys = col(HomeAlarm.acknowledged_at).is_not(None)
    query = _alarms().where(is_open).order_by(nobodys, col(HomeAlarm.raised_at), col(HomeAlarm.id))
    return session.execute(query.limit(SHOWN_AT_MOST)).all()


def version_of(session: Session, within: ColumnElement[bool]) -> str:
    """Return what changes whenever `list_open` would look different."""
    state = func.concat_ws(
        ":",
        col(HomeAlarm.id),
        col(HomeAlarm.state),
        col(HomeAlarm.signals),
        col(HomeAlarm.calls),
        type_=Text,
    )
    in_order = aggregate_order_by(literal(","), col(HomeAlarm.id))
    query = (
        select(func.md5(func.coalesce(func.string_agg(state, in_order), ""), type_=Text))
        .select_from(HomeAlarm)
        .join(Site, col(Site.id) == col(HomeAlarm.site_id))
        .where(within & (col(HomeAlarm.state) != AlarmState.CLOSED))
    )
    found: str = session.execute(query).scalar_one()
    return found


def list_raised(
    session: Session, within: ColumnElement[bool], wanted: Wanted, *, seconds: int
) -> Sequence[Row[Any]]:
    """Return what was raised on these days, the newest first."""
    query = _alarms().where(within & _asked(wanted, seconds))
    newest = query.order_by(col(HomeAlarm.raised_at).desc(), col(HomeAlarm.id).desc())
    return session.execute(newest.limit(SHOWN_AT_MOST)).all()


def list_of_residents(
    session: Session, resident_ids: Sequence[int], *, since: datetime
) -> Sequence[Row[Any]]:
    """Return what these people's devices called for since then, the newest first."""
    theirs = col(HomeAlarm.resident_id).in_(resident_ids) & (col(HomeAlarm.raised_at) >= since)
    newest = _alarms().where(theirs).order_by(col(HomeAlarm.id).desc()).limit(OF_A_BED)
    return session.execute(newest).all()


def get_alarm(session: Session, alarm_id: int) -> Row[Any]:
    """Return one alarm with its names; raises `NotFound`."""
    row: Row[Any] | None = session.execute(
        _alarms().where(col(HomeAlarm.id) == alarm_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def steps_of(session: Session, alarm_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return what happened with these alarms, in the order in which it happened."""
    staff = func.name_of_staff(col(AlarmStep.staff_id), type_=Text).label("staff_name")
    query = (
        select(*AlarmStep.__table__.columns, staff)  # type: ignore[attr-defined]
        .where(col(AlarmStep.alarm_id).in_(alarm_ids))
        .order_by(col(AlarmStep.alarm_id), col(AlarmStep.id))
    )
    return session.execute(query).all()


def list_callees(session: Session, home_bed_id: int) -> Sequence[Row[Any]]:
    """Return whom to call for a bed, in order, as its keepers may know."""
    values = {"bed": home_bed_id, "today": clock.today()}
    return session.connection().execute(CALLEES, values).all()


def list_providers(
    session: Session, within: ColumnElement[bool], wanted: Wanted, *, seconds: int
) -> Sequence[Row[Any]]:
    """Return each provider's alarms of these days: how many, and how soon they were in hand."""
    waited = _waited()
    query = (
        select(
            col(Site.id),
            col(Site.name),
            func.count().label("alarms"),
            *(
                func.count().filter(_is(answered, seconds)).label(answered.value)
                for answered in Answered
            ),
            func.percentile_cont(0.5).within_group(waited).label("median"),
        )
        .select_from(HomeAlarm)
        .join(Site, col(Site.id) == col(HomeAlarm.site_id))
        .where(within & _asked(wanted, seconds))
        .group_by(col(Site.id), col(Site.name))
        .order_by(func.count().desc(), col(Site.id))
    )
    return session.execute(query).all()


def _alarms() -> Select[Any]:
    return (
        select(
            *HomeAlarm.__table__.columns,  # type: ignore[attr-defined]
            col(Resident.name).label("resident_name"),
            col(Resident.phone).label("resident_phone"),
            col(Resident.address).label("resident_address"),
            col(Division.name).label("village_name"),
            col(Site.name).label("site_name"),
            col(CareDevice.kind).label("device_kind"),
            col(CareDevice.serial).label("serial"),
            func.name_of_staff(col(HomeAlarm.acknowledged_by), type_=Text).label("staff_name"),
        )
        .join(Site, col(Site.id) == col(HomeAlarm.site_id))
        .outerjoin(Resident, col(Resident.id) == col(HomeAlarm.resident_id))
        .outerjoin(Division, col(Division.code) == col(Resident.village_code))
        .outerjoin(CareDevice, col(CareDevice.id) == col(HomeAlarm.device_id))
    )


def _asked(wanted: Wanted, seconds: int) -> ColumnElement[bool]:
    begins = datetime.combine(wanted.first, time(), clock.CITY)
    ends = datetime.combine(wanted.last + timedelta(days=1), time(), clock.CITY)
    conditions = [col(HomeAlarm.raised_at) >= begins, col(HomeAlarm.raised_at) < ends]
    if wanted.site_id is not None:
        conditions.append(col(HomeAlarm.site_id) == wanted.site_id)
    if wanted.kind is not None:
        conditions.append(col(HomeAlarm.kind) == wanted.kind)
    if wanted.outcome is not None:
        conditions.append(col(HomeAlarm.outcome) == wanted.outcome)
    if wanted.answered is not None:
        conditions.append(_is(wanted.answered, seconds))
    return and_(*conditions)


def _is(answered: Answered, seconds: int) -> ColumnElement[bool]:
    if answered is Answered.NOT_YET:
        return col(HomeAlarm.acknowledged_at).is_(None)
    waited = _waited()
    return waited <= seconds if answered is Answered.IN_TIME else waited > seconds


def _waited() -> ColumnElement[Any]:
    return extract("epoch", col(HomeAlarm.acknowledged_at) - col(HomeAlarm.raised_at))
