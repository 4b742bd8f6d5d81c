"""The one table of checks on runs of subsidies: what each is called, and what it rests on.

Each is a query of `queries/<name>.sql` that stands on `queries/due.sql`. Its figures are dated
parameters, and what an auditor reads of it (`yinling checks show`) is what runs.
"""

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from server.findings.checking import Check, keys_of
from server.findings.models import FindingKind

QUERIES = Path(__file__).parent / "queries"
PREFIX = "subsidy_checks."


def on_runs(name: str, figures: tuple[str, ...], row: str) -> Check:
    """Return a check that stands on the lines that are due."""
    kind = FindingKind(f"subsidy_{name}")
    return Check(name, kind, figures, f"domain.md §5.2 {row}", QUERIES, QUERIES / "due.sql", "due")


CHECKS: Sequence[Check] = (
    on_runs("after_death", (), "row 1; §5.1 no. 8 (S148–S151)"),
    on_runs("days_over_beds", ("over_percent",), "row 2; §5.1 no. 6 (S144)"),
    on_runs("days_not_in_ledger", ("unseen_days",), "row 3; §5.1 no. 5 (S142)"),
    on_runs("minutes_not_proved", ("minutes_more",), "rows 3 and 13; §5.1 no. 1 (S136)"),
    on_runs("lived_in_a_home", ("apart_days",), "row 4"),
    on_runs("days_in_hospital", ("hospital_days", "apart_days"), "row 5"),
    on_runs("level_differs", (), "row 6"),
    on_runs("level_expired", (), "row 6"),
    on_runs("level_rose", ("rose_days", "rose_steps"), "row 6"),
    on_runs("assessor_hurried", ("assessor_a_day",), "row 6"),
    on_runs("heads_differ", ("heads",), "row 7; §5.1 no. 4 (S141)"),
    on_runs("one_signer", ("signs_for",), "row 12; §5.1 no. 3 (S139)"),
    on_runs("invoice_twice", (), "row 14"),
    on_runs("built_twice", (), "row 15"),
    on_runs("meals_unpaid", ("unpaid_meals",), "row 18"),
    on_runs("standing_differs", (), "row 19"),
    on_runs("caregiver_uninsured", (), "row 20"),
    on_runs("two_employers", (), "row 20"),
    on_runs("attendance_short", (), "row 20; §5.1 no. 6 (S145)"),
    on_runs("certificate_lacking", (), "row 21"),
    on_runs("reward_unentitled", (), "row 22"),
    on_runs("account_shared", ("account_people",), "row 24"),
    on_runs("account_of_staff", (), "row 24; §5.1 no. 9 (S152)"),
    on_runs("close_to_operator", (), "row 25; §5.1 no. 7 (S147)"),
    on_runs("assessor_approved", (), "row 25; §5.1 no. 7 (S147)"),
    on_runs("meals_underpaid", ("underpaid_meals",), "row 18"),
    on_runs("paid_in_notice", (), "row 25"),
    on_runs("over_budget", (), "row 25"),
    on_runs("vendor_related", (), "row 25; §5.1 no. 7 (S147)"),
)
BY_KIND: Mapping[FindingKind, Check] = {check.kind: check for check in CHECKS}
KEYS = keys_of(CHECKS, PREFIX, {})
# While one of these is open about a run, nobody approves it.
BLOCKING: Set[FindingKind] = {
    FindingKind.SUBSIDY_AFTER_DEATH,
    FindingKind.SUBSIDY_DAYS_OVER_BEDS,
    FindingKind.SUBSIDY_DAYS_NOT_IN_LEDGER,
    FindingKind.SUBSIDY_MINUTES_NOT_PROVED,
    FindingKind.SUBSIDY_LIVED_IN_A_HOME,
    FindingKind.SUBSIDY_LEVEL_DIFFERS,
    FindingKind.SUBSIDY_BUILT_TWICE,
    FindingKind.SUBSIDY_STANDING_DIFFERS,
    FindingKind.SUBSIDY_TWO_EMPLOYERS,
    FindingKind.SUBSIDY_ATTENDANCE_SHORT,
    FindingKind.SUBSIDY_CERTIFICATE_LACKING,
    FindingKind.SUBSIDY_REWARD_UNENTITLED,
    FindingKind.SUBSIDY_ACCOUNT_OF_STAFF,
    FindingKind.SUBSIDY_CLOSE_TO_OPERATOR,
    FindingKind.SUBSIDY_ASSESSOR_APPROVED,
}
