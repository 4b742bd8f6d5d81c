"""A canteen's month at the console, from desk to desk; every sum opens its meals."""

import re

import pytest
from sqlmodel import select

from server.identity.models import Role
from server.meals.settlement import service
from server.meals.settlement.models import MealSettlement
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.eaten import Kitchen


@pytest.fixture
def kitchen(session):
    kitchen = Kitchen(session)
    kitchen.eaten()
    kitchen.eaten(on=kitchen.day(1))
    return kitchen


@pytest.fixture
def canteen(sit_down, kitchen):
    return sit_down(Role.CANTEEN_STAFF, site_id=kitchen.site_id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def approver(sit_down):
    return sit_down(Role.APPROVER, division_code="140502")


def draw_up(desk, kitchen):
    return desk.post("/meals/settlements", {"month": f"{kitchen.month:%Y-%m}"})


@pytest.fixture
def address(session, kitchen, county):
    assert draw_up(county, kitchen).status_code == 303
    session.commit()
    query = select(MealSettlement.id).where(MealSettlement.site_id == kitchen.site_id)
    return f"/meals/settlements/{session.execute(query).scalar_one()}"


def test_a_month_goes_from_desk_to_desk_until_it_is_paid(
    address, kitchen, canteen, county, approver
):
    assert "12.00" in canteen.get(address).text

    assert canteen.post(f"{address}/confirmation", {}).status_code == 303
    refused = county.post(f"{address}/acceptance", {})
    assert refused.status_code == 409
    assert "另一个人" in refused.text
    assert approver.post(f"{address}/acceptance", {}).status_code == 303
    paid = {"paid_on": "2026-11-20", "paid_number": "财 12"}
    assert approver.post(f"{address}/payment", paid).status_code == 303

    assert "财 12" in canteen.get(address).text
    assert "已拨付" in county.get("/meals/settlements").text


def test_a_sum_opens_its_meals_and_a_meal_its_booking(address, county):
    page = county.get(address)
    assert f"{address}/meals?meal=lunch" in page.text

    meals = county.get(f"{address}/meals?meal=lunch&age_band=80-&tier=none")
    [booking, *_] = re.findall(f"{address}/meals/([0-9]+)", meals.text)

    assert "3.00" in county.get(f"{address}/meals/{booking}").text
    for ending in ("csv", "xlsx"):
        assert county.get(f"{address}/statement.{ending}").status_code == 200
        assert county.get(f"{address}/meals/export.{ending}").status_code == 200


def test_the_county_sees_what_is_left_to_draw_up(kitchen, county, canteen):
    page = f"/meals/settlements?month={kitchen.month:%Y-%m}"

    assert "还有 1 家食堂未汇总" in county.get(page).text
    draw_up(county, kitchen)
    assert "未汇总" not in county.get(page).text
    assert draw_up(canteen, kitchen).status_code == 403


def test_another_countys_settlement_is_not_found(address, sit_down, session):
    elsewhere = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])

    assert elsewhere.get(address).status_code == 404
    assert elsewhere.get(f"{address}/meals").status_code == 404
    assert elsewhere.post(f"{address}/acceptance", {}).status_code == 404


def test_an_adjustment_is_asked_here_and_decided_there(kitchen, canteen, county):
    month = f"{kitchen.month:%Y-%m}"
    form = {"site_id": str(kitchen.site_id), "month": month, "amount": "-2.50",
            "adjustment_reason": "断网漏记"}  # fmt: skip

    assert canteen.post("/meals/adjustments", form | {"amount": "1.234"}).status_code == 422
    assert canteen.post("/meals/adjustments", form).status_code == 303
    page = county.get("/meals/adjustments").text
    [number] = set(re.findall("/meals/adjustments/([0-9]+)", page))
    decision = f"/meals/adjustments/{number}/decision"
    assert canteen.post(decision, {"is_right": "true"}).status_code == 403
    assert county.post(decision, {"is_right": "true"}).status_code == 303

    assert "已通过" in canteen.get("/meals/adjustments").text


def test_how_canteens_do_is_told_with_the_still_ones_first(kitchen, county):
    page = county.get("/meals/viability")

    assert "停摆" in page.text
    assert county.get("/meals/viability/export.csv").status_code in (200, 404)


def test_a_page_that_can_goes_on_until_the_last_canteen(session, kitchen, county, monkeypatch):
    monkeypatch.setattr(service, "A_SLICE", 1)
    Kitchen(session).eaten()
    form, as_part = {"month": f"{kitchen.month:%Y-%m}"}, {"HX-Request": "true"}

    first, second = (county.post("/meals/settlements", form, **as_part) for _ in range(2))

    assert 'hx-trigger="load"' in first.text
    assert "已汇总 1 / 2" in first.text
    assert second.headers["HX-Redirect"].endswith(f"month={kitchen.month:%Y-%m}")
