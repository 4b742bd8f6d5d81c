"""Boards, history and admissions over a city of beds: `python -m infra.bench.beds`.

Everything lies under `var/bench-beds`. Each question is asked as whoever would ask it: the city's
officer, the county's, and the operator of the largest facility, with row security as in service.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

import click
from sqlalchemy import text
from sqlmodel import Session

from infra.bench import beds_city
from infra.bench.cities import city_of_its_own, machine, say, seconds, superuser
from infra.bench.ground import CITY
from infra.bench.report import aligned
from infra.bench.screens import CHANGES, Screen, look_on
from infra.bench.serving import served
from infra.processes import Platform
from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.facilities.queries import board, counts, history
from server.facilities.stays.admitting import admit
from server.settings import Settings

VAR = Path("var/bench-beds")
LIST = Path("../shared/data/facilities_real.csv")
GOAL_MS = 100.0
COUNTY = "140502"
STAFF = text(
    """
    WITH one AS (INSERT INTO staff (sign_in_name, display_name, language)
                 VALUES (:role, :role, 'zh-CN') RETURNING id),
         office AS (INSERT INTO staff_role (staff_id, role, division_code, site_id, starts_on)
                    SELECT id, :role, :division, :site, DATE '2020-01-01' FROM one)
    INSERT INTO sign_in (token_digest, staff_id, device_label, created_at, expires_at,
                         second_factor_at)
    SELECT :digest, id, '', :now, :until, :now FROM one
    """
)


@dataclass(frozen=True)
class Timed:
    """How long a question took, in milliseconds, sorted."""

    what: str
    took: list[float]

    def at(self, share: float) -> float:
        return self.took[min(int(len(self.took) * share), len(self.took) - 1)]

    def cells(self) -> tuple[str, str, str, str]:
        mark = "✓" if self.at(0.95) < GOAL_MS else "✗"
        return self.what, f"{self.at(0.5):.1f}", f"{self.at(0.95):.1f}", f"< {GOAL_MS:.0f} {mark}"


@dataclass(frozen=True)
class Town:
    """The built city, the tokens of those who ask, and what it is served with."""

    city: beds_city.BedCity
    tokens: dict[str, str]
    settings: Settings


@click.command()
@click.option("--beds", default=30_000, show_default=True, help="How many beds the city has.")
@click.option("--times", default=60, show_default=True, help="How often each thing is asked.")
@click.option("--admissions", default=600, show_default=True, help="How many people move in.")
@click.option("--threads", default=4, show_default=True, help="How many move in at once.")
@click.option("--viewers", default=16, show_default=True, help="How many look at the overview.")
@click.option(
    "--facilities", type=click.Path(path_type=Path), default=LIST, show_default=True,
    help="A list of facilities with a column 床位; without it sizes are made up.",
)  # fmt: skip
def main(
    beds: int, times: int, admissions: int, threads: int, viewers: int, facilities: Path
) -> None:
    """Build a city of beds, and measure what is asked of it and how fast people move in."""
    sizes = beds_city.sizes_of(facilities, beds=beds)
    with _built(sizes, waiting=admissions + CHANGES) as town:
        measured = [_timed(what, ask, times) for what, ask in _questions(town)]
        watched = _watch(town, viewers)
        rate, took = _move_in(town, admissions, threads)
    rows = [("", "p50 ms", "p95 ms", "goal"), *(one.cells() for one in measured)]
    click.echo(aligned(rows))
    click.echo(watched)
    click.echo(
        f"{admissions} admissions by {threads} threads: {rate:.0f} a second,"
        f" p50 {took.at(0.5):.0f} ms, p95 {took.at(0.95):.0f} ms"
    )
    made = town.city.rows
    click.echo(
        f"{len(sizes)} facilities, {len(made['bed']):,} beds, {len(made['bed_occupancy']):,}"
        f" records, {len(made['stay']):,} stays; {machine()}"
    )


@contextmanager
def _built(sizes: list[int], *, waiting: int) -> Iterator[Town]:
    with city_of_its_own(VAR, YINLING_POOL_SIZE="8") as platform:
        city = _fill(platform, sizes, waiting)
        with platform.working("bench.beds"), transaction() as session:
            tokens = _open_offices(session, city.largest)
        with platform.working("bench.beds") as settings:
            yield Town(city, tokens, settings)


def _fill(platform: Platform, sizes: list[int], waiting: int) -> beds_city.BedCity:
    with superuser(platform) as connection:
        found = connection.execute("SELECT code FROM division WHERE level = 'village' ORDER BY 1")
        villages = [row[0] for row in found]
        city = beds_city.Builder(villages, today=clock.today()).build(sizes, waiting=waiting)
        took = seconds(lambda: beds_city.copy_in(connection, city))
        say(f"Copied in {took:.1f} s")
    return city


def _open_offices(session: Session, largest: int) -> dict[str, str]:
    """Return a token for the city's officer, a county's, and the largest facility's operator."""
    offices: dict[str, tuple[str | None, int | None]] = {
        "city_officer": (CITY, None),
        "county_officer": (COUNTY, None),
        "facility_operator": (None, largest),
    }
    for role, (division, site) in offices.items():
        given = {"role": role, "division": division, "site": site, "digest": _digest(role)}
        until = clock.now() + timedelta(days=1)
        session.connection().execute(STAFF, {**given, "now": clock.now(), "until": until})
    return {role: _token(role) for role in offices}


