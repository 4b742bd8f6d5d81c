"""Who comes first, and what may follow what in the list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.facilities.waiting.errors import NoLongerWaiting, OfferOver
from server.facilities.waiting.models import (
    STILL_WAITS,
    BedOffer,
    OfferState,
    WaitingEntry,
    WaitingGround,
)
from server.residents.models import HardshipTier

PRIORITY = "beds.waiting_priority"
OFFER_HOURS = "beds.offer_hours"
PAUSE_HOURS = "beds.offer_pause_hours"
IN_TEKUN = frozenset({HardshipTier.TEKUN, HardshipTier.TEKUN_IN_CARE})


@dataclass(frozen=True)
class Order:
    """A place in the order before the day of the application counts, and why."""

    priority: int
    ground: WaitingGround


def order_of(figure: Mapping[str, Any], *, tier: str | None, level: str | None) -> Order:
    """Return the best place that the person's facts give, by the figure `beds.waiting_priority`.

    The figure names a number for each ground, the smaller the sooner, and the levels that count
    as disabled.
    """
    grounds = [WaitingGround.NONE]
    if level in figure["disabled_levels"]:
        grounds.append(WaitingGround.DISABLED)
    if tier in IN_TEKUN:
        grounds.append(WaitingGround.TEKUN)
    best = min(reversed(grounds), key=lambda ground: figure[ground.value])
    return Order(figure[best.value], best)


def check_waits(entry: WaitingEntry) -> None:
    """Raise `NoLongerWaiting` for an entry that has ended."""
    if entry.state not in STILL_WAITS:
        raise NoLongerWaiting()


def check_open(offer: BedOffer, *, now: datetime) -> None:
    """Raise `OfferOver` unless the offer can still be answered."""
    if offer.state is not OfferState.OPEN or offer.expires_at <= now:
        raise OfferOver()
