"""The register by scope and filter, counted without inventing noughts."""

import pytest

from server.errors import NotFound
from server.providers.models import FacilityKind, Ownership
from server.providers.queries import (
    RegisterFilter,
    count_register,
    find_provider,
    get_site,
    list_register,
)
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site

CITY = {"prefixes": ["1405"], "site_ids": []}
COUNTY = {"prefixes": ["140502"], "site_ids": []}


@pytest.fixture
def sites(session):
    return (
        make_site(session, name="甲院", ownership=Ownership.PUBLIC, beds_declared=30),
        make_site(session, name="乙站", kind=FacilityKind.STATION),
        make_site(session, name="丙院", division_code=OTHER_COUNTY_VILLAGE, beds_declared=50),
    )


def test_a_scope_is_prefixes_and_sites_together(session, sites):
    seen = list_register(session, prefixes=["140502"], site_ids=[sites[2].id], limit=9)
    none = list_register(session, prefixes=[], site_ids=[], limit=9)

    assert {site.name for site in seen} == {"甲院", "乙站", "丙院"}
    assert none == []


def test_counts_follow_the_filter_and_the_scope(session, sites):
    city = count_register(session, **CITY)
    county = count_register(session, **COUNTY)
    stations = count_register(session, **CITY, wanted=RegisterFilter(kind=FacilityKind.STATION))

    assert tuple(city) == (3, 80, 2)
    assert tuple(county) == (2, 30, 1)
    assert tuple(stations) == (1, None, 0)


def test_a_percent_sign_in_a_name_is_a_percent_sign(session, sites):
    assert list_register(session, **CITY, name="%", limit=9) == []


def test_a_site_out_of_scope_is_not_found(session, sites):
    assert get_site(session, sites[2].id, **CITY).name == "丙院"
    with pytest.raises(NotFound):
        get_site(session, sites[2].id, **COUNTY)


def test_a_site_without_organisation_has_none(session):
    assert find_provider(session, None) is None