def _token(role: str) -> str:
    return f"bench-sign-in-of-{role}"


def _digest(role: str) -> bytes:
    return hashlib.sha256(_token(role).encode()).digest()


def _questions(town: Town) -> Iterator[tuple[str, Callable[[], object]]]:
    today, days = clock.today(), cycle(list(beds_city.days_back(27)))
    city = {"prefixes": [CITY], "site_ids": []}
    county = {"prefixes": [COUNTY], "site_ids": []}
    home = town.city.largest
    ask = _asking(town)
    yield "the city by county", ask("city_officer", lambda s: counts.list_counts_by_county(
        s, **city, on=today))  # fmt: skip
    yield "the city by facility", ask("city_officer", lambda s: counts.list_counts(
        s, **city, on=today))  # fmt: skip
    yield "a county by facility", ask("county_officer", lambda s: counts.list_counts(
        s, **county, on=today))  # fmt: skip
    yield "has anything changed", ask("city_officer", lambda s: counts.board_version(
        s, **city))  # fmt: skip
    yield "board of the largest home", ask("facility_operator", lambda s: board.list_beds(
        s, site_id=home, on=today))  # fmt: skip
    yield "the city on a past day", ask("city_officer", lambda s: counts.list_counts_by_county(
        s, **city, on=next(days)))  # fmt: skip
    yield "a past day as it was known then", ask("city_officer", lambda s: counts.list_counts(
        s, **city, on=next(days), known_at=clock.now() - timedelta(days=400)))  # fmt: skip
    for what, scope, back in (
        ("90 days of the city", city, 90),
        ("three years of the city", city, 1096),
        ("three years of the largest home", {"prefixes": [], "site_ids": [home]}, 1096),
    ):
        yield what, ask("city_officer", partial(
            history.count_by_day_within, **scope, until=today,
            since=today - timedelta(days=back - 1)))  # fmt: skip


def _asking(town: Town) -> Callable[..., Callable[[], object]]:
    def ask(role: str, question: Callable[[Session], object]) -> Callable[[], object]:
        def asked() -> object:
            act = Act(Face.CONSOLE, "bench.beds", "bench", token=town.tokens[role])
            with acting(act), transaction(writes=False) as session:
                return question(session)

        return asked

    return ask


def _timed(what: str, ask: Callable[[], object], times: int) -> Timed:
    say(f"{what} …")
    ask()
    timed = Timed(what, sorted(1000 * seconds(ask) for _ in range(times)))
    say(f"  p50 {timed.at(0.5):.1f} ms, p95 {timed.at(0.95):.1f} ms")
    return timed


def _watch(town: Town, viewers: int) -> str:
    """Let people move in while many look on; what they see, and when."""
    say("looking on …")
    wishes = zip(reversed(town.city.free_beds), reversed(town.city.without_a_bed), strict=False)
    with served(town.settings, said=VAR / "server.log") as server:
        overview = Screen(server.port, town.tokens["city_officer"], "/admin/beds/overview/live")
        return str(look_on(overview, viewers=viewers, change=lambda: _admit(*next(wishes))))


def _move_in(town: Town, number: int, threads: int) -> tuple[float, Timed]:
    """Let so many people move into beds that are free; returns how many a second."""
    say("moving in …")
    wishes = list(zip(town.city.free_beds, town.city.without_a_bed, strict=False))[:number]

    def move_in(wish: tuple[int, int]) -> float:
        return seconds(lambda: _admit(*wish))

    def share(first: int) -> list[float]:
        return [1000 * move_in(wish) for wish in wishes[first::threads]]

    began = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(copy_context().run, share, first) for first in range(threads)]
        took = sorted(one for future in running for one in future.result())
    return len(took) / (time.monotonic() - began), Timed("admission", took)


def _admit(bed_id: int, resident_id: int) -> None:
    with transaction() as session:
        admit(session, bed_id=bed_id, resident_id=resident_id, admitted_on=clock.today())


if __name__ == "__main__":
    main()
