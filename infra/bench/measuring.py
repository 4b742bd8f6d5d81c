"""What is measured, in which order: ours and the floor by turns, so that noise strikes both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from infra.bench import city, proof
from infra.bench.cpu import Meter, Spent
from infra.bench.ground import Ground, Say
from infra.bench.load import Load, put_load
from infra.bench.pgbench import CLIENTS
from infra.bench.report import P99_GOAL_MS, Cost, Measured
from infra.bench.serving import Served, get_headers
from infra.bench.traffic import Booking, Reading
from server.db.sessions import transaction

FIRST_FREE_RUN = 2  # Before it: the day that was eaten before, and the day of the recorded booking.
WARM_UP_TRANSACTIONS = 150
READING_GOAL = 0.5


@dataclass(frozen=True)
class Amount:
    """How often and how long each thing is measured."""

    pairs: int = 3
    seconds: float = 5
    reading_seconds: float = 3

    @property
    def runs(self) -> int:
        """How many days of the city the bookings need: warm-up, two kinds of pairs, scarce one."""
        return FIRST_FREE_RUN + 2 + 2 * 2 * self.pairs + 1


class Bench:
    """One whole measurement on one city."""

    def __init__(self, ground: Ground, *, served: Served, amount: Amount, say: Say) -> None:
        self._ground = ground
        self._port = served.port
        self._meter = Meter(served.pid, ground.database_pid)
        self._amount = amount
        self._say = say
        self._numbers: Iterator[int] = iter(range(FIRST_FREE_RUN, amount.runs))
        self._transactions = WARM_UP_TRANSACTIONS

    def warm_up(self) -> None:
        """Let plans, caches and connections be what they are in a city at work."""
        self._say("Warming up …")
        put_load(Booking(self._run(is_hot=False)), port=self._port, seconds=3)
        rate, _ = self._floor(self._run(is_hot=False))
        self._transactions = round(rate * self._amount.seconds / CLIENTS)

    def book(self, work: str, *, is_hot: bool, goal: float) -> tuple[Measured, Cost]:
        """Book through the application and by pgbench, by turns, each on a day of its own."""
        loads, floors, ours, theirs = [], [], [], []
        for number in range(self._amount.pairs):
            self._say(f"{work}, {number + 1} of {self._amount.pairs} …")
            traffic = Booking(self._run(is_hot=is_hot))
            with self._meter.watching() as spent:
                loads.append(put_load(traffic, port=self._port, seconds=self._amount.seconds))
            ours.append(spent.per(loads[-1].answers))
            rate, floor_spent = self._floor(self._run(is_hot=is_hot))
            floors.append(rate)
            theirs.append(floor_spent)
        return Measured(work, goal, loads, floors, P99_GOAL_MS), Cost(work, ours, theirs)

    def sell_out(self) -> tuple[Load, int, int]:
        """Ask for more places than there are; returns the load, the places, and those taken."""
        run = self._run(is_hot=True)
        with self._ground.platform.working("bench.sell_scarcely"), transaction() as session:
            city.sell_scarcely(session, run)
        self._say("Selling out …")
        load = put_load(Booking(run), port=self._port, seconds=self._amount.seconds)
        with self._ground.looking() as connection:
            return load, *proof.capacity_and_booked(connection, run.first_sitting)

    def read(self, works: Sequence[tuple[str, Reading, float | None]]) -> list[Measured]:
        """Read each beside the constant answer of the same server."""
        floor = Reading("/api/v1/ping")
        loads: dict[str, list[Load]] = {work: [] for work, *_ in works}
        floors: list[float] = []
        for number in range(self._amount.pairs):
            self._say(f"Reading, {number + 1} of {self._amount.pairs} …")
            floors.append(self._reading(floor).rate)
            for work, reading, _ in works:
                loads[work].append(self._reading(reading))
        return [Measured(work, goal, loads[work], floors) for work, _, goal in works]

    def readings(self) -> list[tuple[str, Reading, float | None]]:
        """Return what a phone reads most, and the goal of each: the menu is the same for all."""
        menu = f"/api/v1/canteens/{city.FIRST_CANTEEN + 1}/menu?days=7"
        headers = get_headers(self._port, menu)
        known = Reading(menu, {"If-None-Match": headers["etag"]})
        signed_in = {"Authorization": f"Bearer {city.token_of(0)}"}
        canteens = f"/api/v1/canteens?resident_id={city.FIRST_RESIDENT}"
        return [
            ("menu of the week", Reading(menu), READING_GOAL),
            ("menu, known to the phone", known, READING_GOAL),
            ("canteens, for one resident", Reading(canteens, signed_in), None),
        ]

    def prove(self) -> proof.Proof:
        """Count what is there by now."""
        with self._ground.looking() as connection:
            return proof.prove(connection)

    def _floor(self, run: city.Run) -> tuple[float, Spent]:
        with self._meter.watching() as spent:
            rate = self._ground.floor(run, transactions=self._transactions)
        done = min(self._transactions, city.RESIDENTS // CLIENTS) * CLIENTS
        return rate, spent.per(done)

    def _reading(self, reading: Reading) -> Load:
        return put_load(reading, port=self._port, seconds=self._amount.reading_seconds)

    def _run(self, *, is_hot: bool) -> city.Run:
        return city.Run(next(self._numbers), is_hot=is_hot)
