"""Caregivers as the registers know them: rewards by instalment, months in post, trainings."""

from datetime import date, datetime

import pytest
import time_machine
from sqlmodel import select

from server import clock
from server.caregivers.models import BreachKind, CaregiverBreach, Degree, SkillCertificate
from server.caregivers.training.models import (
    CourseKind,
    Enrolment,
    EnrolmentState,
    ExamResult,
    TrainingSubsidy,
)
from tests.factories.allowances import IN_JULY, make_complete, reckoned
from tests.factories.caregivers import (
    make_attendance,
    make_caregiver,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.subsidy_facts import JANUARY, facts_of
from tests.factories.training import make_course, make_session


def put(session, row):
    session.add(row)
    session.flush()
    return row


@pytest.fixture(autouse=True)
def in_july():
    with time_machine.travel(IN_JULY, tick=False):
        yield


def test_the_instalments_of_an_entry_reward(session):
    """Hired on 15 July 2023: three instalments, of which the third is not due yet."""
    sun = make_complete(session)
    make_degree(session, sun, Degree.MASTER, obtained_on=date(2025, 9, 1))
    reckoned(session, sun, [])

    rows = facts_of(session, "entry_rewards", date(2024, 1, 1), date(2027, 1, 1))

    named = ("degree", "years_worked", "is_entitled")
    found = [(row.on_day, row.part, *(row.facts[name] for name in named)) for row in rows]
    assert found == [
        (date(2024, 7, 15), 1, "bachelor", 1, True),
        (date(2025, 7, 15), 2, "bachelor", 2, True),
        (date(2026, 7, 15), 3, "master", 3, False),
    ]
    facts = rows[0].facts
    named = ("hired_on", "is_front_line", "on_establishment", "has_contract", "contract_years",
             "has_payee", "instalment")  # fmt: skip
    assert [facts[name] for name in named] == ["2023-07-15", True, False, True, 99, True, 1]
    assert (rows[0].beneficiary_id, rows[0].caregiver_id, rows[0].month) == (
        sun.id, sun.id, date(2024, 7, 1),
    )  # fmt: skip


def test_whoever_left_is_at_no_front_line_when_the_years_would_be_full(session):
    sun = make_caregiver(session)
    make_contract(session, make_employment(session, sun, ends_on=date(2025, 3, 1)))
    make_degree(session, sun)
    reckoned(session, sun, [])

    rows = facts_of(session, "entry_rewards", date(2024, 1, 1), date(2027, 1, 1))

    assert [(row.part, row.facts["is_front_line"]) for row in rows] == [(1, True)]


def test_a_month_in_post(session):
    sun = make_complete(session)
    reckoned(session, sun)

    [row] = facts_of(session, "post_months")

    assert (row.month, row.on_day, row.part) == (JANUARY, date(2026, 1, 31), 0)
    assert row.subject == f"caregiver:{sun.id}"
    assert row.facts == {
        "skill_level": 3, "years_worked": 2, "months_in_post": 30, "attendance_days": 22,
        "is_front_line": True, "has_contract": True, "has_certificate": True,
        "education_done": True, "has_breach": False, "has_payee": True, "is_entitled": True,
    }  # fmt: skip


def test_days_nobody_worked_put_the_years_off_and_the_last_day_decides(session):
    site = make_site(session)
    sun = make_caregiver(session, site)
    make_employment(session, sun, starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    second = make_employment(session, sun, starts_on=date(2025, 1, 11), ends_on=date(2026, 1, 21))
    make_contract(session, second, ends_on=date(2026, 1, 20))
    make_attendance(session, second, JANUARY, days=14)

    [row] = facts_of(session, "post_months")

    assert row.on_day == date(2026, 1, 20)
    named = ("years_worked", "months_in_post", "attendance_days", "has_contract", "has_payee",
             "skill_level", "has_certificate", "education_done", "is_entitled")  # fmt: skip
    assert [row.facts[name] for name in named] == [
        2, 24, 14, False, False, None, False, None, None,
    ]  # fmt: skip


def test_a_certificate_is_good_to_its_last_day_and_a_breach_until_it_is_cleared(session):
    sun = make_complete(session)
    certificates = select(SkillCertificate).where(SkillCertificate.caregiver_id == sun.id)
    session.exec(certificates).one().valid_until = date(2026, 1, 31)
    put(session, CaregiverBreach(
        caregiver_id=sun.id, kind=BreachKind.ETHICS, happened_on=date(2025, 12, 1),
        cleared_on=date(2026, 2, 1), document="通报", recorded_at=clock.now(),
    ))  # fmt: skip

    january, february = facts_of(session, "post_months", until=date(2026, 3, 1))

    assert (january.facts["has_certificate"], january.facts["has_breach"]) == (True, True)
    assert (february.facts["has_certificate"], february.facts["has_breach"]) == (False, False)


def test_a_training_somebody_finished(session):
    course = make_course(session, kind=CourseKind.SKILL, level=4, has_exam=True, pass_mark=60)
    run = make_session(session, course, is_published=False)
    sun = make_caregiver(session)
    place = put(session, Enrolment(
        session_id=run.id, caregiver_id=sun.id, joined_at=clock.now(), name=sun.name,
        state=EnrolmentState.ENROLLED,
    ))  # fmt: skip
    one, other = (make_staff(session, "county_officer", division_code="140502") for _ in "12")
    put(session, ExamResult(
        enrolment_id=place.id, sat_on=clock.today(), score=80, is_passed=True, entered_by=one.id,
        entered_at=clock.now(), confirmed_by=other.id, confirmed_at=clock.now(),
    ))  # fmt: skip
    put(session, TrainingSubsidy(
        enrolment_id=place.id, session_id=run.id, caregiver_id=sun.id, division_code="140502",
        year=2026, scheme="per_trainee", amount_fen=200_000, reasons=[], basis={},
        frozen_at=clock.now(),
    ))  # fmt: skip

    [row] = facts_of(session, "training_passed", clock.day_of(run.ends_at).replace(day=1))

    assert (row.part, row.site_id, row.on_day) == (
        place.id, sun.keeper_site_id, clock.day_of(run.ends_at),
    )  # fmt: skip
    assert row.facts == {"skill_level": 4, "passed": True, "granted_fen": 200_000}
    assert isinstance(run.ends_at, datetime)
