"""停餐: the page by which a canteen or its county closes a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.identity.models import Role
from server.meals.days.models import CanteenClosure
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.factories.meals import make_canteen, make_sitting

OFFICES = {Role.CANTEEN_STAFF, Role.COUNTY_OFFICER}


class TestList(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, canteen):
        return "/meals/closures"


class TestExport(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, canteen):
        return "/meals/closures/export.csv"


class TestClose(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self, canteen):
        return "/meals/closures"


@pytest.fixture
def lunch(session, canteen):
    return make_sitting(session, canteen, in_days=2, dishes=())


def form(lunch, **given):
    day = {"service_on": lunch.service_on.isoformat(), "reason": "厨房检修"}
    return {"canteen": lunch.canteen_id} | day | given


def test_a_day_is_closed_and_opened_again(desk, session, lunch):
    assert desk.post("/meals/closures", form(lunch)).status_code == 303
    session.refresh(lunch)
    assert lunch.closed_at is not None
    assert "厨房检修" in desk.get("/meals/closures").text
    closure = session.execute(select(CanteenClosure)).scalar_one()

    assert desk.post(f"/meals/closures/{closure.id}/reopening").status_code == 303

    session.refresh(lunch)
    assert lunch.closed_at is None


def test_the_reason_is_asked_for(desk, lunch):
    assert desk.post("/meals/closures", form(lunch, reason="")).status_code == 422


def test_a_day_gone_by_is_refused_in_words(desk, lunch):
    day = (clock.today() - timedelta(days=1)).isoformat()

    answer = desk.post("/meals/closures", form(lunch, service_on=day))

    assert (answer.status_code, "过去的日子不能再改" in answer.text) == (422, True)


def test_nobody_closes_another_canteen(desk, session, lunch):
    other = make_sitting(session, make_canteen(session), in_days=2)

    assert desk.post("/meals/closures", form(other)).status_code == 404


def test_a_county_chooses_the_canteen_itself_and_the_choice_stays(sit_down, session, lunch):
    other = make_canteen(session, name="丙食堂")
    county = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    assert '<option value="">请选择</option>' in _joined(county.get("/meals/closures"))

    answer = county.post("/meals/closures", form(lunch, canteen=other.site_id, reason=""))

    assert answer.status_code == 422
    assert f'<option value="{other.site_id}" selected>' in _joined(answer)
    assert county.post("/meals/closures", form(lunch, canteen="")).status_code == 422


def _joined(answer):
    return " ".join(answer.text.split())
