"""`python -m infra.bench`: measure, print the table, and fail where a place was sold twice."""

import os
import platform
import sys
import time
import warnings

import click
from sqlalchemy import text

from infra.bench.costs import measure_costs
from infra.bench.ground import VAR, Ground, made_anew
from infra.bench.load import CLIENTS, generator
from infra.bench.measuring import Amount, Bench
from infra.bench.report import Measured, table
from infra.bench.serving import served

HOT_GOAL = 0.5
SPREAD_GOAL = 0.3


@click.command()
@click.option("--pairs", default=3, show_default=True, help="How often each thing is measured.")
@click.option("--seconds", default=5, show_default=True, help="How long each time.")
@click.option("--costs", is_flag=True, help="Measure what trail and row security cost, instead.")
def main(pairs: int, seconds: int, costs: bool) -> None:
    """Measure booking and reading beside their floors, on a city of its own."""
    began = time.monotonic()
    amount = Amount(pairs, seconds)
    with made_anew(runs=amount.runs, say=_say) as ground:
        if costs:
            click.echo(measure_costs(ground, amount, say=_say))
            return
        with served(ground.platform.settings, said=VAR / "server.log") as server:
            exact = _measure(Bench(ground, served=server, amount=amount, say=_say))
        click.echo(_machine(ground, seconds=time.monotonic() - began))
    sys.exit(0 if exact else 1)


def _measure(bench: Bench) -> bool:
    """Print the table and the proofs; returns whether every place was sold once."""
    bench.warm_up()
    measured: list[Measured] = []
    costs = []
    proofs = []
    for work, is_hot, goal in (
        ("book, all at one sitting", True, HOT_GOAL),
        ("book, spread over 50", False, SPREAD_GOAL),
    ):
        found, cost = bench.book(work, is_hot=is_hot, goal=goal)
        measured.append(found)
        costs.append(cost)
        proofs.append((work, bench.prove()))
    load, places, taken = bench.sell_out()
    proofs.append(("sold out", bench.prove()))
    measured += bench.read(bench.readings())

    click.echo(f"\n{table(measured)}\n")
    for cost in costs:
        click.echo(cost)
    for work, proved in proofs:
        click.echo(f"after “{work}”: {proved}{'' if proved.holds else '  ✗'}")
    click.echo(f"asked {load.answers} times for {places} places: {taken} taken")
    return taken == places and all(proved.holds for _, proved in proofs)


def _machine(ground: Ground, *, seconds: float) -> str:
    with ground.looking() as connection:
        version = connection.execute(text("SHOW server_version")).scalar_one()
    return (
        f"{CLIENTS} clients by {generator()}; floor: pgbench; PostgreSQL {version}, durable; "
        f"Python {platform.python_version()}; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}; {time.strftime('%Y-%m-%d')}; {seconds:.0f} s"
    )


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


if __name__ == "__main__":
    warnings.simplefilter("default")
    main()
