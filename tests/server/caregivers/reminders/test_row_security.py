"""Beneath every query: a reminder is seen by the caregiver, their sites and offices over these."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.caregivers.reminders.models import ReminderKind
from server.db import sessions
from server.db.acts import Act, Face, acting
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_sign_in, make_staff
from tests.factories.reminders import make_reminder

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


@pytest.fixture
def tokens(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        near, far = make_site(session), make_site(session, division_code=OTHER_COUNTY_VILLAGE)
        account = make_account(session)
        for site, name in ((near, account.id), (far, None)):
            caregiver = make_caregiver(session, site, account_id=name)
            make_employment(session, caregiver)
            make_reminder(session, caregiver)
        given = {"caregiver_id": None, "site_id": None, "kind": ReminderKind.COUNTY_LIST}
        for code in ("140502", "140521"):
            county = {"county_code": code, "recipient": f"county:{code}", **given}
            make_reminder(session, caregiver, **county)

        def sign_in(role, **scope):
            return make_sign_in(session, staff=make_staff(session, role, **scope))

        return {
            "own": make_sign_in(session, account=account),
            "near": sign_in("facility_operator", site_id=near.id),
            "county": sign_in("county_officer", division_code="140502"),
            "city": sign_in("city_officer", division_code="1405"),
            "canteen": sign_in("canteen_staff", site_id=make_site(session).id),
        }


@pytest.mark.parametrize(
    ("who", "many"), [("own", 1), ("near", 1), ("county", 2), ("city", 4), ("canteen", 0)]
)
def test_everyone_sees_their_own(tokens, who, many):
    act = Act(Face.CONSOLE, "tests", "test", token=tokens[who])
    with acting(act), sessions.transaction(writes=False) as session:
        assert session.execute(text("SELECT count(*) FROM reminder")).scalar_one() == many


def test_nobody_but_the_platform_writes_one(tokens):
    act = Act(Face.CONSOLE, "tests", "test", token=tokens["city"])
    with (
        pytest.raises(DBAPIError),
        acting(act),
        sessions.transaction() as session,
    ):
        session.execute(text("UPDATE reminder SET due_on = due_on"))
    put = text(
        "INSERT INTO reminder (kind, subject, rung, recipient, county_code, about_on, due_on,"
        " facts, reached, asked_at) SELECT kind, 'x', rung, recipient, '140502', about_on, due_on,"
        " facts, reached, asked_at FROM reminder LIMIT 1"
    )
    with pytest.raises(DBAPIError), acting(act), sessions.transaction() as session:
        session.execute(put)
