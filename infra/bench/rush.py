"""The week opens for a city at once, and two things are killed: `python -m infra.bench.rush`.

50,000 elders of 200 canteens book their lunch of next week by 32 connections at a time, with price
split, places, trail and idempotency as in service. A web worker and then the database are killed
outright in the middle. Everything lies under `var/bench-rush`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Connection, text

from infra.bench import city, client, proof, storm
from infra.bench.cities import URLS, city_of_its_own, machine, say
from infra.bench.ground import CITY
from infra.bench.serving import free_port
from infra.postgres_process import postmaster_pid
from infra.processes import Platform
from infra.serving.listening import Place
from server.db.cities import schema_of
from server.db.sessions import transaction

VAR = Path("var/bench-rush")
CLIENTS = 32
DAYS = 7
P99_GOAL_MS = 150.0
BACK_WITHIN_S = 10.0
# Nothing is told of the seconds around a kill: they have a goal of their own.
ASIDE_S = 10.0
# Every so-manieth canteen has fewer places than there are people who ask for them.
SCARCE_EVERY = 4
SELL_SCARCELY = text("UPDATE sitting SET capacity = :places WHERE id = :sitting")
TAKEN = text("SELECT sum(booked) FROM sitting WHERE service_on > :today")
LOOKED_EVERY_S = 0.25
RUSH_WITHIN_S = 1_800
ROWS = text("SELECT id, resident_id, sitting_id FROM booking WHERE service_on > :today")


@dataclass(frozen=True)
class Kill:
    """What was killed when, by `time.monotonic()`."""

    what: str
    at_s: float


@dataclass(frozen=True)
class Verdict:
    """What the phones were told, and what the rows say of it."""

    answers: Sequence[storm.Answer]
    kills: Sequence[Kill]
    proved: proof.Proof
    lost: int
    unknown: int
    places: int

    @property
    def acknowledged(self) -> int:
        return sum(answer.booking_id is not None for answer in self.answers)

    @property
    def unanswered(self) -> int:
        return sum(not answer.status for answer in self.answers)

    @property
    def rate(self) -> float:
        """Bookings a second, outages and all."""
        ends = [answer.answered_s for answer in self.answers]
        return self.acknowledged / (max(ends) - min(one.first_sent_s for one in self.answers))

    def percentile(self, share: float) -> float:
        """Return how many milliseconds this share of the undisturbed answers took at most."""
        calm = [one.took_ms for one in self.answers if not self._is_disturbed(one)]
        return client.percentile(calm, share)

    def back_after_s(self, kill: Kill) -> float:
        """Return how long nobody who asked after the kill had a booking."""
        booked = (one for one in self.answers if one.booking_id is not None)
        return min(
            (one.answered_s - kill.at_s for one in booked if one.last_sent_s > kill.at_s),
            default=float("inf"),
        )

    def holds(self, back_within_s: float) -> bool:
        """Nothing lost, doubled, oversold, unsold or unanswered, and always back in time."""
        in_time = all(self.back_after_s(kill) < back_within_s for kill in self.kills)
        wrong = self.lost or self.unknown or self.unanswered or self.acknowledged != self.places
        return self.proved.holds and in_time and not wrong

    def __str__(self) -> str:
        p50, p95, p99 = (self.percentile(share) for share in (0.5, 0.95, 0.99))
        lines = [
            f"{len(self.answers):,} asked for {self.places:,} places, "
            f"{self.acknowledged:,} booked, {self.rate:.0f} a second",
            f"answered in p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms away from the kills",
            *(f"{kill.what}: back after {self.back_after_s(kill):.1f} s" for kill in self.kills),
            f"{self.lost} acknowledged and lost, {self.unknown} booked and never acknowledged, "
            f"{self.unanswered} never answered",
            str(self.proved),
        ]
        return "\n".join(lines)

    def _is_disturbed(self, answer: storm.Answer) -> bool:
        return any(
            kill.at_s - ASIDE_S < answer.answered_s and answer.first_sent_s < kill.at_s + ASIDE_S
            for kill in self.kills
        )


@click.command()
@click.option("--elders", default=50_000, show_default=True)
@click.option("--canteens", default=200, show_default=True)
@click.option("--kill/--no-kill", default=True, show_default=True)
@click.option(
    "--kill-at", nargs=2, type=float, default=(0.2, 0.6), show_default=True,
    help="When which share of the places is taken the web worker, and the database, is killed.",
)  # fmt: skip
@click.option("--back-within", default=BACK_WITHIN_S, show_default=True, help="In seconds.")
@click.option("--var", default=VAR, type=click.Path(path_type=Path), show_default=True)
def main(
    elders: int,
    canteens: int,
    kill: bool,
    kill_at: tuple[float, float],
    back_within: float,
    var: Path,
) -> None:
    """Open the week, kill twice, and hold what was told against the rows."""
    size = city.Size(elders, canteens)
    verdict = rush(var, size, kill_at=kill_at if kill else ())
    click.echo(f"{verdict}\n{CLIENTS} clients, p99 goal {P99_GOAL_MS:.0f} ms; {machine()}")
    sys.exit(0 if verdict.holds(back_within) else 1)


def rush(var: Path, size: city.Size, *, kill_at: Sequence[float]) -> Verdict:
    """Make the city, serve it as people do, and let everybody book at once.

    When the first share of the places is taken a web worker is killed, at the second the database.
    """
    port, wishes = free_port(), _wishes(size)
    scarce = _scarce(wishes)
    places = _places(wishes, scarce)
    with city_of_its_own(var, YINLING_RATE_LIMITS="0") as platform:
        _fill(platform, size, scarce)
        with _served(port), ThreadPoolExecutor(1) as killer:
            say("The week opens …")
            killing = killer.submit(_kill, platform, port, [share * places for share in kill_at])
            answers = storm.book_all(wishes, port=port, clients=CLIENTS)
            kills = killing.result()
            with _looking(platform) as connection:
                return _judge(connection, answers, kills, places=places)


def _fill(platform: Platform, size: city.Size, scarce: Mapping[int, int]) -> None:
    with platform.working("bench.rush"), transaction() as session:
        city.fill(session, runs=DAYS, size=size)
        few = [{"sitting": sitting, "places": places} for sitting, places in scarce.items()]
        session.connection().execute(SELL_SCARCELY, few)
    owner = platform.owner().execution_options(isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _wishes(size: city.Size) -> list[storm.Wish]:
    """Everybody's lunch at their canteen, on one of the seven days."""
    return [
        storm.Wish(
            ordinal,
            city.Run(1 + ordinal // size.canteens % DAYS, is_hot=False).first_sitting
            + ordinal % size.canteens,
        )
        for ordinal in range(size.residents)
    ]


def _scarce(wishes: Sequence[storm.Wish]) -> dict[int, int]:
    """Sitting → places, where there are not enough: nine for ten who ask."""
    asked = Counter(wish.sitting_id for wish in wishes)
    return {
        sitting: max(9 * number // 10, 1)
        for sitting, number in asked.items()
        if sitting % SCARCE_EVERY == 1
    }


def _places(wishes: Sequence[storm.Wish], scarce: Mapping[int, int]) -> int:
    """How many of the wishes can come true, and therefore must."""
    asked = Counter(wish.sitting_id for wish in wishes)
    return sum(min(number, scarce.get(sitting, number)) for sitting, number in asked.items())


@contextlib.contextmanager
def _served(port: int) -> Iterator[None]:
    """`yinling serve`, as a person starts it; it brings back what we kill."""
    command = [sys.executable, "-m", "infra.cli", "serve", "--port", str(port)]
    # Whoever is told where the database is does not look after it.
    own = {name: value for name, value in os.environ.items() if name not in URLS}
    with subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL) as process:
        try:
            Place("127.0.0.1", port).await_ready(check=lambda: None)
            yield
        finally:
            process.send_signal(signal.SIGINT)


def _kill(platform: Platform, port: int, at: Sequence[float]) -> list[Kill]:
    """Kill each when so many places are taken: in the middle, however fast the machine."""
    kills = []
    victims = (("a web worker", _a_web_worker), ("the database", _the_database))
    for places, (what, find) in zip(at, victims, strict=False):
        _await_taken(platform, places)
        victim = find(platform, port)
        kills.append(Kill(what, time.monotonic()))
        os.kill(victim, signal.SIGKILL)
    return kills


def _await_taken(platform: Platform, places: float) -> None:
    until = time.monotonic() + RUSH_WITHIN_S
    while time.monotonic() < until:
        with _looking(platform) as connection:
            if connection.execute(TAKEN, {"today": city.day_of_run(0)}).scalar_one() >= places:
                return
        time.sleep(LOOKED_EVERY_S)
    raise RuntimeError(f"nobody has booked {places:.0f} places")


def _a_web_worker(_: Platform, port: int) -> int:
    """A child of the web server that listens there."""
    [server] = _processes_with("granian", str(port), "--factory")
    return next(pid for pid in _children_of(server) if "granian" in _command_line(pid))


def _the_database(platform: Platform, _: int) -> int:
    pid = postmaster_pid(platform.embedded_server.home)
    assert pid is not None
    return pid


def _processes_with(*words: str) -> list[int]:
    """Return the processes whose command line holds every word, parents alone."""
    found = {pid for pid in _pids() if set(words) <= set(_command_line(pid))}
    return sorted(pid for pid in found if _parent_of(pid) not in found)


def _children_of(parent: int) -> list[int]:
    return sorted(pid for pid in _pids() if _parent_of(pid) == parent)


def _pids() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]


def _command_line(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    return []


def _parent_of(pid: int) -> int | None:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return None


@contextlib.contextmanager
def _looking(platform: Platform) -> Iterator[Connection]:
    platform.owner().dispose()
    with platform.owner().connect() as connection:
        connection.execute(text(f"SET search_path TO {schema_of(CITY)}"))
        yield connection


def _judge(
    connection: Connection, answers: Sequence[storm.Answer], kills: Sequence[Kill], *, places: int
) -> Verdict:
    rows = connection.execute(ROWS, {"today": city.day_of_run(0)})
    stored = {(row.id, row.resident_id - city.FIRST_RESIDENT, row.sitting_id) for row in rows}
    told = {
        (answer.booking_id, answer.ordinal, answer.sitting_id)
        for answer in answers
        if answer.booking_id is not None
    }
    proved = proof.prove(connection)
    return Verdict(
        answers, kills, proved, lost=len(told - stored), unknown=len(stored - told), places=places
    )


if __name__ == "__main__":
    main()
