"""Payments by day beside the provider's statement, and what was not believed."""

import pytest

from server import clock
from server.identity.models import Role
from server.payments.models import ProviderName
from server.payments.providing import Outcome, Standing, StatementLine
from server.payments.queries import list_refunds_of
from server.payments.reconciling import compare_day
from server.payments.refunding import take_refund_standing
from server.payments.service import take_standing
from tests.admin.belonging import OpensFor
from tests.factories.meals import make_canteen
from tests.factories.payments import make_payment, paid
from tests.factories.people import make_resident
from tests.factories.wallets import make_wallet


class TestDays(OpensFor):
    roles = {Role.CITY_OFFICER, Role.AUDITOR}

    @pytest.fixture
    def address(self):
        return "/payments"


def test_what_differs_stands_beside_its_day_and_leaves_as_a_file(sit_down, session):
    line = StatementLine("T261123AAAAAAAAAAAAAAAA", 5000, "S1")
    compare_day(session, ProviderName.SANDBOX, clock.today(), [line])
    officer = sit_down(Role.AUDITOR)

    assert "T261123AAAAAAAAAAAAAAAA" in officer.get("/payments").text
    assert "50.00" in officer.get("/payments/export.csv").text


def test_money_that_neither_a_wallet_nor_the_payer_has_is_named(sit_down, session):
    elder, canteen = make_resident(session), make_canteen(session)
    make_wallet(session, elder, canteen, 99_000)
    payment = make_payment(session, elder, canteen)
    take_standing(session, paid(payment))
    [refund] = list_refunds_of(session, payment.id)
    officer = sit_down(Role.CITY_OFFICER)
    assert payment.number not in officer.get("/payments").text

    take_refund_standing(session, refund.id, Standing(refund.number, Outcome.REFUSED))

    page = officer.get("/payments").text
    assert payment.number in page
    assert "须由工作人员退还付款人" in page


def test_a_county_does_not_see_the_citys_days(sit_down):
    assert sit_down(Role.AUDITOR, division_code="140521").get("/payments").status_code == 403
