"""How the ledger of devices refuses."""

from server.errors import DomainError, Kind


class SerialTaken(DomainError):
    """The serial number stands elsewhere; where is not said, since it may be another county's."""

    code = "serial-taken"
    kind = Kind.CONFLICT


class InvoiceLineUsed(DomainError):
    """This line of the invoice pays for another device."""

    code = "invoice-line-used"
    kind = Kind.CONFLICT


class DeviceGone(DomainError):
    """The device was taken away, or has gone on to another home."""

    code = "device-gone"
    kind = Kind.CONFLICT


class DeviceDayUnusable(DomainError):
    """The day is in the future, before the bed was applied for, or before the device was put up."""

    code = "device-day-unusable"
    kind = Kind.INVALID
