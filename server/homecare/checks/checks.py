"""The one table of checks on visits and beds at home: what each is called, and what it rests on.

Each is a query of `queries/<name>.sql` that stands on `queries/proved.sql`. Its figures are dated
parameters, and what an auditor reads of it (`yinling checks show`) is what runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile
from pathlib import Path

from sqlalchemy import TextClause, text

from server.findings.models import FindingKind

QUERIES = Path(__file__).parent / "queries"
PREFIX = "home_checks."


@dataclass(frozen=True)
class Check:
    """One question: the file that asks it, the figures it takes, and where it comes from."""

    name: str
    kind: FindingKind
    figures: Sequence[str]
    source: str

    @property
    def query(self) -> str:
        """The query as it runs, with its head line in words."""
        words, own = _parted((QUERIES / f"{self.name}.sql").read_text())
        _, proved = _parted((QUERIES / "proved.sql").read_text())
        return f"{words}WITH proved AS (\n{proved})\n{own}"


CHECKS: Sequence[Check] = (
    Check("overlapping", FindingKind.HOME_VISITS_OVERLAP, ("overlap_minutes",),
          "domain.md §5.2 row 8"),
    Check("too_fast", FindingKind.HOME_TRAVEL_TOO_FAST, ("most_kmh", "accuracy_metres"),
          "domain.md §5.2 row 8"),
    Check("outside_fence", FindingKind.HOME_VISIT_OUTSIDE_FENCE,
          ("fence_metres", "accuracy_metres"), "domain.md §5.2 row 9; §5.1 no. 3 (S138)"),
    Check("without_position", FindingKind.HOME_VISIT_WITHOUT_POSITION, (),
          "domain.md §5.2 row 9; §5.1 no. 3 (S138)"),
    Check("photo_again", FindingKind.HOME_PHOTO_AGAIN, ("photo_bits", "photo_days"),
          "domain.md §5.2 row 9"),
    Check("too_short", FindingKind.HOME_VISIT_TOO_SHORT, ("least_share_percent",),
          "domain.md §5.2 row 10; §5.1 no. 2 (S137, shrunken 31.7 %)"),
    Check("day_too_long", FindingKind.HOME_DAY_TOO_LONG, ("day_hours",), "domain.md §5.2 row 10"),
    Check("hours_shifted", FindingKind.HOME_HOURS_SHIFTED, ("month_hours", "shifted_visits"),
          "domain.md §5.2 row 10; §5.1 no. 3 (S139)"),
    Check("after_departure", FindingKind.HOME_VISIT_AFTER_DEPARTURE, (), "domain.md §5.2 row 1"),
    Check("in_hospital", FindingKind.HOME_VISIT_IN_HOSPITAL, (), "domain.md §5.2 row 5"),
    Check("in_a_home", FindingKind.HOME_VISIT_IN_A_HOME, (), "domain.md §5.2 row 4"),
    Check("silent_bed", FindingKind.HOME_BED_SILENT, ("silent_days",), "domain.md §5.2 row 13"),
    Check("unserved_bed", FindingKind.HOME_BED_UNSERVED, ("no_service_days",),
          "domain.md §5.2 row 13; §3"),
    Check("back_filled", FindingKind.HOME_VISIT_BACK_FILLED, (),
          "domain.md §5.2 row 11; §5.1 no. 2 (S137)"),
    Check("sent_late", FindingKind.HOME_VISIT_SENT_LATE, ("send_hours",), "domain.md §5.2 row 11"),
)  # fmt: skip
BY_KIND: Mapping[FindingKind, Check] = {check.kind: check for check in CHECKS}
# How far from home somebody may arrive is said once, for whoever tells of it and whoever checks.
ELSEWHERE = {"fence_metres": "visits.fence_m"}


def key_of(figure: str) -> str:
    """Return the key under which a figure of a check is a dated parameter."""
    return ELSEWHERE.get(figure, PREFIX + figure)


FIGURES: Sequence[str] = sorted({key_of(name) for check in CHECKS for name in check.figures})


@cache
def statement_of(check: Check) -> TextClause:
    """Return the check's query, read once in the life of a process."""
    return text(check.query)


def _parted(query: str) -> tuple[str, str]:
    """Part what the query says of itself, at its head, from what it asks."""
    lines = query.splitlines(keepends=True)
    own = list(dropwhile(lambda line: line.startswith("--"), lines))
    return "".join(lines[: len(lines) - len(own)]), "".join(own)
