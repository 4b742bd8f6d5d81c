"""A refund that is refused stays in the wallet, and the elder hears why."""

import pytest
from sqlalchemy import select

from server.meals.wallets import queries
from server.meals.wallets.errors import ReasonMissing, RequestDecided
from server.meals.wallets.keeping import ask_for_refund
from server.meals.wallets.refusing import refuse_refund
from server.notifications.models import Message
from tests.factories.people import make_account
from tests.factories.wallets import make_wallet


@pytest.fixture
def request_id(session, elder, canteen):
    make_account(session, elder)
    wallet = make_wallet(session, elder, canteen)
    asked = ask_for_refund(session, wallet)
    session.commit()
    return asked.id


def test_the_elder_is_told_why(session, desk, request_id):
    with desk.at_work() as at_work:
        refuse_refund(at_work, request_id, reason="今天柜台现金不够")
    session.commit()

    request = queries.get_request(session, request_id)
    assert (request.state, request.note) == ("refused", "今天柜台现金不够")
    assert queries.find_refused(session, request.wallet_id) is not None
    messages = session.execute(select(Message.kind)).scalars().all()
    assert messages == ["meals.refund_refused"]


def test_it_is_refused_once_and_for_a_reason(desk, request_id):
    with desk.at_work() as session, pytest.raises(ReasonMissing):
        refuse_refund(session, request_id, reason=" ")
    with desk.at_work() as session:
        refuse_refund(session, request_id, reason="明天再来")
    with desk.at_work() as session, pytest.raises(RequestDecided):
        refuse_refund(session, request_id, reason="明天再来")
