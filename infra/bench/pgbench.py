"""Runs pgbench, which comes with the embedded PostgreSQL, and reads off what it reports."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from infra.database_roles import libpq_url

CLIENTS = 4
THREADS = 2
TPS = re.compile(r"^tps = (?P<tps>[\d.]+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (?P<failed>\d+)", re.MULTILINE)


class FloorBroke(RuntimeError):
    """pgbench could not do what the application does; the message holds what it said."""


def run_pgbench(
    binaries: Path,
    url: str,
    script: Path,
    *,
    variables: Mapping[str, int],
    transactions: int,
) -> float:
    """Let each client do so many transactions; returns transactions a second.

    Raises `FloorBroke` where one of them fails.
    """
    amount = [f"--client={CLIENTS}", f"--jobs={THREADS}", f"--transactions={transactions}"]
    defined = [f"--define={name}={value}" for name, value in variables.items()]
    options = ["--no-vacuum", "--protocol=prepared", *amount, *defined, f"--file={script}"]
    done = subprocess.run(
        [str(binaries / "pgbench"), *options, libpq_url(_without_password(url))],
        env={**os.environ, "PGPASSWORD": make_url(url).password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return read_rate(done.stdout + done.stderr)


def read_rate(printed: str) -> float:
    """Return the transactions a second that pgbench reports; raises `FloorBroke`."""
    found = TPS.search(printed)
    failed = FAILED.search(printed)
    if found is None or "aborted" in printed or (failed is not None and int(failed["failed"])):
        raise FloorBroke(printed[-4000:])
    return float(found["tps"])


def _without_password(url: str) -> str:
    """A command line is everybody's to read."""
    return make_url(url).set(password=None).render_as_string(hide_password=False)
