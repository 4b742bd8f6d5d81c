"""listAnnouncements"""

from datetime import timedelta

import pytest

from server import clock
from server.meals.days.models import CanteenClosure
from server.meals.voices.models import MealNotice
from tests.factories.eaten import Kitchen
from tests.factories.meals import make_canteen


@pytest.fixture
def kitchen(session, resident):
    kitchen = Kitchen(session)
    kitchen.knows(resident)
    return kitchen


def announce(session, kitchen, **given):
    today = clock.today()
    told = {
        "site_id": kitchen.site_id, "title": "周六停业", "words": "检修一天", "starts_on": today,
        "ends_on": today, "made_at": clock.now(), "made_by": kitchen.officer.id,
    }  # fmt: skip
    session.add(MealNotice(**told | given))
    session.commit()


def close(session, canteen_id, *, in_days=1, **given):
    on = clock.today() + timedelta(days=in_days)
    at = clock.now() + timedelta(seconds=1)
    session.add(
        CanteenClosure(canteen_id=canteen_id, service_on=on, reason="检修", closed_at=at, **given)
    )
    session.commit()


def test_announcements_and_closed_days_of_ones_own_canteens_are_told(phone, session, kitchen):
    announce(session, kitchen)
    announce(session, kitchen, site_id=None, division_code="140502", title="补贴调整")
    close(session, kitchen.site_id)

    told = phone.get("/v1/announcements").json

    assert told["unread"] == 3
    assert {(one["kind"], one["title"]) for one in told["items"]} == {
        ("notice", "周六停业"), ("notice", "补贴调整"), ("closure", ""),
    }  # fmt: skip
    assert told["items"][0]["canteen_name"]


def test_what_is_over_taken_back_or_of_another_canteen_is_not_told(phone, session, kitchen):
    yesterday = clock.today() - timedelta(days=1)
    announce(session, kitchen, starts_on=yesterday, ends_on=yesterday)
    announce(session, kitchen, withdrawn_at=clock.now())
    announce(session, kitchen, site_id=make_canteen(session).site_id)
    close(session, kitchen.site_id, in_days=-1)
    close(session, kitchen.site_id, reopened_at=clock.now())
    close(session, make_canteen(session).site_id)

    assert phone.get("/v1/announcements").json == {"unread": 0, "items": []}
