"""How fast is a run, beside the bare amounts: `python -m infra.bench.subsidies`.

The cases of a city's month are written by the million. A run reckons them in slices, with trace,
digest and progress; beside it one hand-written `INSERT … SELECT` puts the bare amounts of the same
cases into a table with the same columns, keys and indexes. Then a run is killed in the middle and
gone on with. Everything lies under `var/bench-subsidies`.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
import psycopg

from infra.bench import subsidy_cases as cases
from infra.bench.cities import city_of_its_own, machine, say, seconds, superuser
from infra.processes import Platform
from server.db.sessions import transaction
from server.subsidies.reckoning.queries import find_progress, find_run
from server.subsidies.reckoning.service import discard, go_on, start_trial

VAR = Path("var/bench-subsidies")
MOST_RATIO = 2.5
MOST_MB = 1024
KILLED_AFTER = 2


@dataclass(frozen=True)
class Pair:
    """Ours and the bare amounts, one after the other."""

    ours_s: float
    bare_s: float

    @property
    def ratio(self) -> float:
        return self.ours_s / self.bare_s


@click.command()
@click.option("--residents", default=1_000_000, show_default=True, help="How many cases.")
@click.option("--pairs", default=1, show_default=True, help="How often each is measured.")
def main(residents: int, pairs: int) -> None:
    """Reckon so many cases, kill a run and go on, print the table, fail where it is too slow."""
    with city_of_its_own(VAR) as platform:
        with superuser(platform) as connection:
            say(f"{residents:,} cases are written …")
            cases.write_world(connection)
            first = cases.write_run(connection, residents)
            cases.make_bare_table(connection)
            measured = [_pair(platform, connection, first, residents) for _ in range(pairs)]
            same = _same(connection, first)
        resumed = _kill_and_resume(platform, first)
        sys.exit(0 if _told(measured, residents, same=same, resumed=resumed) else 1)


def _pair(platform: Platform, connection: psycopg.Connection, first: int, residents: int) -> Pair:
    """The first time on the run itself, later on trials of it, whose cases are copied before."""
    with platform.working("bench.subsidies"):
        run_id = first if _is_unfinished(first) else _trial(first)
        connection.execute("CHECKPOINT")
        say("ours …")
        ours = seconds(lambda: _reckon(run_id))
    connection.execute("TRUNCATE bare")
    connection.execute("CHECKPOINT")
    say("the bare amounts …")
    with _as_application(platform) as plain:
        bare = seconds(lambda: cases.insert_bare(plain, first))
    say(f"{residents:,}: ours {ours:.1f} s, bare {bare:.1f} s")
    return Pair(ours, bare)


def _reckon(run_id: int) -> None:
    while _is_unfinished(run_id):
        with transaction() as session:
            has_more = go_on(session, run_id)
        if not has_more:
            time.sleep(0.1)  # The database still works for a process that was killed.


def _trial(of_run: int) -> int:
    with transaction() as session:
        run_id = start_trial(session, of_run, {}).id
    assert run_id is not None, "a run that was written has its number"
    with transaction() as session:
        go_on(session, run_id)
    return run_id


def _is_unfinished(run_id: int) -> bool:
    with transaction(writes=False) as session:
        return find_progress(session, run_id).is_unfinished


@contextmanager
def _as_application(platform: Platform) -> Iterator[psycopg.Connection]:
    """The bare statement is the owner's: no row security, and nothing but the statement."""
    with superuser(platform) as connection:
        connection.execute("SET statement_timeout = 0")
        yield connection


def _same(connection: psycopg.Connection, run_id: int) -> bool:
    """Both came to the same amounts."""
    return cases.total_of(connection, "subsidy_line", run_id) == cases.total_of(
        connection, "bare", run_id
    )


def _kill_and_resume(platform: Platform, first: int) -> tuple[bool, int]:
    """A trial is reckoned by a process that is killed; another goes on. Same digest or not."""
    with platform.working("bench.subsidies"):
        run_id = _trial(first)
        say("killed in the middle …")
        command = [sys.executable, "-m", "infra.cli", "subsidies", "resume", str(run_id)]
        killed = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
        at = _wait_and_kill(killed, run_id)
        _reckon(run_id)
        with transaction() as session:
            one, other = find_run(session, first), find_run(session, run_id)
            is_same = one.lines_digest == other.lines_digest
            discard(session, run_id, words="bench")
    return is_same, at


def _wait_and_kill(process: "subprocess.Popen[bytes]", run_id: int) -> int:
    """Kill -9 once some slices are done; returns how many lines were there."""
    while process.poll() is None:
        with transaction(writes=False) as session:
            progress = find_progress(session, run_id)
        if progress.slices >= KILLED_AFTER:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return progress.done


def _told(pairs: list[Pair], residents: int, *, same: bool, resumed: tuple[bool, int]) -> bool:
    ratio = median(pair.ratio for pair in pairs)
    ours = median(pair.ours_s for pair in pairs)
    peak = max(
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    click.echo(f"{residents:,} cases: ours {ours:.1f} s ({residents / ours:,.0f} a second)")
    click.echo(f"bare amounts {median(pair.bare_s for pair in pairs):.1f} s")
    click.echo(f"ratio {ratio:.2f} (goal ≤ {MOST_RATIO}); same total: {same}")
    is_same, at = resumed
    click.echo(f"killed at {at:,} lines and gone on with: same digest {is_same}")
    click.echo(f"peak memory {peak:,} MB (goal < {MOST_MB:,}); {machine()}")
    return ratio <= MOST_RATIO and same and is_same and peak < MOST_MB


if __name__ == "__main__":
    main()
