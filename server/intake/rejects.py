"""The rows that stayed outside, written so that they can be mended and brought in again."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

from server.intake.cells import protected
from server.intake.checking import Checked
from server.intake.findings import Finding, Level


def write_rejects(
    path: Path, checked: Checked, *, titles: tuple[str, str], say: Callable[[Finding], str]
) -> int:
    """Write the rejected rows with their number and reasons, and return how many there are.

    UTF-8 with a byte order mark, so that a spreadsheet shows Chinese; no cell can act as a
    formula; the file appears whole or not at all, and not at all when nothing was rejected.
    """
    rows = checked.rejected_rows
    if not rows:
        return 0
    reasons = _reasons(checked, say)
    width = len(checked.table.headings.cells)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.touch(mode=0o600)  # What a list of people holds is for its keeper's eyes.
    with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([protected(cell) for cell in (*titles, *checked.table.headings.cells)])
        for row in rows:
            cells = (str(row.number), reasons[row.number], *row.padded(width).cells)
            writer.writerow([protected(cell) for cell in cells])
    os.replace(unfinished, path)
    return len(rows)


def _reasons(checked: Checked, say: Callable[[Finding], str]) -> dict[int, str]:
    reasons: dict[int, list[str]] = {}
    for finding in checked.findings_in_order:
        if finding.level >= Level.ERROR:
            where = f"{finding.column}: " if finding.column else ""
            reasons.setdefault(finding.row, []).append(where + say(finding))
    return {row: "; ".join(said) for row, said in reasons.items()}
