"""listCaregiverReminders"""

from datetime import timedelta

import pytest

from server import clock
from server.caregivers.reminders.models import ReminderKind
from tests.factories.caregivers import make_caregiver, make_certificate, make_employment
from tests.factories.people import make_account, make_sign_in
from tests.factories.reminders import make_reminder
from tests.mobile_api.conftest import Phone

ADDRESS = "/v1/caregiver/reminders"


@pytest.fixture
def account(session):
    return make_account(session)


@pytest.fixture
def caregiver(session, account):
    caregiver = make_caregiver(session, account_id=account.id)
    make_employment(session, caregiver)
    return caregiver


@pytest.fixture
def own_phone(app, session, caregiver, account):
    return Phone(app.test_client(), session, make_sign_in(session, account=account))


def test_a_caregiver_sees_their_own_and_what_to_bring(own_phone, session, caregiver):
    make_reminder(
        session,
        caregiver,
        kind=ReminderKind.PAPERS,
        subject="window:entry_reward:x",
        facts={"programme": "entry_reward", "missing": ["degree", "payee"]},
    )
    make_reminder(session, make_caregiver(session))

    [one] = own_phone.get(ADDRESS).json["items"]
    assert (one["kind"], one["state"], one["missing"]) == ("papers", "open", ["degree", "payee"])


def test_a_renewed_certificate_shows_as_done(own_phone, session, caregiver):
    old = make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=30))
    make_reminder(session, caregiver, about=old.id)
    assert own_phone.get(ADDRESS).json["items"][0]["state"] == "open"

    make_certificate(session, caregiver, valid_until=clock.today() + timedelta(days=900))
    assert own_phone.get(ADDRESS).json["items"][0]["state"] == "done"


def test_hours_are_told_in_hours(own_phone, session, caregiver):
    facts = {"minutes": 250, "needed": 720}
    make_reminder(
        session, caregiver, kind=ReminderKind.EDUCATION, subject="education:2026", facts=facts
    )
    [one] = own_phone.get(ADDRESS).json["items"]
    assert (one["hours"], one["needed"], one["days"]) == (4, 12, None)


def test_for_anybody_else_there_is_nothing(phone):
    assert phone.get(ADDRESS).json == {"items": []}
