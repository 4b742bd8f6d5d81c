"""A month at the console: what is not proved first, closed once, compared by offices."""

from datetime import time, timedelta

import pytest

from server import clock
from server.identity.models import Role
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.homecare import make_provider
from tests.factories.street import Street


@pytest.fixture
def street(session):
    return Street(session)


@pytest.fixture
def month():
    last = clock.today().replace(day=1) - timedelta(days=1)
    return (last.replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def manager(sit_down, street):
    return sit_down(Role.HOME_CARE_PROVIDER, site_id=street.site.id)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def address(street, month):
    return f"/homecare/months/{street.site.id}?month={month:%Y-%m}"


def close(desk, street, month):
    form = {"month": f"{month:%Y-%m}"}
    return desk.post(f"/homecare/months/{street.site.id}", form)


def test_a_provider_sees_what_is_missing_and_closes_the_month(street, month, manager, county):
    street.proved(on=month)
    street.planned(street.other, on=month, at=time(11))
    page = manager.get(address(street, month)).text
    assert page.index("时长不足") > 0
    assert f"结算 {month:%Y-%m}" in page

    assert close(manager, street, month).status_code == 303

    assert "自结算以来没有改动" in manager.get(address(street, month)).text
    listed = county.get(f"/homecare/months?month={month:%Y-%m}").text
    assert "已结算" in listed
    assert close(manager, street, month).status_code == 409


def test_a_month_that_is_not_over_says_from_when(street, manager):
    today = clock.today().replace(day=1)

    page = manager.get(address(street, today)).text

    assert "起可以结算" in page
    assert close(manager, street, today).status_code == 409


def test_offices_compare_and_close_nothing(street, month, county):
    assert "尚未结算" in county.get(f"/homecare/months?month={month:%Y-%m}").text
    assert close(county, street, month).status_code == 403


def test_another_county_s_provider_is_not_there(session, month, county):
    far = make_provider(session, name="远山居家服务", division_code=OTHER_COUNTY_VILLAGE)

    assert "远山居家服务" not in county.get("/homecare/months").text
    assert county.get(f"/homecare/months/{far.id}").status_code == 404


def test_lists_are_taken_along(street, month, manager, county):
    street.proved(on=month)
    for path in ("", f"/{street.site.id}"):
        file = county.get(f"/homecare/months{path}/export.csv?month={month:%Y-%m}")
        assert file.status_code == 200
        assert len(file.text.splitlines()) == 2
