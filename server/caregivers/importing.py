"""A list of staff is understood: who, where since when, and with which papers. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from server.caregivers import rules
from server.caregivers.certifying import CertificateSaid, EducationSaid
from server.caregivers.errors import (
    CertificateDaysImpossible,
    EmploymentDaysImpossible,
    PayeeAccountUnusable,
)
from server.caregivers.lines import NotUsable, all_here, number_in
from server.caregivers.models import Degree, Post
from server.intake.checking import Checked, Record, check_table
from server.intake.findings import error, notice
from server.intake.mapping import Target, read_mapping
from server.intake.rows import Row
from server.intake.tables import content_of, table_in

MAPPING = Path(__file__).parent / "mappings" / "caregivers.yaml"
_YES_NO = Target(("only_term",), choices=frozenset({"yes", "no"}))
TARGETS = {
    "site": Target(longest=120),
    "name": Target(longest=60),
    "id_number": Target(longest=40),
    "phone": Target(("phone",)),
    "post": Target(("only_term",), choices=frozenset(Post)),
    "is_front_line": _YES_NO,
    "is_full_time": _YES_NO,
    "on_establishment": _YES_NO,
    "starts_on": Target(("day",)),
    "contract_from": Target(("day",)),
    "contract_until": Target(("day",)),
    "degree": Target(("only_term",), choices=frozenset(Degree)),
    "school": Target(longest=100),
    "subject": Target(longest=60),
    "obtained_on": Target(("day",)),
    "recognition": Target(longest=60),
    "recognised_on": Target(("day",)),
    "level": Target(("only_term",), choices=frozenset("54321")),
    "certificate_number": Target(longest=40),
    "issuer": Target(longest=100),
    "issued_on": Target(("day",)),
    "valid_until": Target(("day",)),
    "payee_bank": Target(longest=60),
    "payee_account": Target(longest=40),
}
OF_A_CERTIFICATE = ("level", "certificate_number", "issuer", "issued_on")
OF_A_DEGREE = ("degree", "school", "obtained_on")
FRONT_LINE = {Post.CARE, Post.NURSING, Post.REHABILITATION}


@dataclass(frozen=True)
class Line:
    """One row of the list; `ends_on` of the contract is the day after its last."""

    row: Row
    site: str | None
    name: str
    number: str
    phone: str | None
    post: Post
    is_front_line: bool
    is_full_time: bool
    on_establishment: bool
    starts_on: date
    contract: tuple[date, date | None] | None
    education: EducationSaid | None
    certificate: CertificateSaid | None
    payee_bank: str
    payee_account: str | None


@dataclass
class Lines:
    """What a list holds: rows that can be read, and all that was noticed."""

    checked: Checked
    people: list[Line] = field(default_factory=list)
    repeated: int = 0

    @property
    def is_sound(self) -> bool:
        """True when no row has to stay outside."""
        return not self.checked.rejected_rows


def understand_list(path: Path, *, today: date, mapping_path: Path = MAPPING) -> Lines:
    """Read and check every row of a file; nothing is written.

    Raises the errors of `server.intake` where file or mapping is unusable as a whole.
    """
    return understand(content_of(path), today=today, mapping_path=mapping_path)


def understand(
    content: bytes,
    *,
    today: date,
    mapping_path: Path = MAPPING,
    largest_unpacked: int | None = None,
) -> Lines:
    """As `understand_list`, of what somebody sent."""
    mapping = read_mapping(mapping_path, targets=TARGETS)
    table = table_in(content, mapping=mapping, largest_unpacked=largest_unpacked)
    lines = Lines(check_table(table, mapping=mapping, scope=all_here, scope_field="name"))
    first: dict[str, Record] = {}
    for record in lines.checked.records:
        try:
            line = _line(record, today=today)
        except NotUsable as problem:
            cell = str(record.values.get(problem.field) or "")
            lines.checked.note(record.row, problem.field, cell, problem.complaint)
            continue
        if _is_first(lines, line, record, first):
            lines.people.append(line)
    return lines


def _line(record: Record, *, today: date) -> Line:
    values = record.values
    post = Post(values.get("post") or Post.CARE)
    starts_on = _day_of_work(values, today)
    return Line(
        record.row,
        values.get("site"),
        values["name"],
        number_in(values["id_number"]),
        values.get("phone"),
        post,
        _said(values, "is_front_line", otherwise=post in FRONT_LINE),
        _said(values, "is_full_time", otherwise=True),
        _said(values, "on_establishment", otherwise=False),
        starts_on,
        _contract(values, starts_on),
        _education(values, today),
        _certificate(values, today),
        values.get("payee_bank") or "",
        _account(values),
    )


def _said(values: Mapping[str, Any], name: str, *, otherwise: bool) -> bool:
    told = values.get(name)
    return otherwise if told is None else told == "yes"


def _day_of_work(values: Mapping[str, Any], today: date) -> date:
    day: date = values["starts_on"]
    if day > today:
        raise NotUsable("starts_on", error("not-begun"))
    try:
        rules.check_days(day, None)
    except EmploymentDaysImpossible:
        raise NotUsable("starts_on", error("not-a-day")) from None
    return day


def _contract(values: Mapping[str, Any], starts_on: date) -> tuple[date, date | None] | None:
    """A list that speaks of contracts says how long; without a last day it has no fixed term."""
    first, last = values.get("contract_from"), values.get("contract_until")
    if first is None and last is None:
        return None
    begins = first or starts_on
    ends_on = last + timedelta(days=1) if last else None
    try:
        rules.check_days(begins, ends_on)
    except EmploymentDaysImpossible:
        raise NotUsable("contract_until", error("contract-days-impossible")) from None
    return begins, ends_on


def _education(values: Mapping[str, Any], today: date) -> EducationSaid | None:
    if values.get("degree") is None:
        return None
    for name in OF_A_DEGREE:
        if values.get(name) is None:
            raise NotUsable(name, error("education-incomplete"))
    recognition = values.get("recognition") or ""
    return EducationSaid(
        degree=Degree(values["degree"]),
        school=values["school"],
        obtained_on=values["obtained_on"],
        subject=values.get("subject") or "",
        recognition=recognition,
        recognised_on=(values.get("recognised_on") or today) if recognition else None,
    )


def _certificate(values: Mapping[str, Any], today: date) -> CertificateSaid | None:
    if values.get("certificate_number") is None:
        return None
    for name in OF_A_CERTIFICATE:
        if values.get(name) is None:
            raise NotUsable(name, error("certificate-incomplete"))
    try:
        rules.check_certificate_days(values["issued_on"], values.get("valid_until"), today=today)
    except CertificateDaysImpossible:
        raise NotUsable("issued_on", error("certificate-days-impossible")) from None
    return CertificateSaid(
        level=int(values["level"]),
        number=rules.read_certificate_number(values["certificate_number"]),
        issuer=values["issuer"],
        issued_on=values["issued_on"],
        valid_until=values.get("valid_until"),
    )


def _account(values: Mapping[str, Any]) -> str | None:
    if values.get("payee_account") is None:
        return None
    try:
        return rules.read_payee_account(values["payee_account"])
    except PayeeAccountUnusable:
        raise NotUsable("payee_account", error("payee-account-unusable")) from None


def _is_first(lines: Lines, line: Line, record: Record, first: dict[str, Record]) -> bool:
    before = first.setdefault(line.number, record)
    if before is record:
        return True
    if before.values == record.values:
        lines.repeated += 1
        complaint = notice("repeats-row", row=before.row.number)
    else:
        complaint = error("person-on-row", row=before.row.number)
    lines.checked.note(line.row, "id_number", line.number, complaint)
    return False
