"""Thirty elders of 黄华街社区, and the way on which each of them orders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from server.meals.models import BookedBy

SELF, HELPER, STANDING = BookedBy.SELF, BookedBy.HELPER, BookedBy.STANDING
WINDOW, TELEPHONE = BookedBy.STAFF, BookedBy.CANTEEN
PAPER, WALK_IN = BookedBy.PAPER, BookedBy.WALK_IN


@dataclass(frozen=True)
class Elder:
    """Somebody who eats at the canteen; `is_poor` has the addition for hardship."""

    name: str
    born_on: date
    orders: BookedBy
    is_poor: bool = False


def _born(name: str, year: int, orders: BookedBy, *, is_poor: bool = False) -> Elder:
    return Elder(name, date(year, 3, 1), orders, is_poor)


EARLY = _born("程玉兰", 1944, SELF)
WITH_A_WALLET = _born("沈秀珍", 1951, SELF)
WAITING = _born("樊长贵", 1945, SELF)
ABSENT = _born("唐福生", 1958, SELF)
MOTHER = _born("葛淑琴", 1941, HELPER)
AT_THE_WINDOW = _born("倪凤英", 1947, WINDOW)
BY_TELEPHONE = _born("尤金凤", 1939, TELEPHONE)
LAME, DEAF = _born("齐守田", 1936, TELEPHONE, is_poor=True), _born("康月娥", 1938, TELEPHONE)
DYING = _born("郝有德", 1935, STANDING)
RESTING = _born("毕春兰", 1949, STANDING)
# Eighty on the Wednesday of the story: from then on the city adds more.
TURNING_EIGHTY = Elder("庞水生", date(1946, 11, 11), STANDING)
STRANGER = _born("梅雪琴", 1962, WALK_IN)

ELDERS: Sequence[Elder] = (
    EARLY, WITH_A_WALLET, WAITING, ABSENT,
    _born("陆大海", 1943, SELF, is_poor=True), _born("龚桂芳", 1964, SELF),
    MOTHER,
    _born("葛福寿", 1940, HELPER), _born("储兰英", 1948, HELPER), _born("施永福", 1952, HELPER),
    AT_THE_WINDOW,
    _born("丁全保", 1934, WINDOW, is_poor=True), _born("邬巧云", 1955, WINDOW),
    _born("滕广才", 1961, WINDOW),
    BY_TELEPHONE, LAME, DEAF, _born("汤桂英", 1956, TELEPHONE),
    _born("安文秀", 1950, PAPER), _born("柏树根", 1942, PAPER), _born("常小妹", 1937, PAPER),
    _born("戴明理", 1963, PAPER), _born("费阿香", 1953, PAPER, is_poor=True),
    DYING, RESTING, TURNING_EIGHTY,
    _born("伏冬梅", 1957, STANDING), _born("耿立本", 1946, STANDING, is_poor=True),
    STRANGER, _born("苗向阳", 1960, WALK_IN),
)  # fmt: skip


def who(orders: BookedBy) -> Iterator[Elder]:
    """Everybody who orders in this way."""
    return (one for one in ELDERS if one.orders is orders)
