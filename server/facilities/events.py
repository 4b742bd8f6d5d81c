"""What facilities announce, in the same transaction."""

from dataclasses import dataclass
from datetime import date

from server.facilities.models import BedKind, BedState, EndReason


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


@dataclass(frozen=True)
class StaySuspended:
    """Somebody is away from a bed and will come back: on leave, or in hospital."""

    stay_id: int
    resident_id: int
    kind: BedKind
    state: BedState
    on: date


@dataclass(frozen=True)
class StayResumed:
    """Somebody is back in a bed of the same stay."""

    stay_id: int
    resident_id: int
    kind: BedKind
    bed_id: int
    on: date


@dataclass(frozen=True)
class BedHeld:
    """A bed is being held for somebody; a handler that raises keeps it from being held."""

    bed_id: int
    resident_id: int
    kind: BedKind
