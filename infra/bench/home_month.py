"""A month of visits at homes, written by COPY: honest ones with the noise of real devices and
streets, and among them cheating of every kind that the checks look for, each case labelled.

Everybody honest travels at a bicycle's pace, is punctual within minutes and stays about as long as
was ordered. Positions err by metres and now and then by a block; some are missing; some phones
send hours later; people go into hospital, move into homes and die, and are not visited any more.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from infra.bench.home_rows import Rows
from server.clock import CITY

BEDS_A_SITE, BEDS_A_WORKER = 50, 6
VISITS_A_BED = 20
CENTRE = (112.85, 35.49)
METRES_EAST, METRES_NORTH = 90_500.0, 111_200.0
ORDERED = 60
ORDERED_OF_THE_BUSY = 130
MOST_A_DAY = 6
MOST_A_DAY_OF_THE_BUSY = 5
BICYCLE_KMH = (10.0, 22.0)


@dataclass
class Home:
    """A bed at home, its person, and whose worker comes."""

    bed: int
    resident: int
    site: int
    worker: int
    x: float
    y: float


@dataclass
class Visit:
    """One visit as it was planned and as it is told; what is cheated stands in `told`."""

    id: int
    home: Home
    worker: int
    day: date
    planned: datetime
    ordered: int
    arrived: datetime
    left: datetime
    at_arrival: tuple[float, float] | None
    at_leaving: tuple[float, float] | None
    blur: int
    photo: int
    sent_after: timedelta
    written_on: date | None = None
    is_planted: bool = False
    is_held: bool = False  # another's cheating rests on how this one is told


@dataclass
class Month:
    """Everybody and every visit, and by kind the keys of what was planted."""

    first: date
    last: date
    rows: Rows = field(default_factory=Rows)
    homes: list[Home] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    rounds: dict[tuple[int, date], list[Visit]] = field(default_factory=dict)
    busy: set[int] = field(default_factory=set)
    reserve: dict[int, int] = field(default_factory=dict)
    planted: dict[str, set[object]] = field(default_factory=dict)


class Builder:
    """Makes the honest month up, the same one each time."""

    def __init__(self, villages: Sequence[str], *, first: date, last: date, seed: int) -> None:
        self.chance = Random(seed)
        self._villages = villages
        self.month = Month(first, last)
        self._days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def build(self, beds: int, *, busy_share: float) -> Month:
        """Return the month of so many beds; so many workers come for twice as long each time."""
        for number in range(math.ceil(beds / BEDS_A_SITE)):
            size = min(BEDS_A_SITE, beds - number * BEDS_A_SITE)
            self._provider(number, size, busy_share)
        for home in self.month.homes:
            self._put_up_devices(home)
        self._plan()
        return self.month

    def home(self, site: int, worker: int, *, days_ago: int = 200) -> Home:
        """Somebody's bed near the provider, serving since so many days before the month's end."""
        rows, chance = self.month.rows, self.chance
        village = self._villages[site % len(self._villages)]
        where = (self._provider_place(site), (chance.gauss(0, 1500), chance.gauss(0, 1500)))
        x, y = moved(*where)
        resident = rows.put("resident", f"测试老人{rows.count('resident')}", "", "", "female",
                            date(1944, 5, 6), village, "")  # fmt: skip
        since = self.month.last - timedelta(days=days_ago)
        bed = rows.put("home_bed", resident, site, "serving", since, "staff",
                       noon(since), "", x, y, "")  # fmt: skip
        return Home(bed, resident, site, worker, x, y)

    def _provider(self, number: int, beds: int, busy_share: float) -> None:
        rows, village = self.month.rows, self._villages[number % len(self._villages)]
        site = rows.put("site", "home_care_provider", f"测试居家服务{number:03d}", village,
                        "建设路 1 号", "open", [])  # fmt: skip
        workers = [self._worker() for _ in range(math.ceil(beds / BEDS_A_WORKER))]
        self.month.reserve[site] = self._worker()
        self.month.busy |= {one for one in workers if not one % round(1 / busy_share)}
        for bed in range(beds):
            self.month.homes.append(self.home(site, workers[bed % len(workers)]))

    def _worker(self) -> int:
        rows = self.month.rows
        return rows.put("staff", f"worker-{rows.count('staff')}", "测试护理员", "zh-CN")

    def _provider_place(self, site: int) -> tuple[float, float]:
        """Providers lie on a grid, six kilometres apart."""
        number = site % 1000
        return moved(CENTRE, (6000.0 * (number % 7 - 3), 6000.0 * (number // 7 % 7 - 3)))

    def _put_up_devices(self, home: Home) -> None:
        """A hub and a call button, each heard on nearly every day."""
        rows, put_up = self.month.rows, self.month.first - timedelta(days=100)
        for kind in ("network_hub", "emergency_call"):
            number = rows.count("care_device")
            device = rows.put("care_device", f"SN{number:07d}", kind, home.bed,
                              f"F{number:08d}", 1, 39900, put_up)  # fmt: skip
            for day in self._days:
                if self.chance.random() < 0.98:
                    rows.add("device_day", device, day, 288, noon(day), noon(day))

    def _plan(self) -> None:
        """Twenty days for each bed, none of which gives its worker more than can be done."""
        load: dict[tuple[int, date], list[Home]] = {}
        for home in self.month.homes:
            most = MOST_A_DAY_OF_THE_BUSY if home.worker in self.month.busy else MOST_A_DAY
            open_days = [day for day in self._days if len(load.get((home.worker, day), [])) < most]
            for day in self.chance.sample(open_days, min(VISITS_A_BED, len(open_days))):
                load.setdefault((home.worker, day), []).append(home)
        for (worker, day), homes in sorted(load.items(), key=lambda one: one[0]):
            self.month.rounds[worker, day] = list(self._round(worker, day, homes))
            self.month.visits += self.month.rounds[worker, day]

    def _round(self, worker: int, day: date, homes: list[Home]) -> Iterator[Visit]:
        """One worker's day: from home to the nearest home, in time and at a bicycle's pace."""
        chance = self.chance
        ordered = ORDERED_OF_THE_BUSY if worker in self.month.busy else ORDERED
        planned = datetime.combine(day, time(7, 30), CITY)
        left, here = planned, homes[0]
        for home in nearest_first(homes):
            way = apart((here.x, here.y), (home.x, home.y))
            ride = timedelta(hours=way / 1000 / chance.uniform(*BICYCLE_KMH), minutes=2)
            arrived = max(planned + minutes(chance.gauss(0, 5)), left + ride)
            stayed = minutes(ordered * chance.gauss(1.03, 0.055))
            yield self._visit(home, worker, planned, ordered, arrived, arrived + stayed)
            left, here = arrived + stayed, home
            planned = next_slot(planned + minutes(ordered) + ride + minutes(10))

    def _visit(
        self, home: Home, worker: int, planned: datetime, ordered: int, arrived: datetime,
        left: datetime,
    ) -> Visit:  # fmt: skip
        chance = self.chance
        blur, (arrival, leaving) = self._positions(home)
        sent_after = timedelta(seconds=chance.uniform(1, 20))
        if chance.random() < 0.03:
            sent_after = timedelta(hours=min(60.0, chance.expovariate(1 / 5)))
        number = self.month.rows.next("care_visit")
        photo = photo_of(home.bed, chance)
        return Visit(number, home, worker, planned.date(), planned, ordered, arrived, left,
                     arrival, leaving, blur, photo, sent_after)  # fmt: skip

    def _positions(
        self, home: Home
    ) -> tuple[int, tuple[tuple[float, float] | None, tuple[float, float] | None]]:
        """Fifteen metres of error, two in a hundred of eighty; one in a hundred missing."""
        chance = self.chance
        error = 80.0 if chance.random() < 0.02 else 15.0

        def told() -> tuple[float, float] | None:
            if chance.random() < 0.01:
                return None
            return moved((home.x, home.y), (chance.gauss(0, error), chance.gauss(0, error)))

        return round(error * chance.uniform(0.8, 1.6)), (told(), told())


def moved(place: tuple[float, float], metres: tuple[float, float]) -> tuple[float, float]:
    """Return the place so many metres to the east and to the north."""
    return place[0] + metres[0] / METRES_EAST, place[1] + metres[1] / METRES_NORTH


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how many metres lie between two places, near enough for a ride."""
    return math.hypot((other[0] - one[0]) * METRES_EAST, (other[1] - one[1]) * METRES_NORTH)


