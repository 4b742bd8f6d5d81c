"""listCarePlans"""

import pytest

from tests.factories.homecare import make_plan


@pytest.fixture
def plan(session, bed, worker):
    return make_plan(session, bed, worker, state="drafted")


def test_an_elder_reads_what_is_planned(phone, plan):
    [shown] = phone.get("/v1/care-plans").json["items"]

    assert (shown["id"], shown["state"], shown["site_name"]) == (plan.id, "drafted", "安康居家")
    [item] = shown["items"]
    assert (item["weekdays"], item["starts"], item["worker_name"]) == ([1, 3, 5], "09:00", "王主任")
    assert item["tasks"] == [{"code": "bathing", "name": "助浴"}]


def test_neighbours_and_helpers_without_the_scope_do_not(neighbours_phone, help_within, plan):
    assert neighbours_phone.get("/v1/care-plans").json["items"] == []
    assert help_within("book_meals").get("/v1/care-plans").json["items"] == []
