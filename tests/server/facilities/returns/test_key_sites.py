"""For which facilities a key files, and which it could be given."""

from datetime import timedelta

import pytest

from server import clock
from server.facilities.returns.batches import give_sites
from server.facilities.returns.key_sites import list_homes_to_give, list_key_sites
from server.identity.models import ApiKey
from server.identity.scopes import BED_RETURNS
from server.providers.models import FacilityKind, OpeningState
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site


@pytest.fixture
def key_id(session):
    now = clock.now()
    key = ApiKey(
        token_digest=b"k" * 32, owner="某集团", purpose="日报", scopes=[BED_RETURNS],
        fields=["outcome"], rate_per_minute=60, created_at=now, expires_at=now + timedelta(days=30),
    )  # fmt: skip
    session.add(key)
    session.flush()
    return key.id


def test_what_was_given_is_told_by_county_and_is_not_to_be_given_again(session, key_id):
    far = make_site(session, name="甲院", division_code=OTHER_COUNTY_VILLAGE)
    near, other = make_site(session, name="乙院"), make_site(session, name="丙院")

    assert give_sites(session, key_id, [far.id, near.id]) == 2
    assert [row.name for row in list_key_sites(session, key_id)] == ["乙院", "甲院"]
    assert [row.id for row in list_homes_to_give(session, api_key_id=key_id)] == [other.id]
    assert len(list_homes_to_give(session)) == 3


def test_given_twice_is_given_once(session, key_id):
    home = make_site(session)

    assert (give_sites(session, key_id, [home.id]), give_sites(session, key_id, [home.id])) == (
        1,
        0,
    )
    assert len(list_key_sites(session, key_id)) == 1


def test_only_open_homes_are_to_be_given(session):
    make_site(session, kind=FacilityKind.CANTEEN)
    make_site(session, opening_state=OpeningState.CLOSED)

    assert list_homes_to_give(session) == []
