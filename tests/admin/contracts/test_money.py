"""showMoney, agree, receive, bill, settle, showBill; and the money that facilities hold."""

import re
from datetime import timedelta

import pytest

from server import clock
from server.facilities.models import EndReason
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.contracts.conftest import READERS
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()
SINCE = TODAY - timedelta(days=20)
CONTRACT = {
    "contract_number": "2026-001",
    "starts_on": SINCE.isoformat(),
    "last_day": (TODAY + timedelta(days=300)).isoformat(),
    "bed_fee": "1500",
    "nursing_fee": "1200.50",
    "meals_fee": "600",
    "deposit": "5000",
}


@pytest.fixture
def stay(session, home):
    return admit(
        session,
        bed_id=make_bed(session, site=home).id,
        resident_id=make_resident(session, name="李秀英").id,
        admitted_on=SINCE,
    )


@pytest.fixture
def address(stay):
    return f"/stays/{stay.id}/money"


class TestHeld(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self):
        return "/money"


class TestHeldFile(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self):
        return "/money/export.csv"


class TestAgreeing(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, stay):
        return f"/stays/{stay.id}/money/agree"

    @pytest.fixture
    def form(self):
        return CONTRACT


def test_from_the_contract_to_the_last_fen(operator, session, stay, address):
    assert operator.post(f"{address}/agree", CONTRACT).status_code == 303
    deposit = {"amount": "5000", "receipt": "A1", "is_deposit": "yes"}
    assert operator.post(f"{address}/receive", deposit).status_code == 303
    assert operator.post(f"{address}/receive", {"amount": "80", "receipt": "A2"}).status_code == 303
    discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)
    for month in sorted({f"{SINCE:%Y-%m}", f"{TODAY - timedelta(days=1):%Y-%m}"}):
        assert operator.post(f"{address}/bill", {"month": month}).status_code == 303

    page = operator.get(address).text
    assert "2026-001" in page
    assert "退住结算" in page
    bill = page.split("/money/bills/")[1].split('"')[0]
    printed = operator.get(f"{address}/bills/{bill}").text
    assert "李秀英" in printed
    assert "护理费" in printed
    assert operator.post(f"{address}/settle").status_code == 303
    assert "费用已结清" in operator.get(address).text
    assert "退住结算" in operator.get(f"{address}/export.csv").text


def test_each_sum_opens_to_what_made_it(operator, stay, address):
    operator.post(f"{address}/agree", CONTRACT)
    operator.post(f"{address}/receive", {"amount": "5000", "receipt": "A1", "is_deposit": "yes"})
    operator.post(f"{address}/receive", {"amount": "80.50", "receipt": "A2"})

    text = operator.get(address).text
    made = text[
        text.index('id="movements"') : text.index("</details>", text.index('id="movements"'))
    ]
    rows = [" ".join(row.split()) for row in re.sub(r"<[^>]+>", " ", made).split(TODAY.isoformat())]
    assert rows[1].startswith("收款 A2 80.50 — 80.50 —")
    assert rows[2].startswith("收押金 A1 5,000.00 — — 5,000.00")
    assert rows[2].endswith("5,080.50 — 80.50 5,000.00")


def test_a_deposit_above_the_ceiling_is_explained_and_what_was_typed_stays(operator, address):
    response = operator.post(f"{address}/agree", CONTRACT | {"deposit": "18000.01"})

    assert response.status_code == 409
    assert "押金超过上限，最多 18,000.00 元" in response.text
    assert 'value="1200.50"' in response.text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"amount": "1"}, "receipt"),
        ({"amount": "1.234", "receipt": "A"}, "amount"),
        ({"amount": "1E+999999", "receipt": "A"}, "amount"),
    ],
)
def test_a_form_says_what_is_missing(operator, address, form, field):
    response = operator.post(f"{address}/receive", form)

    assert response.status_code == 422
    assert f'href="#{field}"' in response.text


@pytest.mark.parametrize(
    ("button", "form", "field"),
    [
        ("agree", CONTRACT | {"last_day": "9999-12-31"}, "last_day"),
        ("bill", {"month": "9999-12"}, "month"),
    ],
)
def test_a_day_that_nobody_lives_to_see_is_explained(operator, address, button, form, field):
    response = operator.post(f"{address}/{button}", form)

    assert response.status_code == 422
    assert f'href="#{field}"' in response.text


def test_another_home_finds_nothing_and_an_office_reads_without_names(
    session, stay, operator, sit_down, address
):
    operator.post(f"{address}/agree", CONTRACT)
    elsewhere = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)
    officer = sit_down(Role.COUNTY_OFFICER, division_code="140502")

    assert elsewhere.get(address).status_code == 404
    assert elsewhere.post(f"{address}/agree", CONTRACT).status_code == 404
    page = officer.get(address).text
    assert "2026-001" in page
    assert "李秀英" not in page
    assert officer.post(f"{address}/agree", CONTRACT).status_code == 403


def test_money_held_is_listed_for_the_office(operator, sit_down, stay, address):
    operator.post(f"{address}/agree", CONTRACT)
    operator.post(f"{address}/receive", {"amount": "3000", "receipt": "A2"})

    page = sit_down(Role.COUNTY_OFFICER, division_code="140502").get("/money").text

    assert "共持有老人资金 3,000.00 元" in page
    assert "桑榆里养老院" in page


def test_a_death_that_waits_for_the_county_is_not_settled(operator, session, stay, address):
    operator.post(f"{address}/agree", CONTRACT)
    discharge(session, stay.id, ended_on=TODAY, reason=EndReason.DIED)

    assert "正等县级确认" in operator.get(address).text
    refused = operator.post(f"{address}/settle")
    assert refused.status_code == 409
    assert "县级还没有确认" in refused.text


class TestCorrecting(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, stay):
        return f"/stays/{stay.id}/money/correct"

    @pytest.fixture
    def form(self):
        return {}
