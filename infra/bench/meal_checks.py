"""Is cheating with meals found, and how fast is a month settled:
`python -m infra.bench.meal_checks`.

A month of canteens in which every kind of cheating is planted beside what looks like it and is
honest is held against every check; then all of it is drawn up. Everything lies under
`var/bench-meal-checks`.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
import psycopg
from sqlalchemy import text

from infra.bench.cities import city_of_its_own, machine, say, seconds, superuser
from infra.bench.meal_month import Builder, Cheats, Month, write
from infra.bench.report import aligned
from server import clock
from server.db.sessions import transaction
from server.findings.checking import Check
from server.findings.service import Suspicion
from server.homecare.meal_checks.checks import CHECKS
from server.meals.checks.service import find
from server.meals.settlement.service import draw_up_slice
from server.policies.queries import get_figures
from server.policies.service import load_pack

VAR = Path("var/bench-meal-checks")
SEED = 20261123
MOST_FALSE = 0.01
HEADINGS = ("", "planted", "found", "missed", "also", "false", "ms")
OF_A_CITY = 4
A_NIGHTS = 10


@dataclass(frozen=True)
class Outcome:
    """What one check made of the month; `also` are findings about cases of another kind."""

    name: str
    planted: int
    found: int
    also: int
    false: int
    took_ms: float

    @property
    def cells(self) -> tuple[str, ...]:
        missed = self.planted - self.found
        counts = (self.planted, self.found, missed, self.also, self.false)
        return (self.name, *(f"{count:,}" for count in counts), f"{self.took_ms:,.0f}")


@click.command()
@click.option("--canteens", default=200, show_default=True, help="How many canteens serve.")
@click.option("--meals", default=60, show_default=True, help="Lunches a day at each.")
@click.option("--cases", default=30, show_default=True, help="Planted cases of each kind.")
@click.option("--seed", default=SEED, show_default=True, help="Which month is made up.")
def main(canteens: int, meals: int, cases: int, seed: int) -> None:
    """Make a month up, hold it against every check, settle it, and print what came of it."""
    with city_of_its_own(VAR) as platform:
        with platform.working("bench.meal_checks"), transaction() as session:
            load_pack(session, "reference")
        say("Making the month up …")
        with superuser(platform) as connection:
            month = fill(connection, canteens=canteens, meals=meals, cases=cases, seed=seed)
        with platform.working("bench.meal_checks"):
            outcomes = [judge(check, month) for check in CHECKS]
            settled = settle(month)
    holds = tell(outcomes, month)
    click.echo(f"{settled}\n{machine()}")
    sys.exit(0 if holds else 1)


def fill(
    connection: psycopg.Connection, *, canteens: int, meals: int, cases: int, seed: int = SEED
) -> Month:
    """Write the month before the last into an empty city."""
    villages = connection.execute("SELECT code FROM division WHERE level = 'village' ORDER BY 1")
    figure = connection.execute("SELECT id FROM parameter WHERE key = 'meals.subsidy_by_age'")
    last = clock.today().replace(day=1) - timedelta(days=1)
    last = last.replace(day=1) - timedelta(days=1)
    [parameter] = figure.fetchone() or (0,)
    builder = Builder([row[0] for row in villages], first=last.replace(day=1), last=last,
                      seed=seed, parameter=parameter)  # fmt: skip
    builder.build(canteens, meals)
    Cheats(builder, cases).plant()
    write(builder)
    builder.month.rows.copy_in(connection)
    return builder.month


def judge(check: Check, month: Month) -> Outcome:
    """Run one check over ten days at a time, as every night, and compare with the labels."""
    began, cases = time.monotonic(), list[Suspicion]()
    for since in range(0, (month.last - month.first).days + 1, A_NIGHTS):
        first = month.first + timedelta(days=since)
        until = min(month.last, first + timedelta(days=A_NIGHTS - 1))
        with transaction() as session:
            cases += find(session, check, first, until=until)
    took = 1000 * (time.monotonic() - began)
    planted = month.planted.get(check.kind.value, [])
    anybodys = set().union(*(meals for of_kind in month.planted.values() for meals in of_kind))
    about = [set(case.evidence["meals"]) for case in cases]
    hit = sum(any(meals & found for found in about) for meals in planted)
    own = set().union(*planted) if planted else set()
    also = sum(bool(not found & own and found & anybodys) for found in about)
    false = sum(not found & anybodys for found in about)
    return Outcome(check.name, len(planted), hit, also, false, took)


def settle(month: Month) -> str:
    """Draw up every canteen in slices, each a transaction, and say how long it took."""
    with transaction() as session:
        prefix = str(session.execute(text("SELECT min(code) FROM division")).scalar_one())
        get_figures(session, ["meals.subsidy_by_age"], on=month.first)
    slices: list[float] = []

    def draw_up_all() -> None:
        drawn = 1
        while drawn:
            began = time.monotonic()
            with transaction() as session:
                drawn = draw_up_slice(session, [prefix[:OF_A_CITY]], month.first)
            slices.append(time.monotonic() - began)

    took = seconds(draw_up_all)
    with transaction() as session:
        counts = session.execute(text("SELECT count(*), sum(meals) FROM meal_settlement")).one()
    return (
        f"{counts[0]:,} canteens with {counts[1]:,} meals drawn up in {took:.1f} s,"
        f" {len(slices) - 1} slices, the slowest {max(slices):.1f} s"
    )


def tell(outcomes: Sequence[Outcome], month: Month) -> bool:
    """Print the outcomes; True where everything was found and false alarms are few."""
    found = sum(one.found for one in outcomes)
    planted = sum(one.planted for one in outcomes)
    false = sum(one.false for one in outcomes)
    share = false / max(1, found + false + sum(one.also for one in outcomes))
    click.echo(aligned([HEADINGS, *(one.cells for one in outcomes)]))
    click.echo(
        f"{found:,} of {planted:,} planted cases found; {false:,} false alarms: {share:.2%} of what"
        f" was found, among {len(month.meals):,} meals"
    )
    return found == planted and share <= MOST_FALSE


if __name__ == "__main__":
    main()
