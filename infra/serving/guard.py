"""Cleans up after a `serve` that could not: whoever is killed with -9 stops nothing himself.

A small process holds the other end of a pipe. When the pipe closes without a farewell, its maker is
gone: it ends the children that were named to it, and leaves the embedded database, which stops
when nobody else is on it.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from infra.embedded_postgres import EmbeddedPostgres

FAREWELL = "over"
MERCY_S = 2.0


class Guard:
    """What `serve` tells its guard."""

    def __init__(self, told: int) -> None:
        self._told = told

    def watch(self, group: int) -> None:
        """Name a process group that must end with us."""
        os.write(self._told, f"{group}\n".encode())

    def dismiss(self) -> None:
        """Say that everything was stopped."""
        os.write(self._told, f"{FAREWELL}\n".encode())


@contextmanager
def guarded(database: EmbeddedPostgres | None) -> Iterator[Guard]:
    """Have a guard while the block runs; a block that ends, however it does, cleans up itself.

    Call it before the first thread starts and before the database does: it forks.
    """
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _stand_guard(heard, database)
    os.close(heard)
    guard = Guard(told)
    try:
        yield guard
    finally:
        with suppress(OSError):
            guard.dismiss()
        os.close(told)
        os.waitpid(pid, 0)


def _stand_guard(heard: int, database: EmbeddedPostgres | None) -> None:
    """The guard's whole life; never returns."""
    try:
        _be_apart(heard)
        words = _all_words(heard)
        if FAREWELL not in words:
            end_groups([int(word) for word in words])
            _leave(database)
    finally:
        os._exit(0)


def _be_apart(heard: int) -> None:
    """Hold nothing of our maker's but the pipe, and hear no signal that is meant for it."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, heard)
    os.closerange(heard + 1, os.sysconf("SC_OPEN_MAX"))


def _all_words(heard: int) -> list[str]:
    with os.fdopen(heard, encoding="ascii") as pipe:
        return pipe.read().split()


def end_groups(groups: list[int], *, within_s: float = MERCY_S) -> None:
    """Ask the process groups to end, and kill what is left of them after a while."""
    _signal_all(groups, signal.SIGTERM)
    until = time.monotonic() + within_s
    while time.monotonic() < until and any(_lives(group) for group in groups):
        time.sleep(0.05)
    _signal_all(groups, signal.SIGKILL)


def _signal_all(groups: list[int], number: signal.Signals) -> None:
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, number)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _leave(database: EmbeddedPostgres | None) -> None:
    """Join the database to be counted among its users, and leave it: the last one stops it."""
    if database is not None and database.is_running():
        database.start()
        database.stop()
