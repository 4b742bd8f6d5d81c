"""What facilities announce, in the same transaction."""

from dataclasses import dataclass
from datetime import date

from server.facilities.models import BedKind, EndReason


@dataclass(frozen=True)
class StayBegan:
    """Somebody has moved into a bed, or come back into one."""

    stay_id: int
    resident_id: int
    site_id: int
    kind: BedKind
    bed_id: int
    on: date


@dataclass(frozen=True)
class StayEnded:
    """A stay is over: its bed is free from that day on."""

    stay_id: int
    resident_id: int
    site_id: int
    kind: BedKind
    reason: EndReason
    on: date