def nearest_first(homes: list[Home]) -> Iterator[Home]:
    """Yield the first home, and then always the nearest of those that are left."""
    here, left = homes[0], homes[1:]
    yield here
    while left:
        here = min(left, key=lambda one: apart((here.x, here.y), (one.x, one.y)))
        left.remove(here)
        yield here


def photo_of(bed: int, chance: Random) -> int:
    """Sixty-four bits: those of the home's room, some of them otherwise each time."""
    room = Random(bed).getrandbits(64)
    for place in chance.sample(range(64), max(0, round(chance.gauss(12, 3)))):
        room ^= 1 << place
    return room - (1 << 64) if room >> 63 else room


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def next_slot(instant: datetime) -> datetime:
    """Return the next five minutes at or after it."""
    past = timedelta(minutes=instant.minute % 5, seconds=instant.second,
                     microseconds=instant.microsecond)  # fmt: skip
    return instant - past + minutes(5) if past else instant


def noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


def row_of(visit: Visit) -> tuple[Any, ...]:
    """What is copied of a visit's proof beside its numbers."""
    arrival, leaving = visit.at_arrival or (None, None), visit.at_leaving or (None, None)
    blurs = [visit.blur if place[0] else None for place in (arrival, leaving)]
    arrived = (visit.arrived, visit.arrived + visit.sent_after, *arrival, blurs[0])
    return *arrived, visit.left, visit.left + visit.sent_after, *leaving, blurs[1]
