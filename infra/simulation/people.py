"""Made-up caregivers of a city with employments, contracts, certificates and days at work.

Everything is plain data drawn from one seed, so that whoever checks a year can read it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from server import clock
from server.caregivers.models import (
    AttendanceDay,
    Caregiver,
    CaregiverEducation,
    ContinuingEducation,
    Degree,
    Employment,
    EmploymentContract,
    InsurancePayer,
    LeavingReason,
    Post,
    SkillCertificate,
)
from server.db.tables import Table, table_of
from server.identity.models import Role, Staff, StaffRole
from server.providers.models import FacilityKind, Site
from server.secrets.fields import keyring

SITES, PEOPLE, YEAR = 21, 546, 2026
A_DAY, FIRST_ID = timedelta(days=1), 100_000
# Of the sites, every so manieth counts days at work by punches.
PUNCHES_EACH = 7
# Of the caregivers, every so manieth has a certificate that nobody has proved.
UNPROVED_EACH = 8
LONG_AGO = date(2015, 1, 1)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "兰梅英芳霞玲燕红丽萍"


@dataclass(frozen=True)
class Paper:
    """A contract or certificate: its number, level (0 of contracts), first and last day."""

    number: int
    level: int
    starts_on: date
    ends_on: date | None

    @property
    def is_proved(self) -> bool:
        """Of certificates: true where somebody found it in the issuer's register."""
        return self.number // 10 % UNPROVED_EACH != 0


@dataclass
class Worker:
    """A caregiver with one employment, and everything that reminders rest on."""

    number: int
    site: int
    hired_on: date
    left_on: date | None
    is_front_line: bool
    on_establishment: bool
    has_phone: bool
    has_payee: bool
    recognised_on: date | None
    contracts: list[Paper] = field(default_factory=list)
    certificates: list[Paper] = field(default_factory=list)
    learned: list[tuple[date, int]] = field(default_factory=list)
    at_work: list[date] = field(default_factory=list)

    @property
    def counts_punches(self) -> bool:
        """True where the site counts days at work by punches."""
        return self.site % PUNCHES_EACH == 0


@dataclass(frozen=True)
class Town:
    """The sites by number with their county, and who works there."""

    counties: Sequence[str]
    workers: Sequence[Worker]


def draw_town(seed: int, *, counties: Sequence[str], people: int = PEOPLE) -> Town:
    """Return the caregivers of a year, the same for the same seed."""
    chance = Random(seed)
    workers = [_worker(chance, number) for number in range(people)]
    return Town([counties[number % len(counties)] for number in range(SITES)], workers)


def _worker(chance: Random, number: int) -> Worker:
    hired_on = _day(chance, date(2019, 1, 1), date(YEAR, 6, 30))
    leaves = chance.random() < 0.15
    worker = Worker(
        number=FIRST_ID + number,
        site=chance.randrange(SITES),
        hired_on=hired_on,
        left_on=_day(chance, max(hired_on + 60 * A_DAY, date(YEAR, 1, 1)), date(YEAR, 12, 31))
        if leaves
        else None,
        is_front_line=chance.random() < 0.9,
        on_establishment=chance.random() < 0.08,
        has_phone=chance.random() < 0.95,
        has_payee=chance.random() < 0.85,
        recognised_on=_day(chance, LONG_AGO, date(YEAR, 9, 30)) if chance.random() < 0.6 else None,
    )
    _sign(chance, worker)
    _certify(chance, worker)
    _learn(chance, worker)
    if worker.counts_punches:
        _work(chance, worker)
    return worker


def _sign(chance: Random, worker: Worker) -> None:
    """A chain of contracts without a gap; the last may have no fixed term, or not be renewed."""
    starts_on, number = worker.hired_on, 0
    while starts_on < date(YEAR + 1, 1, 1):
        years = chance.choice((1, 2, 3, 3, 5))
        ends_on = None if chance.random() < 0.15 else _years_after(starts_on, years)
        key = worker.number * 10 + number
        worker.contracts.append(Paper(key, 0, starts_on, ends_on))
        if ends_on is None or chance.random() < 0.3:
            return
        starts_on, number = ends_on, number + 1


def _certify(chance: Random, worker: Worker) -> None:
    """None, one, or one and the one that follows it in time or too late."""
    if chance.random() < 0.12:
        return
    level = chance.choice((5, 5, 4, 4, 3, 2, 1))
    valid_until = (
        None if chance.random() < 0.1 else _day(chance, date(YEAR - 1, 6, 1), date(YEAR + 2, 6, 30))
    )
    issued_on = (valid_until or date(2023, 5, 1)) - 1100 * A_DAY
    worker.certificates.append(Paper(worker.number * 10, level, issued_on, valid_until))
    if valid_until is not None and chance.random() < 0.6:
        renewed_on = valid_until + chance.randint(-100, 40) * A_DAY
        renewed = Paper(worker.number * 10 + 1, level, renewed_on, renewed_on + 1096 * A_DAY)
        worker.certificates.append(renewed)


def _learn(chance: Random, worker: Worker) -> None:
    for _ in range(chance.randint(0, 9)):
        worker.learned.append((_day(chance, date(YEAR, 1, 5), date(YEAR, 12, 20)), 120))


