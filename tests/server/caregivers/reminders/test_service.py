"""A day of reminders on the real database: said once, closed when what they named is put right."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.caregivers.allowances import claiming
from server.caregivers.allowances.terms import Programme
from server.caregivers.missing import Lack, list_missing
from server.caregivers.reminders.asking import remind_caregivers
from server.caregivers.reminders.service import (
    close_what_is_fixed,
    find_due,
    tell_sites_and_counties,
)
from tests.factories.allowances import make_complete
from tests.factories.caregivers import (
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_staff

DAY = date(2026, 3, 2)  # a Monday


@pytest.fixture
def home(session):
    return make_site(session)


@pytest.fixture
def caregiver(session, home):
    caregiver = make_caregiver(session, home, payee_cipher=b"x", payee_digest=b"x")
    employment = make_employment(session, caregiver, starts_on=date(2022, 1, 10))
    make_contract(session, employment)
    make_degree(session, caregiver)
    return caregiver


def remind(session, day=DAY):
    due = find_due(session, day, day, day=day)
    count = remind_caregivers(session, due)
    tell_sites_and_counties(session, day)
    return count


def rows(session):
    return session.execute(
        text("SELECT kind, subject, rung, due_on, done_on, recipient FROM reminder ORDER BY id")
    ).all()


def messages(session):
    return session.execute(text("SELECT kind, due_at FROM message ORDER BY id")).all()


def test_a_certificate_that_ends_is_told_once_to_the_caregiver_and_the_home(
    session, home, caregiver
):
    operator = make_staff(session, "facility_operator", site_id=home.id)
    operator.phone = "+8613812345678"
    certificate = make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))

    assert (remind(session), remind(session)) == (1, 0)

    told, digest, county = rows(session)
    assert told.subject == f"certificate:{certificate.id}:{certificate.valid_until}"
    assert (told.kind, told.rung, told.due_on) == ("certificate", -30, DAY)
    assert (digest.kind, digest.recipient) == ("site_digest", f"site:{home.id}")
    assert (county.kind, county.recipient) == ("county_list", "county:140502")
    assert [one.kind for one in messages(session)] == [
        "reminders.certificate",
        "reminders.site_digest",
    ]
    times = {one.due_at.astimezone(clock.CITY).hour for one in messages(session)}
    assert times <= set(range(7, 21))


def test_who_signs_in_is_reminded_in_their_own_account_not_in_that_of_the_old_number(
    session, caregiver
):
    own = make_account(session)
    make_account(session, phone=caregiver.phone)
    caregiver.account_id = own.id
    make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))
    session.flush()

    remind(session)

    query = "SELECT m.account_id, c.phone FROM message m JOIN contact c ON c.id = m.contact_id"
    assert session.execute(text(query)).all() == [(own.id, own.phone)]


def test_a_digest_lies_at_work_not_in_the_private_account_of_the_same_phone(
    session, home, caregiver
):
    operator = make_staff(session, "facility_operator", site_id=home.id)
    operator.phone = make_account(session).phone
    make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))
    session.flush()

    remind(session)

    query = "SELECT account_id, staff_id FROM message WHERE kind = 'reminders.site_digest'"
    assert session.execute(text(query)).all() == [(None, operator.id)]


def test_a_renewed_certificate_closes_the_reminder_and_ends_the_ladder(session, caregiver):
    make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))
    remind(session)

    make_certificate(session, caregiver, valid_until=date(2030, 1, 1))
    closed = close_what_is_fixed(session, DAY + timedelta(days=1))

    assert closed == 1
    assert rows(session)[0].done_on == DAY + timedelta(days=1)
    assert not find_due(
        session, DAY + timedelta(days=2), DAY + timedelta(days=60), day=DAY + timedelta(days=2)
    )


@pytest.mark.parametrize("programme", [Programme.POST_ALLOWANCE, Programme.ENTRY_REWARD])
def test_a_claim_that_is_in_closes_the_reminders_of_its_window_and_ends_them(
    session, desks, programme
):
    def said(first, last):
        due = find_due(session, first, last, day=first)
        return [one for one in due if one.facts.get("programme") == programme]

    opens, closes = date(2026, 7, 1), date(2026, 7, 31)
    with time_machine.travel(datetime(2026, 7, 1, 10, tzinfo=clock.CITY), tick=False):
        caregiver = make_complete(session, desks.near)
        assert remind_caregivers(session, said(opens, opens)) == 1
        assert said(opens + timedelta(days=1), closes)

        claiming.hand_in(session, caregiver_id=caregiver.id, programme=programme)

        assert close_what_is_fixed(session, opens + timedelta(days=1)) == 1
        assert not said(opens + timedelta(days=1), closes)


def set_figure(session, key, value):
    session.execute(
        text("UPDATE parameter SET value = CAST(:value AS jsonb) WHERE key = :key"),
        {"key": key, "value": json.dumps(value)},
    )


def closings(session, first, last):
    due = find_due(session, first, last, day=first)
    return {one.about_on for one in due if one.kind == "window_closes"}


@pytest.mark.parametrize(
    ("closes", "last"),
    [("02-29", date(2028, 2, 29)), ("02-30", date(2028, 2, 29)), ("04-31", date(2028, 5, 3))],
)
def test_a_window_ends_on_the_last_of_its_month_or_on_the_working_day_after(
    session, desks, closes, last
):
    make_complete(session, desks.near)
    window = {"programme": "post_allowance", "opens": "02-01", "closes": closes}
    set_figure(session, "allowances.claim_windows", [window])

    assert closings(session, date(2028, 2, 10), date(2028, 5, 3)) == {last}


def test_windows_of_what_nobody_is_reminded_of_keep_nothing_else_back(session, caregiver):
    window = {"programme": "seniority_reward", "opens": "03-02", "closes": "03-31"}
    set_figure(session, "allowances.claim_windows", [window])
    make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))

    assert remind(session) == 1
    assert not closings(session, DAY, date(2026, 4, 30))


def test_conditions_that_are_left_out_are_not_asked(session, caregiver):
    set_figure(session, "entry_reward.conditions", {})
    set_figure(session, "post_allowance.conditions", {})
    make_certificate(session, caregiver, valid_until=DAY + timedelta(days=30))

    assert remind(session) == 1
    assert close_what_is_fixed(session, DAY) == 0
    lacks = list_missing(session, caregiver_ids=[caregiver.id], on=DAY)[caregiver.id]
    assert Lack.CONTRACT not in {one.code for one in lacks}


@pytest.mark.parametrize(("starts_on", "told"), [(date(2026, 1, 1), 1), (date(2026, 9, 15), 0)])
def test_hours_are_asked_of_whoever_works_the_year_whole(session, home, starts_on, told):
    make_employment(session, make_caregiver(session, home), starts_on=starts_on)

    due = find_due(session, date(2026, 10, 8), date(2026, 10, 8), day=date(2026, 10, 8))

    assert [one.kind for one in due] == ["education"] * told


@pytest.mark.parametrize(("ends_on", "told"), [(date(2026, 6, 10), 1), (date(2029, 6, 10), 0)])
def test_a_long_contract_that_is_over_is_none(session, home, ends_on, told):
    caregiver = make_caregiver(session, home, payee_cipher=b"x", payee_digest=b"x")
    employment = make_employment(session, caregiver, starts_on=date(2023, 7, 15))
    make_contract(session, employment, starts_on=date(2023, 6, 10), ends_on=ends_on)
    make_degree(session, caregiver)

    day = date(2026, 6, 15)  # thirty days before the third anniversary
    due = find_due(session, day, day, day=day)

    missing = [one.facts["missing"] for one in due if one.kind == "papers"]
    assert missing == [["contract"]] * told


def test_who_has_left_is_not_reminded(session, home):
    gone = make_caregiver(session, home)
    make_employment(session, gone, starts_on=date(2022, 1, 1), ends_on=DAY)
    make_certificate(session, gone, valid_until=DAY + timedelta(days=30))

    assert remind(session) == 0
