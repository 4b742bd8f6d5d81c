"""Three years of bed returns of a thousand homes, taken in: `python -m infra.bench.returns`.

The file goes in as `yinling import returns` takes it, and once more: the second time nothing is
new. Everything lies under `var/bench-returns`.
"""

import csv
import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click
import psycopg

from infra.bench.cities import city_of_its_own, machine, say, superuser
from infra.bench.cpu import Meter, Spent
from infra.bench.report import aligned
from infra.cli.import_returns import MAPPING, load_file
from infra.postgres_process import postmaster_pid
from infra.processes import Platform
from server import clock
from server.audit.many import rows_in
from server.facilities.returns.loading import Loaded

VAR = Path("var/bench-returns")
GOAL_S = 120.0
FIRST = 1_000_000
HEADINGS = ("机构编号", "床位类型", "日期", "核定床位", "可用床位", "在住", "请假", "护理型在住")
SITES = """
    INSERT INTO site (id, kind, name, division_code, address, opening_state, features)
    SELECT %(first)s + n, 'care_home', '测试养老院' || n, codes[1 + n * 7 %% cardinality(codes)],
           '建设路 1 号', 'open', '{}'
      FROM generate_series(0, %(homes)s - 1) AS n,
           (SELECT array_agg(code ORDER BY code) AS codes FROM division WHERE level = 'village') v
"""
TRAIL = "SELECT count(*), sum(octet_length(body)) FROM trail_entry WHERE table_name = 'bed_return'"
LINES = "SELECT body::json FROM trail_entry WHERE table_name = 'bed_return' ORDER BY id"


@click.command()
@click.option("--homes", default=1000, show_default=True, help="How many homes file.")
@click.option("--days", default=1096, show_default=True, help="How many days they filed for.")
def main(homes: int, days: int) -> None:
    """Load a file of returns, and load it again."""
    VAR.mkdir(parents=True, exist_ok=True)
    path = VAR / "returns.csv"
    write_file(path, homes=homes, days=days)
    with city_of_its_own(VAR) as platform:
        with superuser(platform) as connection:
            connection.execute("SET session_replication_role = replica")  # Made up by nobody.
            connection.execute(SITES, {"first": FIRST, "homes": homes})
            connection.execute("RESET session_replication_role")
            connection.execute("VACUUM ANALYZE site")
        rows = [_loaded(platform, path, "first"), _loaded(platform, path, "again")]
        with superuser(platform) as connection:
            lines, size = connection.execute(TRAIL).fetchone() or (0, 0)
            _check(connection, homes * days)
    click.echo(aligned([("", "rows", "new", "seconds", "CPU ours", "CPU PostgreSQL"), *rows]))
    click.echo(f"goal < {GOAL_S:.0f} s; {lines:,} lines of the trail, {size / 1e6:,.0f} MB")
    click.echo(machine())


def write_file(path: Path, *, homes: int, days: int) -> None:
    """Write a file of returns, home by home and day by day, the same one each time."""
    today = clock.today()
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for home in range(homes):
            writer.writerows(_returns_of(home, today=today, days=days))


def _returns_of(home: int, *, today: date, days: int) -> Iterator[tuple[object, ...]]:
    licensed = 30 + home * 37 % 270
    usable = licensed - home % 7
    for ago in range(days, 0, -1):
        occupied = usable // 2 + (home * 31 + ago // 3) % (usable // 3)
        on_leave = (home + ago) % 3
        day = (today - timedelta(days=ago)).isoformat()
        kind = "养老机构床位"
        yield FIRST + home, kind, day, licensed, usable, occupied, on_leave, occupied // 2


def _loaded(platform: Platform, path: Path, what: str) -> tuple[str, ...]:
    say(f"Loading, {what} …")
    began = time.monotonic()
    loaded, spent = _load(platform, path)
    took = time.monotonic() - began
    return (
        what, f"{loaded.rows:,}", f"{loaded.new:,}", f"{took:.0f}",
        f"{spent.application:.0f} s", f"{spent.database:.0f} s",
    )  # fmt: skip


def _load(platform: Platform, path: Path) -> tuple[Loaded, Spent]:
    database = postmaster_pid(platform.embedded_server.home)
    assert database is not None, "its server runs while it is measured"
    meter = Meter(os.getpid(), database)
    with platform.working("bench.returns", reason=path.name), meter.watching() as spent:
        loaded = load_file(path, MAPPING, is_dry=False)
    return loaded, spent


def _check(connection: psycopg.Connection, filed: int) -> None:
    """Every return stands in the trail, by whatever lines."""
    told = 0
    for (body,) in connection.execute(LINES):
        told += len(rows_in(body)) or 1
    if told != filed:
        raise RuntimeError(f"{filed:,} returns were filed, the trail tells {told:,}")


if __name__ == "__main__":
    main()
