"""A year of reminders in minutes: `python -m infra.bench.year`.

Caregivers of a city of its own are reminded day by day through a year, and what they are written
goes to a gateway that only counts. Everything lies under `var/bench-year`.
"""

import logging
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from threading import Lock

import click
from sqlalchemy import text

from infra.bench.cities import city_of_its_own, machine, say
from infra.bench.report import aligned
from infra.simulation.days import Living
from infra.simulation.people import PEOPLE, YEAR, draw_town, put_town
from scheduler.gateways import TextMessage
from server.db.cities import current_city
from server.db.sessions import transaction
from server.policies.service import load_pack

VAR = Path("var/bench-year")
SEED = 20260101
GOAL_S = 120
HEADINGS = ("", "reminders", "done", "days")
BY_KIND = text(
    "SELECT kind, count(*), count(done_on), count(DISTINCT due_on) FROM reminder"
    " GROUP BY kind ORDER BY kind"
)
COUNTIES = text("SELECT min(code) FROM division WHERE length(code) = 12 GROUP BY left(code, 6)")


class CountingGateway:
    """Takes every message, and counts under which id."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self._lock = Lock()

    def send(self, message: TextMessage) -> None:
        with self._lock:
            self.taken[str(message.delivery_id)] += 1


@click.command()
@click.option("--people", default=PEOPLE, show_default=True, help="How many caregivers.")
@click.option("--seed", default=SEED, show_default=True, help="Another seed, another town.")
def main(people: int, seed: int) -> None:
    """Live through a year of reminders, print the table, and fail where it took too long."""
    gateway = CountingGateway()
    with city_of_its_own(VAR) as platform, platform.working("bench.year"):
        logging.getLogger("scheduler").setLevel(logging.WARNING)
        _put(people, seed)
        began = time.monotonic()
        Living(current_city(), gateway).through(date(YEAR, 1, 1), date(YEAR, 12, 31))
        took_s = time.monotonic() - began
        click.echo(_table())
    twice = sum(count > 1 for count in gateway.taken.values())
    click.echo(f"{people} caregivers, seed {seed}: a year in {took_s:.0f} s (goal {GOAL_S} s)")
    click.echo(f"{len(gateway.taken):,} messages, {twice} handed over twice; {machine()}")
    sys.exit(0 if took_s < GOAL_S and not twice else 1)


def _put(people: int, seed: int) -> None:
    say(f"{people} caregivers are made up")
    with transaction() as session:
        load_pack(session, "reference")
        villages = list(session.execute(COUNTIES).scalars())
        put_town(session, draw_town(seed, counties=villages, people=people))


def _table() -> str:
    with transaction(writes=False) as session:
        rows = session.execute(BY_KIND).all()
    return aligned([HEADINGS, *(tuple(str(cell) for cell in row) for row in rows)])


if __name__ == "__main__":
    main()
