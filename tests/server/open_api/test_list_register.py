"""listRegister"""

import pytest

from server.open_api.app import create_app
from server.providers.models import FacilityKind
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def caller(app, session):
    def get(path):
        session.commit()
        return app.test_client().get(path)

    return get


def test_anybody_may_read_the_register_of_sites(caller, session):
    make_site(session, name="德善养老院", beds_declared=None)

    (site,) = caller("/v1/sites").json["items"]

    assert (site["name"], site["county_name"]) == ("德善养老院", "城区")
    assert site["beds_declared"] is None


def test_it_filters_by_division_and_kind(caller, session):
    make_site(session, name="甲")
    make_site(session, name="乙", division_code=OTHER_COUNTY_VILLAGE)
    make_site(session, name="丙", kind=FacilityKind.STATION)

    items = caller("/v1/sites?division=140502&kind=care_home").json["items"]

    assert [site["name"] for site in items] == ["甲"]


def test_it_tells_nothing_beyond_the_public_facts(caller, session):
    make_site(session, source_name="内部台账", phone="+863562111111")

    (site,) = caller("/v1/sites").json["items"]

    assert "phone" not in site
    assert "source_name" not in site


def test_a_page_leads_to_the_next_and_the_last_to_none(caller, session):
    for name in ("甲", "乙", "丙"):
        make_site(session, name=name)

    first = caller("/v1/sites?limit=2").json
    second = caller(f"/v1/sites?limit=2&cursor={first['next_cursor']}").json

    assert len(first["items"] + second["items"]) == 3
    assert second["next_cursor"] is None


@pytest.mark.parametrize("query", ["kind=castle", "division=1405%25", "bed=1", "limit=101"])
def test_an_unknown_or_unusable_filter_is_refused(caller, query):
    response = caller(f"/v1/sites?{query}")

    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
