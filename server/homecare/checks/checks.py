"""The one table of checks on visits and beds at home: what each is called, and what it rests on.

Each is a query of `queries/<name>.sql` that stands on `queries/proved.sql`. Its figures are dated
parameters, and what an auditor reads of it (`yinling checks show`) is what runs.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from server.findings.checking import Check, keys_of
from server.findings.models import FindingKind

QUERIES = Path(__file__).parent / "queries"
PREFIX = "home_checks."
# How far from home somebody may arrive is said once, for whoever tells of it and whoever checks.
ELSEWHERE = {"fence_metres": "visits.fence_m"}


def on_visits(name: str, kind: FindingKind, figures: tuple[str, ...], source: str) -> Check:
    """Return a check that stands on the visits that were proved."""
    return Check(name, kind, figures, source, QUERIES, QUERIES / "proved.sql", "proved")


CHECKS: Sequence[Check] = (
    on_visits("overlapping", FindingKind.HOME_VISITS_OVERLAP, ("overlap_minutes",),
              "domain.md §5.2 row 8"),
    on_visits("too_fast", FindingKind.HOME_TRAVEL_TOO_FAST, ("most_kmh", "accuracy_metres"),
              "domain.md §5.2 row 8"),
    on_visits("outside_fence", FindingKind.HOME_VISIT_OUTSIDE_FENCE,
              ("fence_metres", "accuracy_metres"), "domain.md §5.2 row 9; §5.1 no. 3 (S138)"),
    on_visits("without_position", FindingKind.HOME_VISIT_WITHOUT_POSITION, (),
              "domain.md §5.2 row 9; §5.1 no. 3 (S138)"),
    on_visits("photo_again", FindingKind.HOME_PHOTO_AGAIN, ("photo_bits", "photo_days"),
              "domain.md §5.2 row 9"),
    on_visits("too_short", FindingKind.HOME_VISIT_TOO_SHORT, ("least_share_percent",),
              "domain.md §5.2 row 10; §5.1 no. 2 (S137, shrunken 31.7 %)"),
    on_visits("day_too_long", FindingKind.HOME_DAY_TOO_LONG, ("day_hours",),
              "domain.md §5.2 row 10"),
    on_visits("hours_shifted", FindingKind.HOME_HOURS_SHIFTED, ("month_hours", "shifted_visits"),
              "domain.md §5.2 row 10; §5.1 no. 3 (S139)"),
    on_visits("after_departure", FindingKind.HOME_VISIT_AFTER_DEPARTURE, (),
              "domain.md §5.2 row 1"),
    on_visits("in_hospital", FindingKind.HOME_VISIT_IN_HOSPITAL, (), "domain.md §5.2 row 5"),
    on_visits("in_a_home", FindingKind.HOME_VISIT_IN_A_HOME, (), "domain.md §5.2 row 4"),
    on_visits("silent_bed", FindingKind.HOME_BED_SILENT, ("silent_days",), "domain.md §5.2 row 13"),
    on_visits("unserved_bed", FindingKind.HOME_BED_UNSERVED, ("no_service_days",),
              "domain.md §5.2 row 13; §3"),
    on_visits("back_filled", FindingKind.HOME_VISIT_BACK_FILLED, (),
              "domain.md §5.2 row 11; §5.1 no. 2 (S137)"),
    on_visits("sent_late", FindingKind.HOME_VISIT_SENT_LATE, ("send_hours",),
              "domain.md §5.2 row 11"),
)  # fmt: skip
BY_KIND: Mapping[FindingKind, Check] = {check.kind: check for check in CHECKS}
KEYS = keys_of(CHECKS, PREFIX, ELSEWHERE)
