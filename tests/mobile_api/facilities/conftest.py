"""A home with one free bed, and a list to wait in."""

from datetime import timedelta

import pytest

from server import clock
from server.facilities.waiting.offering import make_offers
from server.providers.models import PriceItem, SitePrice, SiteStar
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site


@pytest.fixture
def rate(session):
    """Gives a home its stars for a year from so many days ago: `rate(home, 4, ago=10)`."""

    def rate(site, stars, *, ago=10):
        since = clock.today() - timedelta(days=ago)
        ends_on = since + timedelta(days=365)
        session.add(SiteStar(site_id=site.id, stars=stars, starts_on=since, ends_on=ends_on))
        session.flush()

    return rate


@pytest.fixture
def ask_for(session):
    """Dates prices of a home: `ask_for(home, bed=(80_000, 120_000), ago=10)`."""

    def ask_for(site, *, ago=10, **items):
        since = clock.today() - timedelta(days=ago)
        for item, (lowest, highest) in items.items():
            session.add(SitePrice(
                site_id=site.id, item=PriceItem(item), lowest_fen=lowest, highest_fen=highest,
                starts_on=since,
            ))  # fmt: skip
        session.flush()

    return ask_for


@pytest.fixture
def home(session):
    return make_site(session, name="德善养老院", monthly_price_from_fen=180_000)


@pytest.fixture
def bed(session, home):
    return make_bed(session, site=home)


@pytest.fixture
def application(phone, resident, bed):
    """What the phone was told when it applied."""
    wish = {"resident_id": resident.id, "site_id": bed.site_id}
    answer = phone.post("/v1/applications", wish)
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def offer(phone, session, application):
    """The open offer of the application."""
    session.commit()
    make_offers(session)
    return phone.get(f"/v1/applications/{application['id']}").json["offer"]


@pytest.fixture
def offers_address(application):
    return f"/v1/applications/{application['id']}/offers"
