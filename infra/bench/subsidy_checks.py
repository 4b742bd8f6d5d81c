"""Is cheating with subsidies found, and is what is right let be:
`python -m infra.bench.subsidy_checks`.

A city's January is made in sets (`subsidy_city.sql`): every kind of fault is planted and labelled
among neighbours who share a name, move, lie in hospital, come again, and are right. Each check is
run over all runs; every planted line must be named, and of those that are planted for nothing one
in a hundred at most. Everything lies under `var/bench-subsidy-checks`.
"""

import sys
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg

from infra.bench.cities import city_of_its_own, machine, say, superuser
from infra.bench.report import aligned
from server.caregivers.models import PAYEE_FIELD
from server.db.sessions import transaction
from server.findings.checking import Check
from server.policies.service import load_pack
from server.residents.facts.models import ACCOUNT_FIELD
from server.secrets.fields import keyring
from server.subsidies.checks.checks import CHECKS
from server.subsidies.checks.service import find

VAR = Path("var/bench-subsidy-checks")
CITY_IN_SETS = Path(__file__).with_name("subsidy_city.sql")
STAFF_ACCOUNT = "6228480000000000034"
MOST_FALSE = 0.01
HEADINGS = ("", "planted", "found", "missed", "also", "false", "seconds")

Line = tuple[int, int]
Lines = Set[Line]
Labels = Mapping[str, Lines]


@dataclass(frozen=True)
class Outcome:
    """What one check made of the city, in lines; `also` are planted for another check."""

    name: str
    planted: int
    found: int
    also: int
    false: Lines
    took_s: float

    @property
    def cells(self) -> tuple[str, ...]:
        missed = self.planted - self.found
        counts = (self.planted, self.found, missed, self.also, len(self.false))
        return (self.name, *(f"{count:,}" for count in counts), f"{self.took_s:.2f}")


@click.command()
@click.option("--people", default=100_000, show_default=True, help="How many live in homes.")
def main(people: int) -> None:
    """Make a city up, hold its runs against every check, and print what came of it."""
    with city_of_its_own(VAR) as platform:
        with platform.working("bench.subsidy_checks"), transaction() as session:
            load_pack(session, "reference")
        say(f"Making a city of {people:,} up …")
        with platform.working("bench.subsidy_checks"), superuser(platform) as connection:
            labels, lines = fill(connection, people)
        with platform.working("bench.subsidy_checks"):
            outcomes = [judge(check, labels) for check in CHECKS]
    holds = tell(outcomes, lines)
    click.echo(machine())
    sys.exit(0 if holds else 1)


def fill(connection: psycopg.Connection, people: int) -> tuple[Labels, int]:
    """Write the city; returns the labelled lines of each check, and how many lines there are."""
    told = {
        "people": str(people),
        "staff_digest": _bytes(keyring().digest(STAFF_ACCOUNT, ACCOUNT_FIELD)),
        "staff_cipher": _bytes(keyring().encrypt(STAFF_ACCOUNT, PAYEE_FIELD)),
    }
    statements = CITY_IN_SETS.read_text()
    for name, value in told.items():
        statements = statements.replace(f":{name}", value)
    connection.execute("SET session_replication_role = replica")
    connection.execute(statements.encode())
    connection.execute("RESET session_replication_role")
    connection.execute("ANALYZE")
    return _labels(connection), _count(connection)


def judge(check: Check, labels: Labels) -> Outcome:
    """Run one check over every run, and compare with the labels."""
    began = time.monotonic()
    with transaction(writes=False) as session:
        cases = find(session, check, sorted({run for lines in labels.values() for run, _ in lines}))
    took = time.monotonic() - began
    named = {(run, number) for case in cases for run, number in case.evidence["lines"]}
    own = labels.get(check.name, set())
    others = named - own
    false = others - set().union(*labels.values())
    return Outcome(
        check.name, len(own), len(named & own), len(others) - len(false), false, took
    )  # fmt: skip


def tell(outcomes: Sequence[Outcome], lines: int) -> bool:
    """Print the outcomes; True where everything was found and false alarms are few."""
    found, planted = sum(one.found for one in outcomes), sum(one.planted for one in outcomes)
    false = len(set().union(*(one.false for one in outcomes)))
    took = sum(one.took_s for one in outcomes)
    click.echo(aligned([HEADINGS, *(one.cells for one in outcomes)]))
    click.echo(
        f"{found:,} of {planted:,} planted lines found; {false:,} false alarms:"
        f" {false / max(1, lines):.3%} of {lines:,} lines (goal ≤ {MOST_FALSE:.0%}); {took:.1f} s"
    )
    return holds(outcomes, lines)


def holds(outcomes: Sequence[Outcome], lines: int) -> bool:
    """True where every check found all that was planted, and few lines are wrongly named."""
    false = len(set().union(*(one.false for one in outcomes)))
    is_found = all(one.planted and one.found == one.planted for one in outcomes)
    return is_found and false <= MOST_FALSE * lines


def _labels(connection: psycopg.Connection) -> Labels:
    labels: dict[str, set[Line]] = {}
    for name, run, number in connection.execute("SELECT check_name, run_id, number FROM planted"):
        labels.setdefault(name, set()).add((run, number))
    return labels


def _count(connection: psycopg.Connection) -> int:
    [number] = connection.execute("SELECT count(*) FROM subsidy_line").fetchone() or (0,)
    return int(number)


def _bytes(value: bytes) -> str:
    return f"'\\x{value.hex()}'::bytea"


if __name__ == "__main__":
    main()
