"""Devices in homes."""

from itertools import count

from server import clock
from server.homecare.devices.models import CareDevice, DeviceDay, DeviceKind

_numbers = count(1)


def make_device(session, bed, *, kind=DeviceKind.NETWORK_HUB, **given):
    """A device put up in the home today, on an invoice of its own."""
    number = next(_numbers)
    values = {
        "serial": f"SN{number:06d}",
        "kind": kind,
        "home_bed_id": bed.id,
        "invoice_number": f"F{number:08d}",
        "invoice_line": 1,
        "price_fen": 39900,
        "installed_on": clock.today(),
    } | given
    device = CareDevice(**values)
    session.add(device)
    session.flush()
    return device


def was_heard(session, device, *, on):
    """The device told something on that day."""
    now = clock.now()
    session.add(DeviceDay(device_id=device.id, day=on, beats=3, first_at=now, last_at=now))
    session.flush()
