"""A list of divisions becomes the city's counties, towns and villages: understood, then written."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.intake.checking import Belongs, Checked, Record, Scope, check_table
from server.intake.findings import Complaint, error, notice
from server.intake.mapping import Target, read_mapping
from server.intake.tables import read_table
from server.places.models import CODE_LENGTH, DivisionLevel
from server.places.national import DivisionRow

MAPPING = Path(__file__).parent / "mappings" / "divisions.yaml"

TARGETS = {
    "code": Target(("digits",), longest=12),
    "name": Target(longest=60),
    "level": Target(("only_term",), choices=frozenset(DivisionLevel)),
    "parent_code": Target(("digits",), longest=12),
}
# The level above each, and so the length of a parent's code; a city has none here.
ABOVE = {
    DivisionLevel.COUNTY: DivisionLevel.CITY,
    DivisionLevel.TOWN: DivisionLevel.COUNTY,
    DivisionLevel.VILLAGE: DivisionLevel.TOWN,
}
# A character the publisher could not write is spelled in Latin letters: 长shan村.
SPELLED_OUT = re.compile(r"[A-Za-z]")


@dataclass
class UnderstoodDivisions:
    """What a list holds about this city: divisions ready to be written, and what was noticed."""

    checked: Checked
    divisions: list[DivisionRow] = field(default_factory=list)
    repeated: int = 0


def understand_divisions(
    path: Path, *, city_code: str, known_codes: Collection[str], mapping_path: Path = MAPPING
) -> UnderstoodDivisions:
    """Read and check every row of the file; nothing is written.

    A division is good when its level fits its code, and its parent is in the file or in
    `known_codes`. Raises the errors of `server.intake` where the file itself is unusable.
    """
    mapping = read_mapping(mapping_path, targets=TARGETS)
    table = read_table(path, mapping=mapping)
    checked = check_table(table, mapping=mapping, scope=_scope(city_code), scope_field="code")
    understood = UnderstoodDivisions(checked)
    first: dict[str, Record] = {}
    good = set(known_codes)
    for record in sorted(checked.records, key=lambda record: len(record.values["code"])):
        complaint = _complaint_about(record, first, good)
        if complaint:
            understood.repeated += complaint.code == "repeats-row"
            checked.note(record.row, "code", record.values["code"], complaint)
            continue
        good.add(record.values["code"])
        understood.divisions.append(DivisionRow(**record.values))
        if SPELLED_OUT.search(record.values["name"]):
            checked.note(record.row, "name", record.values["name"], notice("spelled-out"))
    return understood


def _scope(city_code: str) -> Scope:
    """Every division below the city's code is this city's; all others are elsewhere."""

    def belongs(cells: Mapping[str, str]) -> Belongs:
        is_here = cells["code"].startswith(city_code) or not cells["code"].isdigit()
        return Belongs.HERE if is_here else Belongs.ELSEWHERE

    return belongs


def _complaint_about(
    record: Record, first: dict[str, Record], good: Collection[str]
) -> Complaint | None:
    code, level, parent = (record.values[name] for name in ("code", "level", "parent_code"))
    before = first.setdefault(code, record)
    if before is not record:
        is_same = before.values == record.values
        row = before.row.number
        return notice("repeats-row", row=row) if is_same else error("contradicts-row", row=row)
    if len(code) != CODE_LENGTH[level]:
        return error("code-does-not-fit-level", wanted=CODE_LENGTH[level])
    if level not in ABOVE:
        return None
    if parent != code[: CODE_LENGTH[ABOVE[level]]]:
        return error("parent-is-no-prefix", parent=parent or "")
    return None if parent in good else error("parent-missing", parent=parent)
