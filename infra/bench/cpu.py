"""How much CPU a piece of work took, whoever else kept the machine busy meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TIMES = slice(11, 15)  # utime, stime, and those of children that have ended
PARENT = 1


@dataclass
class Spent:
    """Seconds of CPU by the application, by PostgreSQL, and by the load generator."""

    application: float = 0.0
    database: float = 0.0
    client: float = 0.0

    @property
    def total(self) -> float:
        return self.application + self.database + self.client

    def per(self, works: float) -> "Spent":
        """Return milliseconds for each of so many pieces of work."""
        share = 1000 / works
        return Spent(self.application * share, self.database * share, self.client * share)


@dataclass(frozen=True)
class Meter:
    """Watches the process trees of application and database; reads zeros where /proc is not."""

    application: int
    database: int

    @contextmanager
    def watching(self) -> Iterator[Spent]:
        """Yield what the block spends; it is filled in when the block ends."""
        spent = Spent()
        before = self._read()
        yield spent
        after = self._read()
        spent.application = _between(before.application, after.application)
        spent.database = _between(before.database, after.database)
        spent.client = _between(before.client, after.client)

    def _read(self) -> Spent:
        own = os.times()
        client = own.children_user + own.children_system
        return Spent(tree_seconds(self.application), tree_seconds(self.database), client)


def _between(before: float, after: float) -> float:
    """Return the seconds that went by; ticks of the clock are whole, their fractions are not."""
    return round(after - before, 6)


def tree_seconds(root: int) -> float:
    """Return the CPU of a process, of those beneath it, and of those that have ended beneath it."""
    fields = {int(path.parent.name): _fields(path) for path in PROC.glob("[0-9]*/stat")}
    wanted, ticks = [root], 0
    while wanted:
        process = wanted.pop()
        ticks += sum(int(word) for word in fields.get(process, [])[TIMES])
        wanted += [pid for pid, words in fields.items() if words and int(words[PARENT]) == process]
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(stat: Path) -> list[str]:
    """The words after the process's name, which itself may hold spaces; none of one just gone."""
    try:
        return stat.read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
