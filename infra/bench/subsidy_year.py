"""A demo year of subsidies from the facts to the fen: `python -m infra.bench.subsidy_year`.

A city is made in sets and its trail sealed by load. Every programme of the reference is run month
by month, checked, claimed, approved, noticed, paid, answered by the bank, paid again and
reconciled; a death is told late and levels are corrected. Golden packs run in cities of their own.
Everything lies under `var/bench-subsidy-year`.
"""

import sys
import time
from pathlib import Path

import click

from infra.bench.cities import city_of_its_own, machine, say, superuser
from infra.bench.ground import CITY
from infra.bench.year_city import YearSize, write_year
from infra.bench.year_golden import prove_golden
from infra.bench.year_living import live
from infra.bench.year_proof import Proof, prove, table
from infra.processes import Platform
from server.audit.sealing import seal
from server.db.streams import open_stream

VAR = Path("var/bench-subsidy-year")
ELDERS, DINERS, CLAIMANTS = 500_000, 10_000, 3


@click.command()
@click.option("--elders", default=ELDERS, show_default=True, help="How many elders.")
@click.option("--diners", default=DINERS, show_default=True, help="How many eat of a day.")
@click.option("--claimants", default=CLAIMANTS, show_default=True, help="Who claims by hand.")
@click.option("--seed", default=1, show_default=True, help="Which runs are recomputed.")
def main(elders: int, diners: int, claimants: int, seed: int) -> None:
    """Live through the year, print what each programme came to, and fail where anything differs."""
    size, began = YearSize(elders, diners), time.monotonic()
    with city_of_its_own(VAR) as platform, platform.working("bench.subsidy_year"):
        golden = prove_golden(platform)
        with superuser(platform) as connection:
            say(f"{elders:,} elders, {diners:,} diners a day are written …")
            rows = write_year(connection, size, city=CITY)
        _seal(platform, f"{rows:,} rows written, {time.monotonic() - began:.0f} s")
        year = live(CITY, size, claimants=claimants)
        _seal(platform, "the year is over")
        click.echo(table(year))
        proof = prove(year, size, seed=seed)
    _tell([*golden, *proof])
    click.echo(f"{time.monotonic() - began:.0f} s altogether; {machine()}")
    sys.exit(0 if all(one.holds for one in [*golden, *proof]) else 1)


def _seal(platform: Platform, words: str) -> None:
    with open_stream(platform.sealer_url(), CITY, name="bench") as stream:
        say(f"{words}; {seal(stream, CITY):,} lines of the trail sealed")


def _tell(proofs: list[Proof]) -> None:
    for one in proofs:
        mark = "✓" if one.holds else "✗"
        click.echo(f"{mark} {one.what}: expected {one.expected:,}, found {one.found:,}")


if __name__ == "__main__":
    main()
