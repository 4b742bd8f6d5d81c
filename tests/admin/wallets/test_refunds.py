"""At the counter: back by the way it came, or refused with a reason that is told."""

import re
from datetime import timedelta

import pytest

from server import clock
from server.identity.models import Role
from server.meals.wallets.keeping import ask_for_refund
from server.meals.wallets.queries import find_refused, get_wallet
from server.payments.service import take_standing
from tests.admin.belonging import AcceptsFrom
from tests.factories.meals import make_canteen
from tests.factories.payments import make_payment, paid


@pytest.fixture
def request_id(session, wallet_id):
    return ask_for_refund(session, wallet_id).id


class TestRefusal(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, request_id):
        return f"/meals/wallets/requests/{request_id}/refusal"


def test_what_came_by_phone_goes_back_so(desk, session, elder, canteen, purse, wallet_id):
    payment = make_payment(session, elder, canteen, 3000)
    take_standing(session, paid(payment))
    page = desk.get(purse)
    assert "30.00 元按手机支付原路退回，50.00 元当面退现金" in page.text
    key = re.search(r'name="key" value="(\w+)"', page.text).group(1)

    answer = desk.post(f"{purse}/refund-by-phone", {"key": key})

    assert answer.status_code == 303
    session.commit()
    session.refresh(payment)
    assert (get_wallet(session, wallet_id).balance_fen, payment.refunded_fen) == (0, 3000)


def test_a_refusal_has_a_reason(desk, session, canteen, wallet_id, request_id):
    address = f"/meals/wallets/requests/{request_id}/refusal"
    assert address in desk.get(f"/meals/wallets/{canteen.site_id}").text

    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "今天现金不够"}).status_code == 303

    session.commit()
    assert find_refused(session, wallet_id).note == "今天现金不够"
    assert desk.post(address, {"reason": "再说一次"}).status_code == 409


def test_another_canteen_refuses_nothing(sit_down, session, request_id):
    other = sit_down(Role.CANTEEN_STAFF, site_id=make_canteen(session).site_id)

    answer = other.post(f"/meals/wallets/requests/{request_id}/refusal", {"reason": "x"})

    assert answer.status_code == 404


def test_no_drawer_is_counted_before_its_day(desk, canteen):
    tomorrow = clock.today() + timedelta(days=1)

    answer = desk.post(
        f"/meals/cash/{canteen.site_id}/count", {"day": tomorrow.isoformat(), "counted": "0"}
    )

    assert answer.status_code == 422


def test_a_day_to_come_has_no_supplement(desk, canteen):
    address = f"/meals/cash/{canteen.site_id}/supplement"

    assert desk.post(address, {"day": "9999-12-31"}).status_code == 422
