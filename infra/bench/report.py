"""From rates to the table: medians, ratios to the floor, and what is to be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from infra.bench.cpu import Spent
from infra.bench.load import Load

HEADINGS = ("", "ours /s", "floor /s", "ratio", "goal", "p50 ms", "p95 ms", "p99 ms", "goal")
P99_GOAL_MS = 150


@dataclass(frozen=True)
class Measured:
    """A piece of work, measured several times, each time beside its floor."""

    work: str
    goal: float | None
    loads: Sequence[Load]
    floors: Sequence[float]
    p99_goal_ms: float | None = None

    @property
    def ratio(self) -> float:
        """The median of the ratios of neighbours in time: noise strikes both of a pair."""
        pairs = zip(self.loads, self.floors, strict=True)
        return median(load.rate / floor for load, floor in pairs)

    @property
    def p99_ms(self) -> float:
        return median(load.p99_ms for load in self.loads)

    @property
    def is_reached(self) -> bool:
        is_fast = self.goal is None or self.ratio >= self.goal
        is_prompt = self.p99_goal_ms is None or self.p99_ms < self.p99_goal_ms
        return is_fast and is_prompt

    def cells(self) -> tuple[str, ...]:
        """Return the line of this work in the table, one text a column."""
        return (
            self.work,
            f"{median(load.rate for load in self.loads):,.0f}",
            f"{median(self.floors):,.0f}",
            f"{self.ratio:.2f}",
            "" if self.goal is None else f"≥ {self.goal:.1f} {_mark(self.ratio >= self.goal)}",
            f"{median(load.p50_ms for load in self.loads):.1f}",
            f"{median(load.p95_ms for load in self.loads):.1f}",
            f"{self.p99_ms:.1f}",
            self._p99_verdict(),
        )

    def _p99_verdict(self) -> str:
        if self.p99_goal_ms is None:
            return ""
        return f"< {self.p99_goal_ms:.0f} {_mark(self.p99_ms < self.p99_goal_ms)}"


@dataclass(frozen=True)
class Cost:
    """What one booking costs in CPU, ours and the floor's, each in milliseconds."""

    work: str
    ours: Sequence[Spent]
    floors: Sequence[Spent]

    @property
    def ratio(self) -> float:
        """What the ratio would be if CPU alone set the rate, and nobody else took any."""
        pairs = zip(self.ours, self.floors, strict=True)
        return median(floor.total / spent.total for spent, floor in pairs)

    def __str__(self) -> str:
        application = median(spent.application for spent in self.ours)
        database = median(spent.database for spent in self.ours)
        floor = median(spent.total for spent in self.floors)
        return (
            f"CPU to {self.work}: {application:.1f} ms application, {database:.1f} ms PostgreSQL; "
            f"floor {floor:.1f} ms; by CPU alone the ratio is {self.ratio:.2f}"
        )


def table(measured: Sequence[Measured]) -> str:
    """Return the lines under their headings, columns aligned."""
    return aligned([HEADINGS, *(work.cells() for work in measured)])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of text as a table: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *others = row
        cells = [first.ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _mark(reached: bool) -> str:
    return "✓" if reached else "✗"
