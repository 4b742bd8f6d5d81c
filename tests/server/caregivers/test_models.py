"""What the database refuses of caregivers, whoever writes it."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.factories.caregivers import (
    HIRED_ON,
    make_attendance,
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.meals import make_site


@pytest.fixture
def caregiver(session):
    return make_caregiver(session)


def test_nobody_has_two_full_time_employers_on_one_day(session, caregiver):
    make_employment(session, caregiver)

    with pytest.raises(IntegrityError, match="ex_employment_one_full_time"):
        make_employment(session, caregiver, make_site(session), starts_on=date(2024, 1, 1))


@pytest.mark.parametrize("apart", [{"is_full_time": False}, {"overlap_allowed": True}])
def test_a_second_employer_is_possible_by_the_hour_or_where_it_was_allowed(
    session, caregiver, apart
):
    make_employment(session, caregiver)

    assert make_employment(session, caregiver, make_site(session), **apart).id


def test_the_next_employment_begins_on_the_day_the_last_one_ends(session, caregiver):
    left_on = HIRED_ON + timedelta(days=400)
    make_employment(session, caregiver, ends_on=left_on)

    assert make_employment(session, caregiver, make_site(session), starts_on=left_on).id


def test_nobody_leaves_without_a_reason(session, caregiver):
    with pytest.raises(IntegrityError, match="ck_employment_leaves_for_a_reason"):
        make_employment(session, caregiver, ends_on=date(2024, 1, 1), leaving_reason=None)


def test_contracts_of_an_employment_follow_each_other(session, caregiver):
    employment = make_employment(session, caregiver)
    make_contract(session, employment, ends_on=date(2026, 7, 15))

    with pytest.raises(IntegrityError, match="ex_employment_contract_one_a_day"):
        make_contract(session, employment, starts_on=date(2026, 7, 14))


def test_a_certificate_number_belongs_to_one_caregiver(session, caregiver):
    first = make_certificate(session, caregiver)

    with pytest.raises(IntegrityError, match="uq_skill_certificate_number"):
        make_certificate(session, make_caregiver(session), number=first.number)


def test_a_degree_is_noted_once(session, caregiver):
    make_degree(session, caregiver)

    with pytest.raises(IntegrityError, match="uq_caregiver_education_caregiver_id_degree"):
        make_degree(session, caregiver)


def test_a_month_has_no_more_days_than_a_month(session, caregiver):
    with pytest.raises(IntegrityError, match="ck_attendance_month_days_of_a_month"):
        make_attendance(session, make_employment(session, caregiver), date(2026, 2, 1), days=32)
