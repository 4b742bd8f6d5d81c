"""Whoever has to know of an order is told: the provider, the elder's phone, both of its end."""

import orjson
import pytest
from sqlalchemy import select
from sqlmodel import col

from server.homecare.orders.serving import assign, cancel_order
from server.homecare.orders.telling import News
from server.homecare.visits.cancelling import cancel_visit
from server.i18n.catalogues import LANGUAGES, catalogue
from server.identity.models import Role
from server.notifications.models import Message
from server.notifications.service import FACTS_FIELD
from server.secrets.fields import keyring
from tests.factories.people import make_account, make_staff

pytestmark = pytest.mark.usefixtures("midmonth", "phones")


@pytest.fixture
def phones(session, site, elder):
    """The elder has a phone, and so has the provider's manager."""
    make_account(session, elder)
    manager = make_staff(session, Role.HOME_CARE_PROVIDER, site_id=site.id)
    manager.phone = "+8613900000011"
    session.flush()


def told(session):
    """The kinds of what waits to be sent, in their order."""
    query = select(col(Message.kind)).where(col(Message.kind).startswith("care_order."))
    return list(session.execute(query.order_by(col(Message.id))).scalars())


def test_the_provider_hears_of_an_order(session, order):
    order()

    assert told(session) == ["care_order.provider_placed"]


def test_the_elder_hears_who_comes_and_when(session, order, worker):
    assign(session, order().id, worker_id=worker.id)

    message = session.execute(
        select(Message).where(col(Message.kind) == "care_order.assigned")
    ).scalar_one()
    facts = orjson.loads(keyring().decrypt(message.facts_cipher, FACTS_FIELD))
    assert facts["worker"] == worker.display_name
    assert facts["time"].endswith("10:30")


def test_both_hear_that_nobody_comes_whoever_called_it_off(session, order, worker):
    cancel_order(session, order().id, reason="不需要了")
    visit = assign(session, order(minutes=90).id, worker_id=worker.id)
    cancel_visit(session, visit.id, reason="护理员生病")

    ends = [kind for kind in told(session) if kind.endswith("cancelled")]
    assert ends == ["care_order.cancelled", "care_order.provider_cancelled"] * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_all_of_it(language):
    assert {f"message\x04care_order.{news}" for news in News} <= set(
        catalogue(language, "messages")
    )
