"""What a file lacks on a day: code, facts and until when; a fixed number of statements."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from server.caregivers.missing import ENDING_WITHIN, Lack, list_missing
from server.caregivers.models import ContinuingEducation
from tests.factories.caregivers import (
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)

DAY = date(2026, 6, 15)


@pytest.fixture
def whole(session):
    """A file that lacks nothing on the day."""
    one = make_caregiver(session, payee_cipher=b"sealed", payee_digest=b"digest")
    make_contract(session, make_employment(session, one), ends_on=date(2026, 7, 15))
    make_degree(session, one)
    make_certificate(session, one, level=4, valid_until=date(2028, 1, 1), verified_on=DAY)
    learn(session, one, 720)
    return one


def learn(session, caregiver, minutes, on=date(2026, 3, 1)):
    session.add(
        ContinuingEducation(
            caregiver_id=caregiver.id, attended_on=on, minutes=minutes, subject="失智照护"
        )
    )
    session.flush()


def lacks(session, one, on=DAY):
    return {
        each.code: each for each in list_missing(session, caregiver_ids=[one.id], on=on)[one.id]
    }


def test_a_whole_file_lacks_nothing(session, whole):
    assert lacks(session, whole) == {}


def test_an_empty_file_lacks_everything(session):
    one = make_caregiver(session)
    make_employment(session, one)

    assert set(lacks(session, one)) == {
        Lack.EDUCATION, Lack.PAYEE, Lack.CONTRACT, Lack.CERTIFICATE, Lack.HOURS,
    }  # fmt: skip


def test_whoever_works_nowhere_needs_no_contract(session):
    assert Lack.CONTRACT not in lacks(session, make_caregiver(session))


@pytest.mark.parametrize(
    ("starts_on", "is_asked"),
    [(date(2025, 12, 1), True), (date(2026, 1, 1), True), (date(2026, 1, 2), False)],
)
def test_hours_are_asked_of_whoever_works_the_year_whole(session, starts_on, is_asked):
    one = make_caregiver(session)
    make_employment(session, one, starts_on=starts_on)

    assert (Lack.HOURS in lacks(session, one)) is is_asked


def test_whoever_works_nowhere_needs_no_hours(session):
    assert Lack.HOURS not in lacks(session, make_caregiver(session))


@pytest.mark.parametrize(
    ("ends_on", "is_long"),
    [(date(2026, 7, 15), True), (date(2026, 7, 14), False), (None, True)],
)
def test_three_full_years_or_no_fixed_term(session, ends_on, is_long):
    one = make_caregiver(session)
    make_contract(session, make_employment(session, one), ends_on=ends_on)

    assert (Lack.CONTRACT not in lacks(session, one, on=date(2025, 1, 1))) is is_long


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-1, Lack.CERTIFICATE_ENDED),
        (0, Lack.CERTIFICATE_ENDING),
        (90, Lack.CERTIFICATE_ENDING),
        (91, None),
    ],
)
def test_a_certificate_lasts_its_last_day(session, days, code):
    one = make_caregiver(session)
    make_certificate(session, one, level=3, valid_until=DAY + timedelta(days=days))

    found = lacks(session, one)

    told = {Lack.CERTIFICATE, Lack.CERTIFICATE_ENDED, Lack.CERTIFICATE_ENDING} & set(found)
    assert told == ({code} if code else set())
    if code is Lack.CERTIFICATE_ENDING:
        assert found[code].until == DAY + timedelta(days=days)
        assert found[code].facts == {"level": 3, "days": days}


def test_the_highest_certificate_decides(session):
    one = make_caregiver(session)
    make_certificate(session, one, level=5, valid_until=DAY + timedelta(days=5))
    make_certificate(session, one, level=3, valid_until=DAY + ENDING_WITHIN * 3)

    assert Lack.CERTIFICATE_ENDING not in lacks(session, one)


def test_an_annulled_certificate_is_none(session):
    one = make_caregiver(session)
    make_certificate(session, one, annulled_on=DAY)

    assert Lack.CERTIFICATE in lacks(session, one)


def test_hours_of_another_year_do_not_count(session, whole):
    found = lacks(session, whole, on=date(2027, 2, 1))[Lack.HOURS]

    assert (found.until, found.facts) == (date(2027, 12, 31), {"minutes": 0, "wanted": 720})


def test_many_take_no_more_statements(session, connection, whole):
    sent = []
    event.listen(connection, "before_cursor_execute", lambda *_: sent.append(1))
    list_missing(session, caregiver_ids=[whole.id], on=DAY)
    few = len(sent)
    many = [make_caregiver(session).id for _ in range(20)]
    session.flush()
    sent.clear()
    found = list_missing(session, caregiver_ids=[whole.id, *many], on=DAY)

    assert len(sent) == few
    assert len(found) == 21
