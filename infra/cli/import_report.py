"""What an import prints: everything noticed as a table, then the counts."""

import sys
from collections.abc import Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.intake.checking import Checked
from server.intake.findings import Finding, Level

WIDTH_OF_A_PIPE = 120
LONGEST_VALUE = 60
MOST_FINDINGS = 1000
STYLES = {Level.NOTICE: "dim", Level.WARNING: "yellow", Level.ERROR: "red", Level.REJECT: "red"}


class Written(Protocol):
    """What any load says of itself."""

    @property
    def new(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...


@dataclass
class Report:
    """Everything that is to be said about one import; `written` is `None` for a dry run."""

    checked: Checked
    good: int
    repeated: int
    in_a_county: int | None = None
    written: Written | None = None
    rejects_path: Path | None = None

    @classmethod
    def of(cls, checked: Checked, *, good: Sized, repeated: int) -> Self:
        return cls(checked, good=len(good), repeated=repeated)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Every row of the file in exactly one line below the first, then what became of it."""
        checked = self.checked
        counts = [
            (_("Rows in the file"), len(checked.table.rows)),
            (_("Rows of this city"), checked.here),
            (_("Rows of other cities"), checked.elsewhere),
            (_("Rows whose city is unclear"), checked.unclear),
            (_("Torn rows"), checked.torn),
            (_("Good rows"), self.good),
            (_("Repeated rows"), self.repeated),
            (_("Rows to be mended"), len(checked.rejected_rows)),
        ]
        if self.in_a_county is not None:
            counts.append((_("Good rows with their county found"), self.in_a_county))
        if self.written is not None:
            counts += [
                (pgettext("import", "New"), self.written.new),
                (pgettext("import", "Changed"), self.written.changed),
                (pgettext("import", "Unchanged"), self.written.unchanged),
            ]
        return counts

    @property
    def outcome(self) -> str:
        """What the import did, in one sentence."""
        if self.written is None:
            return _("A dry run: nothing was written.")
        if self.written.new or self.written.changed:
            return _("Done, in one transaction.")
        return _("Nothing has changed: every good row was already there as it is.")


def finding_sentence(finding: Finding) -> str:
    """Return the reason in the reader's language."""
    return pgettext("finding", finding.complaint.code, **finding.complaint.facts)


def print_report(report: Report) -> None:
    """Print findings, counts and outcome; what strangers wrote is printed as text only."""
    console = Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, markup=False,
        highlight=False, emoji=False,
    )  # fmt: skip
    findings = report.checked.findings_in_order
    if findings:
        console.print(_table_of(findings[:MOST_FINDINGS]))
    if len(findings) > MOST_FINDINGS:
        left_out = len(findings) - MOST_FINDINGS
        console.print(_("… and {number} more findings.", number=left_out))
    console.print(_table_of_counts(report.counts))
    console.print(report.outcome)
    if report.rejects_path:
        path = report.rejects_path
        console.print(_("Mend these rows and import the file again: {path}", path=path))


def _table_of(findings: list[Finding]) -> Table:
    table = Table()
    table.add_column(pgettext("import", "Row"), justify="right", no_wrap=True)
    table.add_column(pgettext("import", "Column"), no_wrap=True)
    table.add_column(pgettext("import", "Value"), overflow="fold", ratio=2)
    table.add_column(pgettext("import", "Weight"), no_wrap=True)
    table.add_column(pgettext("import", "Reason"), overflow="fold", ratio=3)
    for finding in findings:
        table.add_row(
            str(finding.row),
            Text(finding.column),
            Text(_shortened(finding.value)),
            Text(pgettext("weight", finding.level.name.lower()), style=STYLES[finding.level]),
            Text(finding_sentence(finding)),
        )
    return table


def _table_of_counts(counts: list[tuple[str, int]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for label, number in counts:
        table.add_row(label, f"{number:,}")
    return table


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
