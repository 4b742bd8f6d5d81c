"""The chain above a division, and the counties of a reach."""

import pytest

from server.places.queries import list_chain, list_counties
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE


def test_the_chain_leads_from_the_city_down(session):
    names = [division.name for division in list_chain(session, VILLAGE)]

    assert names == ["晋城市", "城区", "东街街道", "黄华街社区"]


def test_the_chain_of_a_city_is_the_city(session):
    assert [division.code for division in list_chain(session, "1405")] == ["1405"]


@pytest.mark.parametrize(
    ("prefixes", "codes"),
    [
        (["1405"], ["140502", "140521"]),
        (["140502"], ["140502"]),
        ([OTHER_COUNTY_VILLAGE], ["140521"]),
        ([], []),
    ],
)
def test_counties_lie_within_a_prefix_or_around_it(session, prefixes, codes):
    assert [county.code for county in list_counties(session, prefixes=prefixes)] == codes
