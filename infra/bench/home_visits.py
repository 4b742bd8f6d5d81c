"""Is cheating found, and is honesty left in peace: `python -m infra.bench.home_visits`.

A month of 2,000 beds with twenty visits each, in which three in a hundred visits are cheating of
every kind (and three in a hundred beds and workers), is held against every check. Everything lies
under `var/bench-home-visits`.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
import psycopg
from sqlalchemy import Row, text

from infra.bench.cities import city_of_its_own, machine, say, seconds, superuser
from infra.bench.home_cheats import Cheats, write_visits
from infra.bench.home_month import Builder, Month
from infra.bench.report import aligned
from server import clock
from server.db.sessions import transaction
from server.homecare.checks.checks import CHECKS
from server.homecare.checks.service import check_days, find
from server.policies.service import load_pack

VAR = Path("var/bench-home-visits")
SEED = 20261123
MOST_FALSE = 0.01
HEADINGS = ("", "planted", "found", "missed", "also", "false", "ms")


@dataclass(frozen=True)
class Outcome:
    """What one check made of the month.

    `also` are findings about a planted case of another kind; `false` those about nobody's.
    """

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


@dataclass(frozen=True)
class Verdict:
    """Every check's outcome over one month."""

    outcomes: Sequence[Outcome]
    visits: int

    def total(self, what: str) -> int:
        return sum(getattr(one, what) for one in self.outcomes)

    @property
    def false_share(self) -> float:
        """Of all that was found, the share that is about nothing that was planted."""
        everything = sum(one.found + one.also + one.false for one in self.outcomes)
        return self.total("false") / everything if everything else 0.0

    @property
    def holds(self) -> bool:
        return self.total("planted") == self.total("found") and self.false_share <= MOST_FALSE

    def __str__(self) -> str:
        rows = [HEADINGS, *(one.cells for one in self.outcomes)]
        return (
            f"{aligned(rows)}\n{self.total('found'):,} of {self.total('planted'):,} planted cases"
            f" found; {self.total('false'):,} false alarms: {self.false_share:.2%} of what was"
            f" found, {self.total('false') / self.visits:.3%} of {self.visits:,} visits"
        )


@click.command()
@click.option("--beds", default=2000, show_default=True, help="How many beds serve.")
@click.option("--share", default=0.03, show_default=True, help="How much of it is cheating.")
@click.option("--seed", default=SEED, show_default=True, help="Which month is made up.")
def main(beds: int, share: float, seed: int) -> None:
    """Make a month up, hold it against every check, and print what was found."""
    with city_of_its_own(VAR) as platform:
        say("Making the month up …")
        with superuser(platform) as connection:
            took = time.monotonic()
            month = fill(connection, beds=beds, share=share, seed=seed)
            say(f"Copied in {time.monotonic() - took:.0f} s")
        with platform.working("bench.home_visits"):
            with transaction() as session:
                load_pack(session, "reference")
            verdict = judge(month)
    click.echo(f"{verdict}\n{machine()}")
    sys.exit(0 if verdict.holds else 1)


def fill(
    connection: psycopg.Connection, *, beds: int, share: float, seed: int = SEED
) -> Month:  # fmt: skip
    """Write the month before this one into an empty city."""
    villages = connection.execute("SELECT code FROM division WHERE level = 'village' ORDER BY 1")
    last = clock.today().replace(day=1) - timedelta(days=1)
    builder = Builder([row[0] for row in villages], first=last.replace(day=1), last=last, seed=seed)
    builder.build(beds, busy_share=share)
    Cheats(builder, share).plant()
    write_visits(builder)
    builder.month.rows.copy_in(connection)
    return builder.month


def judge(month: Month) -> Verdict:
    """Run the checks as the nightly job does, and compare what is found with the labels."""
    with transaction() as session:
        took = {check.kind.value: 1000 * seconds(lambda check=check: find(  # type: ignore[misc]
            session, check, month.first, until=month.last)) for check in CHECKS}  # fmt: skip
        check_days(session, month.first, until=month.last)
        rows = session.execute(text("SELECT kind, evidence FROM finding")).all()
    outcomes = [_outcome(check.kind.value, month, rows, took[check.kind.value]) for check in CHECKS]
    return Verdict(outcomes, len(month.visits))


def _outcome(
    kind: str, month: Month, rows: Sequence[Row[tuple[str, Mapping[str, object]]]], took: float
) -> Outcome:
    planted = month.planted.get(kind, set())
    everything: set[object] = {one.id for one in month.visits if one.is_planted}
    everything = everything.union(*month.planted.values())
    about = [_about(row.evidence) for row in rows if row.kind == kind]
    also = [keys for keys in about if not keys & planted and keys & everything]
    false = [keys for keys in about if not keys & everything]
    found = planted & set().union(*about)
    return Outcome(
        kind.removeprefix("home_"), len(planted), len(found), len(also), len(false), took
    )


def _about(evidence: Mapping[str, object]) -> set[object]:
    """Return every key under which the case may be labelled."""
    visits = evidence["visits"]
    assert isinstance(visits, list)
    worker = evidence.get("worker_id")
    return {
        *visits,
        ("worker", worker),
        ("worker-day", worker, evidence["day"]),
        ("bed", evidence.get("home_bed_id")),
    }


if __name__ == "__main__":
    main()
