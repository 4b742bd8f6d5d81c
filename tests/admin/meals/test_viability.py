"""How canteens do: a list that can be narrowed, a map, and how one canteen's figures come about."""

from datetime import timedelta

import pytest

from server import clock
from server.identity.models import Role
from server.providers.models import Site
from tests.factories.eaten import Kitchen


@pytest.fixture
def kitchens(session):
    busy, quiet = Kitchen(session), Kitchen(session)
    yesterday = clock.today() - timedelta(days=1)
    for _ in range(15):
        busy.eaten(on=yesterday)
    session.get(Site, busy.site_id).x, session.get(Site, busy.site_id).y = 112.8, 35.5
    session.commit()
    return busy, quiet


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def test_the_list_and_the_map_can_be_narrowed_to_who_stands_still(session, kitchens, county):
    busy, quiet = (session.get(Site, one.site_id).name for one in kitchens)

    for address in ("/meals/viability", "/meals/viability/map"):
        told = county.get(f"{address}?standing=still").text
        assert quiet in told
        assert f">{busy}<" not in told


def test_the_map_tells_where_and_how_and_leads_to_the_canteen(kitchens, county):
    busy, _ = kitchens

    [place] = county.get("/meals/viability/canteens.json").json["homes"]

    assert (place["x"], place["y"], place["sign"]) == (112.8, 35.5, "15")
    assert place["address"].endswith(f"/meals/viability/{busy.site_id}")


def test_the_figures_of_one_canteen_open_its_days(kitchens, county, sit_down):
    busy, _ = kitchens
    yesterday = clock.today() - timedelta(days=1)

    told = county.get(f"/meals/viability/{busy.site_id}").text

    assert "135.00" in told
    assert f"/meals/canteens/{busy.site_id}?week={yesterday}" in told
    other = sit_down(Role.COUNTY_OFFICER, division_code="140521")
    assert other.get(f"/meals/viability/{busy.site_id}").status_code == 404
