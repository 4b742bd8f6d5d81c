"""Caregivers of the demo's homes: where they work, what they learnt, and what some of them lack.

One of them has the phone 19900000004, which signs in and finds the file linked already.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select, text
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.id_numbers import id_number, years_before
from infra.demo.names import SURNAMES, WOMEN
from server import clock
from server.caregivers.certifying import new_check_code
from server.caregivers.models import (
    AttendanceDay,
    AttendanceMonth,
    AttendanceSource,
    Caregiver,
    CaregiverEducation,
    ContinuingEducation,
    Degree,
    Employment,
    EmploymentContract,
    InsurancePayer,
    Post,
    SkillCertificate,
)
from server.caregivers.registering import Entry, sealed
from server.caregivers.rules import month_of
from server.identity.queries import find_account
from server.identity.service.accounts import open_account

CAREGIVERS_PHONE = "+8619900000004"
PEOPLE, MONTHS = 40, 6
A_DAY = timedelta(days=1)
SATURDAY, AT_EIGHT, AT_SIX = 5, time(8), time(18)
HOMES = text(
    "SELECT id, left(division_code, 6) AS county FROM site WHERE source_name = 'demo'"
    " AND kind IN ('care_home', 'township_home', 'home_care_provider') ORDER BY source_key LIMIT 8"
)
AGREE = text(
    "INSERT INTO consent (account_id, purpose, text_id, given_at, how, given_by)"
    " SELECT :account, purpose, id, :now, 'app', 'self' FROM consent_text"
    "  WHERE language = 'zh-CN' AND purpose = 'notice' ON CONFLICT DO NOTHING"
)
FIRST_SEQUENCE = 600
SCHOOLS = ("长治医学院", "晋城职业技术学院", "山西中医药大学", "太原幼儿师范高等专科学校")
POSTS = (Post.CARE, Post.CARE, Post.CARE, Post.CARE, Post.NURSING, Post.REHABILITATION,
         Post.CARE, Post.SOCIAL_WORK, Post.CARE, Post.MANAGEMENT)  # fmt: skip


def are_caregivers_there(session: Session) -> bool:
    """True where the register of caregivers holds anybody."""
    return session.execute(select(col(Caregiver.id)).limit(1)).first() is not None


def put_caregivers(session: Session, beginning: Beginning) -> int:
    """Enter the caregivers of the demo's homes; returns how many."""
    homes = session.connection().execute(HOMES).all()
    if not homes:
        return 0
    people = [
        _Person(beginning, number, *homes[number // 5 % len(homes)]) for number in range(PEOPLE)
    ]
    session.add_all([one.caregiver for one in people])
    session.flush()
    session.add_all([one.employ() for one in people])
    session.flush()
    for one in people:
        session.add_all(one.papers())
    session.flush()
    _link_the_first(session, people[0].caregiver)
    session.add_all(people[0].punches())
    session.flush()
    return len(people)


class _Person:
    """One of the forty: the same for the same seed."""

    def __init__(self, beginning: Beginning, number: int, site_id: int, county: str) -> None:
        self.chance = Random(f"{beginning.seed}/caregiver/{number}")
        self.number = number
        self.today = clock.today()
        born_on = years_before(beginning.day - timedelta(days=11 * number + 5), 24 + number % 30)
        entry = Entry(
            site_id=site_id,
            name="".join(map(self.chance.choice, (SURNAMES, *WOMEN))),
            id_number=id_number(county, born_on, FIRST_SEQUENCE + 2 * number),
            phone=CAREGIVERS_PHONE if number == 0 else f"1990000{2000 + number}",
            payee_bank="中国工商银行",
            payee_account=None if number % 9 == 4 else f"62220213{number:08d}",
        )
        self.caregiver = sealed(entry, entry.id_number)
        self.hired_on = self.today - timedelta(days=200 + 37 * (number * 7 % 40))

    def employ(self) -> Employment:
        post = POSTS[self.number % len(POSTS)]
        self.employment = Employment(
            caregiver_id=self.caregiver.id or 0,
            site_id=self.caregiver.keeper_site_id,
            post=post,
            is_front_line=post in (Post.CARE, Post.NURSING, Post.REHABILITATION),
            is_full_time=self.number % 13 != 7,
            starts_on=self.hired_on,
            recorded_at=clock.now(),
        )
        return self.employment

    def papers(self) -> list[object]:
        return [
            *self._contract(),
            *self._education(),
            *self._certificate(),
            *self._months(),
            *self._learning(),
        ]

    def _contract(self) -> list[object]:
        if self.number % 11 == 6:
            return []
        years = 1 if self.number % 7 == 3 else 3
        return [
            EmploymentContract(
                employment_id=self.employment.id or 0,
                number=f"HT-{self.hired_on:%Y}-{self.number:03d}",
                starts_on=self.hired_on,
                ends_on=max(self.hired_on, self.today - 30 * A_DAY) + 365 * years * A_DAY,
                insurance_payer=InsurancePayer.EMPLOYER,
            )
        ]

    def _education(self) -> list[object]:
        if self.number % 5 == 2:
            return []
        degree = (Degree.COLLEGE, Degree.BACHELOR, Degree.SECONDARY)[self.number % 3]
        obtained_on = date(self.caregiver.born_on.year + 22, 6, 30)
        is_recognised = self.number % 6 != 5
        return [
            CaregiverEducation(
                caregiver_id=self.caregiver.id or 0,
                degree=degree,
                school=self.chance.choice(SCHOOLS),
                subject="护理",
                obtained_on=obtained_on,
                recognition=f"XL{self.number:08d}" if is_recognised else "",
                recognised_on=obtained_on if is_recognised else None,
            )
        ]

    def _certificate(self) -> list[object]:
        """The first one's ends soon, the third one's has ended, some have none."""
        if self.number % 4 == 3:
            return []
        left = {0: 42, 2: -21, 5: 12}.get(self.number, 200 + 40 * (self.number % 12))
        issued_on = self.today - timedelta(days=900 + 9 * self.number)
        return [
            SkillCertificate(
                caregiver_id=self.caregiver.id or 0,
                level=(5, 4, 4, 3, 5, 3, 2, 5)[self.number % 8],
                number=f"S14050000{self.number:06d}",
                issuer="晋城市职业技能鉴定中心",
                issued_on=issued_on,
                valid_until=self.today + timedelta(days=left),
                verified_on=issued_on + 30 * A_DAY if self.number % 2 == 0 else None,
                check_code=new_check_code(),
                recorded_at=clock.now(),
            )
        ]

    def _months(self) -> list[object]:
        month, told = month_of(self.today), []
        for _ in range(MONTHS):
            month = month_of(month - A_DAY)
            if month < self.hired_on:
                break
            told.append(
                AttendanceMonth(
                    caregiver_id=self.caregiver.id or 0,
                    site_id=self.caregiver.keeper_site_id,
                    month=month,
                    days=18 if self.number % 10 == 8 else self.chance.randint(20, 24),
                    source=AttendanceSource.FILED,
                    filed_at=clock.now(),
                )
            )
        return list(told)

    def punches(self) -> list[object]:
        """This month so far: at work from Monday to Friday, by the phone."""
        month = month_of(self.today)
        days = [month + A_DAY * number for number in range((self.today - month).days)]
        worked = [day for day in days if day.weekday() < SATURDAY and day >= self.hired_on]
        whose = {"caregiver_id": self.caregiver.id or 0, "site_id": self.caregiver.keeper_site_id}
        told: list[object] = [
            AttendanceDay(
                **whose, day=day, arrived_at=datetime.combine(day, AT_EIGHT, clock.CITY),
                left_at=datetime.combine(day, AT_SIX, clock.CITY),
            )
            for day in worked
        ]  # fmt: skip
        if worked:
            told.append(
                AttendanceMonth(
                    **whose, month=month, days=len(worked), source=AttendanceSource.PUNCHED,
                    filed_at=clock.now(),
                )
            )  # fmt: skip
        return told

    def _learning(self) -> list[object]:
        hours = self.number % 4 * 4
        day = max(date(self.today.year, 1, 1), self.today - timedelta(days=60))
        if hours == 0:
            return []
        return [
            ContinuingEducation(
                caregiver_id=self.caregiver.id or 0,
                attended_on=min(day, self.today),
                minutes=60 * hours,
                subject="失智老人照护",
            )
        ]


def _link_the_first(session: Session, caregiver: Caregiver) -> None:
    account = find_account(session, CAREGIVERS_PHONE)
    account = account or open_account(session, phone=CAREGIVERS_PHONE)
    session.connection().execute(AGREE, {"account": account.id, "now": clock.now()})
    caregiver.account_id = account.id
    session.flush()
