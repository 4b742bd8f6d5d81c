"""The ledger of devices as its keepers read it: what stands where, and when it was last heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, true
from sqlmodel import Session, col

from server import clock
from server.errors import NotFound
from server.files.models import File, FilePurpose
from server.homecare.devices.models import TELL_NOTHING, CareDevice, DeviceDay, DeviceKind
from server.homecare.devices.silence import SILENT
from server.homecare.models import HomeBed, HomeBedState
from server.policies.queries import get_figures
from server.providers.models import Site
from server.residents.models import Resident

SHOWN_AT_MOST = 2000


class Standing(StrEnum):
    """How a device stands in the ledger today."""

    HEARD = "heard"  # 有信号
    SILENT = "silent"  # 无信号
    NOT_WAITED_FOR = "not_waited_for"  # 不联网，或床位未在服务
    TAKEN_AWAY = "taken_away"  # 已拆除


@dataclass(frozen=True)
class Wanted:
    """Which devices are asked for; those that were taken away only where they are."""

    kind: DeviceKind | None = None
    standing: Standing | None = None


def list_devices(
    session: Session, within: ColumnElement[bool], wanted: Wanted
) -> Sequence[Row[Any]]:
    """Return the devices of the sites, silent ones first; `within` is a condition on `Site`."""
    devices = _devices(session)
    found = devices.where(within, _is_wanted(devices, wanted))
    is_silent = devices.selected_columns.standing == Standing.SILENT
    ordered = found.order_by(is_silent.desc(), col(CareDevice.id))
    return session.execute(ordered.limit(SHOWN_AT_MOST)).all()


def list_of_bed(session: Session, home_bed_id: int) -> Sequence[Row[Any]]:
    """Return what stands or stood at one bed, what was taken away last."""
    devices = _devices(session).where(col(CareDevice.home_bed_id) == home_bed_id)
    gone = col(CareDevice.removed_on).is_not(None)
    return session.execute(devices.order_by(gone, col(CareDevice.id))).all()


def count_standing(session: Session, within: ColumnElement[bool]) -> dict[Standing, int]:
    """Return how many devices of the sites stand how."""
    devices = _devices(session).where(within).subquery()
    query = select(devices.c.standing, func.count()).group_by(devices.c.standing)
    return {Standing(row[0]): row[1] for row in session.execute(query)}


def get_photo(session: Session, device_id: int) -> Row[Any]:
    """Return (id, media_type) of a device's photo; raises `NotFound`."""
    query = (
        select(col(File.id), col(File.media_type))
        .join(CareDevice, col(CareDevice.photo_file_id) == col(File.id))
        .where(
            col(CareDevice.id) == device_id,
            col(File.purpose) == FilePurpose.DEVICE_PHOTO,
            col(File.removed_at).is_(None),
        )
    )
    row: Row[Any] | None = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _is_wanted(devices: Select[Any], wanted: Wanted) -> ColumnElement[bool]:
    standing = devices.selected_columns.standing
    as_it_stands = (
        standing == wanted.standing if wanted.standing else standing != Standing.TAKEN_AWAY
    )
    of_kind = col(CareDevice.kind) == wanted.kind if wanted.kind else true()
    return and_(as_it_stands, of_kind)


def _devices(session: Session) -> Select[Any]:
    last_at = (
        select(col(DeviceDay.last_at))
        .where(col(DeviceDay.device_id) == col(CareDevice.id))
        .order_by(col(DeviceDay.day).desc())
        .limit(1)
        .correlate(CareDevice)
        .scalar_subquery()
    )
    return (
        select(
            *CareDevice.__table__.columns,  # type: ignore[attr-defined]
            col(HomeBed.state).label("bed_state"),
            col(HomeBed.site_id),
            col(Site.name).label("site_name"),
            col(Resident.name).label("resident_name"),
            last_at.label("last_at"),
            _standing(session, last_at).label("standing"),
        )
        .join(HomeBed, col(HomeBed.id) == col(CareDevice.home_bed_id))
        .join(Site, col(Site.id) == col(HomeBed.site_id))
        .outerjoin(Resident, col(Resident.id) == col(HomeBed.resident_id))
    )


def _standing(session: Session, last_at: Any) -> ColumnElement[Any]:
    """The same as the job finds: so many hours unheard, or from the day after it was put up."""
    hours = get_figures(session, [SILENT], on=clock.today())[SILENT].value
    since = clock.now() - timedelta(hours=hours)
    is_new = col(CareDevice.installed_on) >= clock.day_of(since)
    return case(
        (col(CareDevice.removed_on).is_not(None), Standing.TAKEN_AWAY.value),
        (col(CareDevice.kind).in_(TELL_NOTHING), Standing.NOT_WAITED_FOR.value),
        (col(HomeBed.state) != HomeBedState.SERVING, Standing.NOT_WAITED_FOR.value),
        (last_at > since, Standing.HEARD.value),
        (and_(last_at.is_(None), is_new), Standing.HEARD.value),
        else_=Standing.SILENT.value,
    )
