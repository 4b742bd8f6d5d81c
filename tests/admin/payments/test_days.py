"""Payments by day beside the provider's statement, and what was not believed."""

import pytest

from server import clock
from server.identity.models import Role
from server.payments.models import ProviderName
from server.payments.providing import StatementLine
from server.payments.reconciling import compare_day
from tests.admin.belonging import OpensFor


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


def test_a_county_does_not_see_the_citys_days(sit_down):
    assert sit_down(Role.AUDITOR, division_code="140521").get("/payments").status_code == 403