def _work(chance: Random, worker: Worker) -> None:
    """Off one day in seven; some are away more, so that their months are short."""
    share = chance.choice((0.85, 0.85, 0.8, 0.6))
    day = max(worker.hired_on, date(YEAR, 1, 1))
    while day <= date(YEAR, 12, 31) and (worker.left_on is None or day < worker.left_on):
        if chance.random() < share:
            worker.at_work.append(day)
        day += A_DAY


def _day(chance: Random, first: date, last: date) -> date:
    return first + chance.randint(0, max(0, (last - first).days)) * A_DAY


def _years_after(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def put_town(session: Session, town: Town) -> None:
    """Write the town down as the platform."""
    _put(session, Site, [_site(number, code) for number, code in enumerate(town.counties)])
    _put_staff(session, town)
    _put(session, Caregiver, [_caregiver(one) for one in town.workers])
    _put(session, Employment, [_employment(one) for one in town.workers])
    _put(
        session,
        EmploymentContract,
        [_contract(one, paper) for one in town.workers for paper in one.contracts],
    )
    _put(
        session,
        SkillCertificate,
        [_certificate(one, paper) for one in town.workers for paper in one.certificates],
    )
    _put(session, CaregiverEducation, [_degree(one) for one in town.workers if one.recognised_on])
    _put(
        session,
        ContinuingEducation,
        [
            {
                "caregiver_id": one.number,
                "attended_on": day,
                "minutes": minutes,
                "subject": "照护技能",
            }
            for one in town.workers
            for day, minutes in one.learned
        ],
    )
    _put(session, AttendanceDay, [
        {"caregiver_id": one.number, "site_id": FIRST_ID + one.site, "day": day,
         "arrived_at": datetime.combine(day, time(8), clock.CITY)}
        for one in town.workers for day in one.at_work
    ])  # fmt: skip


def _put(session: Session, model: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 2000):
        session.execute(insert(table_of(model)), rows[start : start + 2000])


def _put_staff(session: Session, town: Town) -> None:
    """An operator of every site, and an officer of every county, each with a phone."""
    people: list[dict[str, Any]] = [
        {"site_id": FIRST_ID + number, "role": Role.FACILITY_OPERATOR, "division_code": None}
        for number in range(len(town.counties))
    ]
    people += [
        {"site_id": None, "role": Role.COUNTY_OFFICER, "division_code": code[:6]}
        for code in sorted({code[:6] for code in town.counties})
    ]
    for number, office in enumerate(people):
        staff = Staff(
            sign_in_name=f"clockwork{number}",
            display_name=f"值班{number}",
            phone=f"+8613700{number:06d}",
            created_at=clock.now(),
        )
        session.add(staff)
        session.flush()
        session.add(StaffRole(staff_id=staff.id, starts_on=LONG_AGO, **office))
    session.flush()


def _site(number: int, code: str) -> dict[str, Any]:
    return {
        "id": FIRST_ID + number, "kind": FacilityKind.CARE_HOME, "name": f"养老院{number + 1}",
        "division_code": code, "address": "", "features": [], "services": [],
        "opening_state": "open",
    }  # fmt: skip


def _caregiver(one: Worker) -> dict[str, Any]:
    mark = f"made-up-{one.number}".encode()
    payee = mark if one.has_payee else None
    return {
        "id": one.number,
        "name": SURNAMES[one.number % 10] + GIVEN[one.number // 10 % 10],
        "pinyin": "", "initials": "", "born_on": date(1985, 3, 12),
        "id_number_cipher": mark, "id_number_digest": keyring().digest(mark.decode(), "made.up"),
        "phone": f"+861360{one.number:07d}" if one.has_phone else None,
        "language": "zh-CN", "keeper_site_id": FIRST_ID + one.site, "payee_bank": "",
        "payee_cipher": payee, "payee_digest": payee, "registered_at": clock.now(),
    }  # fmt: skip


def _employment(one: Worker) -> dict[str, Any]:
    return {
        "id": one.number, "caregiver_id": one.number, "site_id": FIRST_ID + one.site,
        "post": Post.CARE if one.is_front_line else Post.LOGISTICS,
        "is_front_line": one.is_front_line, "is_full_time": True,
        "on_establishment": one.on_establishment, "overlap_allowed": False,
        "starts_on": one.hired_on, "ends_on": one.left_on,
        "leaving_reason": LeavingReason.RESIGNED if one.left_on else None,
        "recorded_at": clock.now(),
    }  # fmt: skip


def _contract(one: Worker, paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.number, "employment_id": one.number, "number": "",
        "starts_on": paper.starts_on, "ends_on": paper.ends_on,
        "insurance_payer": InsurancePayer.EMPLOYER, "insurance_payer_name": "",
    }  # fmt: skip


def _certificate(one: Worker, paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.number, "caregiver_id": one.number, "level": paper.level,
        "number": f"S{paper.number:010d}", "issuer": "晋城市职业技能鉴定中心",
        "issued_on": paper.starts_on, "valid_until": paper.ends_on,
        "verified_on": paper.starts_on if paper.is_proved else None,
        "check_code": f"made-up-check-code-{paper.number}", "recorded_at": clock.now(),
    }  # fmt: skip


def _degree(one: Worker) -> dict[str, Any]:
    return {
        "caregiver_id": one.number, "degree": Degree.COLLEGE, "school": "长治医学院",
        "subject": "", "obtained_on": LONG_AGO, "recognition": f"XL{one.number}",
        "recognised_on": one.recognised_on,
    }  # fmt: skip
