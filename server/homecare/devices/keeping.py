"""The ledger of devices: one is put up in a home, taken away, or goes on to another home."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotAllowed, NotFound
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_image, remove_file
from server.homecare.devices.errors import (
    DeviceDayUnusable,
    DeviceGone,
    InvoiceLineUsed,
    SerialTaken,
)
from server.homecare.devices.models import CareDevice, DeviceKind
from server.homecare.errors import HomeBedNotSo
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.spelling import invoice_of, plate_of
from server.identity.roles import reach_of

KEEP = "homecare.keep-devices"
BROKEN = {
    "uq_care_device_serial": SerialTaken(),
    "uq_care_device_bought": SerialTaken(),
    "uq_care_device_invoice_number_invoice_line": InvoiceLineUsed(),
    "uq_care_device_moved_from_id": DeviceGone(),
}


@dataclass(frozen=True)
class Bought:
    """A device as its invoice and its plate name it."""

    kind: DeviceKind
    serial: str
    invoice_number: str
    invoice_line: int
    price_fen: int
    installed_on: date


@all_or_nothing
def put_up(
    session: Session, home_bed_id: int, bought: Bought, *, photo: bytes | None = None
) -> CareDevice:
    """Put a device into the ledger of a home, with a photo of how it stands there.

    Raises `SerialTaken`, `InvoiceLineUsed`, `DeviceDayUnusable`, `ImageUnusable`, `HomeBedNotSo`,
    `NotAllowed`, `NotFound`.
    """
    bed = _hold_bed(session, home_bed_id)
    _check_day(bought.installed_on, not_before=clock.day_of(bed.applied_at))
    device = CareDevice(home_bed_id=home_bed_id, **vars(bought) | _spelt(session, bought))
    with refusing(session, BROKEN):
        session.add(device)
    if photo is not None:
        _keep_photo(session, device, bed, photo)
    return device


@all_or_nothing
def show_it(session: Session, device_id: int, photo: bytes) -> CareDevice:
    """Keep a new photo of how it stands there; what was in the one before is deleted.

    Raises `ImageUnusable`, `DeviceGone`, `NotAllowed`, `NotFound`.
    """
    device = _hold(session, device_id)
    before = device.photo_file_id
    _keep_photo(session, device, _hold_bed(session, device.home_bed_id), photo)
    if before is not None:
        remove_file(session, before)
    return device


@all_or_nothing
def take_away(session: Session, device_id: int, *, on: date) -> CareDevice:
    """Note that a device stands there no more; its serial number is heard no longer.

    Raises `DeviceGone`, `DeviceDayUnusable`, `NotAllowed`, `NotFound`.
    """
    device = _hold(session, device_id)
    _check_day(on, not_before=device.installed_on)
    device.removed_on = on
    session.flush()
    return device


@all_or_nothing
def move(session: Session, device_id: int, *, to_bed_id: int, on: date) -> CareDevice:
    """Let a device go on in another home of the provider; it costs nothing there.

    Raises what `take_away` raises, and `HomeBedNotSo`.
    """
    bed = _hold_bed(session, to_bed_id)
    device = take_away(session, device_id, on=on)
    same = ("kind", "serial", "invoice_number", "invoice_line")
    moved = CareDevice(
        **{name: getattr(device, name) for name in same},
        home_bed_id=bed.id or 0,
        price_fen=0,
        installed_on=on,
        moved_from_id=device_id,
    )
    with refusing(session, BROKEN):
        session.add(moved)
    return moved


def _hold(session: Session, device_id: int) -> CareDevice:
    query = select(CareDevice).where(col(CareDevice.id) == device_id).with_for_update()
    held = session.execute(query.execution_options(populate_existing=True))
    device: CareDevice | None = held.scalar_one_or_none()
    if device is None:
        raise NotFound()
    _check_mine(session, _bed(session, device.home_bed_id))
    if device.removed_on is not None:
        raise DeviceGone()
    return device


def _hold_bed(session: Session, home_bed_id: int) -> HomeBed:
    """A bed that stands, or is on its way, at one of the actor's own sites."""
    bed = _bed(session, home_bed_id)
    _check_mine(session, bed)
    if bed.state is HomeBedState.ENDED:
        raise HomeBedNotSo(state=bed.state.value)
    return bed


def _bed(session: Session, home_bed_id: int) -> HomeBed:
    query = select(HomeBed).where(col(HomeBed.id) == home_bed_id).with_for_update(read=True)
    bed: HomeBed | None = session.execute(query).scalar_one_or_none()
    if bed is None:
        raise NotFound()
    return bed


def _check_mine(session: Session, bed: HomeBed) -> None:
    actor = actor_of(session)
    if not actor.is_service and bed.site_id not in reach_of(actor, KEEP).site_ids:
        raise NotAllowed()


def _spelt(session: Session, bought: Bought) -> dict[str, str]:
    """The numbers as they are kept; raises `SerialTaken` for one in letters of another size."""
    serial = plate_of(bought.serial)
    alike = func.upper(func.replace(col(CareDevice.serial), " ", ""))
    query = select(col(CareDevice.id)).where(alike == serial.replace(" ", "").upper())
    with reaching_everywhere(session):
        if session.execute(query.limit(1)).first() is not None:
            raise SerialTaken()
    return {"serial": serial, "invoice_number": invoice_of(bought.invoice_number)}


def _check_day(day: date, *, not_before: date) -> None:
    if not not_before <= day <= clock.today():
        raise DeviceDayUnusable()


def _keep_photo(session: Session, device: CareDevice, bed: HomeBed, photo: bytes) -> None:
    purpose = FilePurpose.DEVICE_PHOTO
    kept = keep_image(session, photo, kind=FileKind.PHOTO, purpose=purpose, site_id=bed.site_id)
    device.photo_file_id = kept.id
    session.flush()
