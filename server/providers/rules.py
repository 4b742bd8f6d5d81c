"""What may stand in the register of sites; days are civil days of the city."""

import unicodedata
from collections.abc import Mapping, Sequence, Set
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from server.providers.errors import (
    DetailDaysImpossible,
    OpeningDayOutOfReach,
    OpeningNotNext,
    PositionOutsideCity,
    PriceRangeReversed,
    UsccUnusable,
)
from server.providers.models import OpeningState

FRAME_OF = "places.frame_of_{city}"
# Where nobody has said how far a city reaches: west, south, east and north of the country.
CHINA = (73.0, 3.0, 136.0, 54.0)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2169, 12, 31)
MOST_PHOTOS = 12

NEXT: Mapping[OpeningState, Set[OpeningState]] = {
    OpeningState.PLANNED: {OpeningState.OPEN, OpeningState.CLOSED},
    OpeningState.OPEN: {OpeningState.SUSPENDED, OpeningState.CLOSED},
    OpeningState.SUSPENDED: {OpeningState.OPEN, OpeningState.CLOSED},
    # A home that opens again is filed anew (《养老机构管理办法》 2020, 备案).
    OpeningState.CLOSED: {OpeningState.PLANNED},
}


def read_uscc(given: str) -> str:
    """Return a unified social credit code as it is kept; raises `UsccUnusable` (GB 32100)."""
    plain = "".join(unicodedata.normalize("NFKC", given).split()).replace("-", "").upper()
    try:
        return str(uscc.validate(plain))
    except ValidationError as error:
        raise UsccUnusable() from error


def check_position(x: float | None, y: float | None, *, frame: Sequence[float]) -> None:
    """Raise `PositionOutsideCity` unless the point, if one is given, lies within the frame."""
    if x is None and y is None:
        return
    west, south, east, north = frame
    if x is None or y is None or not (west <= x <= east and south <= y <= north):
        raise PositionOutsideCity(west=west, south=south, east=east, north=north)


def check_range(lowest_fen: int, highest_fen: int) -> None:
    """Raise `PriceRangeReversed` where the lowest price is above the highest."""
    if lowest_fen > highest_fen:
        raise PriceRangeReversed()


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Raise `DetailDaysImpossible` unless at least one day is meant."""
    if not FIRST_DAY <= starts_on <= LAST_DAY:
        raise DetailDaysImpossible()
    if ends_on is not None and not starts_on < ends_on <= LAST_DAY:
        raise DetailDaysImpossible()


def check_opening(
    before: OpeningState,
    after: OpeningState,
    starts_on: date,
    *,
    since: date | None,
    today: date,
) -> None:
    """Raise `OpeningNotNext` or `OpeningDayOutOfReach` unless a site may become that on the day.

    `since` is the day of its last change.
    """
    if after not in NEXT[before]:
        raise OpeningNotNext(before=before.value)
    earliest = since or FIRST_DAY
    if not earliest < starts_on <= today:
        raise OpeningDayOutOfReach(earliest=earliest.isoformat(), latest=today.isoformat())
