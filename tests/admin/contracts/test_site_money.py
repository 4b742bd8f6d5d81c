"""showStays, exportStays, bill: the contracts and money of a home in one list."""

from datetime import timedelta
from decimal import Decimal

import pytest

from server import clock
from server.facilities.contracts.rules import A_DAY, first_of
from server.facilities.stays.admitting import admit
from server.facilities.stays.moving import go_to_hospital
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.contracts.conftest import READERS
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

LAST_MONTH = first_of(first_of(clock.today()) - A_DAY)
# As long ago as anybody may be taken in, and some nights of last month.
SINCE = clock.today() - timedelta(days=31)
CONTRACT = {
    "contract_number": "2026-001",
    "starts_on": SINCE.isoformat(),
    "last_day": (clock.today() + timedelta(days=300)).isoformat(),
    "bed_fee": "1500",
}


@pytest.fixture
def stay(session, home):
    """李秀英 has been there since last month."""
    return admit(
        session,
        bed_id=make_bed(session, site=home).id,
        resident_id=make_resident(session, name="李秀英").id,
        admitted_on=SINCE,
    )


@pytest.fixture
def address(home):
    return f"/money/{home.id}"


@pytest.fixture
def every_office(every_office, operator):
    """The operator is the one of this home."""
    return lambda role: operator if role is Role.FACILITY_OPERATOR else every_office(role)


class TestStays(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, home):
        return f"/money/{home.id}"


class TestCorrecting(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home):
        return f"/money/{home.id}/corrections"

    @pytest.fixture
    def form(self):
        return {}


class TestStaysFile(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, home):
        return f"/money/{home.id}/export.xlsx"


class TestBillsFile(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, home):
        return f"/money/{home.id}/bills/export.csv"


class TestBilling(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home):
        return f"/money/{home.id}/bills"

    @pytest.fixture
    def form(self):
        return {"month": f"{LAST_MONTH:%Y-%m}"}


def test_whoever_lacks_a_contract_stands_in_the_list_and_gets_no_bill(operator, stay, address):
    assert "无合同" in operator.get(address).text

    done = operator.post(f"{address}/bills", {"month": f"{LAST_MONTH:%Y-%m}"})
    page = operator.get(done.headers["Location"].removeprefix("/admin")).text
    assert "已出 0 张账单" in page
    assert "有 1 人" in page
    assert f'/stays/{stay.id}/money#note-contract">李秀英</a>' in page


def test_a_month_is_billed_for_everybody_and_the_list_says_so(operator, stay, address):
    operator.post(f"/stays/{stay.id}/money/agree", CONTRACT)

    done = operator.post(f"{address}/bills", {"month": f"{LAST_MONTH:%Y-%m}"})
    assert done.status_code == 303
    page = operator.get(done.headers["Location"].removeprefix("/admin")).text
    assert "已出 1 张账单" in page
    assert "1,500.00" in page
    assert "有 1 人" not in page
    assert f"{LAST_MONTH:%Y-%m}" in operator.get(f"{address}/export.csv").text


def test_the_bills_of_a_month_are_a_file_with_a_line_for_everybody(operator, stay, address):
    operator.post(f"/stays/{stay.id}/money/agree", CONTRACT)
    operator.post(f"{address}/bills", {"month": f"{LAST_MONTH:%Y-%m}"})

    file = operator.get(f"{address}/bills/export.csv?month={LAST_MONTH:%Y-%m}").text
    heading, line = file.strip().splitlines()
    assert heading.endswith("编号,姓名,床位费,护理费,膳食费,其他,合计,更正（元）,更正后（元）")
    bed, _, _, _, total, corrected, now = line.split(",")[2:]
    assert bed == total == now != corrected
    assert "李秀英" in line
    assert operator.get(f"{address}/bills/export.csv?month=2020-01").text.count("\n") == 1


def test_a_month_that_goes_on_is_refused(operator, stay, address):
    response = operator.post(f"{address}/bills", {"month": f"{clock.today():%Y-%m}"})

    assert response.status_code == 409


def test_the_list_is_narrowed_and_an_unknown_state_refused(operator, stay, address):
    assert "李秀英" in operator.get(f"{address}?standing=here").text
    assert "李秀英" not in operator.get(f"{address}?standing=settled").text
    assert operator.get(f"{address}?standing=anything").status_code == 422


def test_an_office_reads_without_names_and_another_home_nothing(
    session, sit_down, stay, home, address
):
    officer = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    elsewhere = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)

    for page in (address, f"{address}/export.csv", f"{address}/bills/export.csv"):
        assert "李秀英" not in officer.get(page).text
        assert elsewhere.get(page).status_code == 404


@pytest.fixture
def due(session, operator, stay, address):
    """Last month was billed before anybody said that she had been in hospital since it began."""
    operator.post(f"/stays/{stay.id}/money/agree", CONTRACT | {"nursing_fee": "1200"})
    operator.post(f"{address}/bills", {"month": f"{LAST_MONTH:%Y-%m}"})
    go_to_hospital(session, stay.id, since=SINCE, keeps_bed=True)


def test_what_is_to_be_corrected_is_named_and_corrected_once(operator, stay, due, address):
    page = operator.get(address).text
    assert "1 人的 1 张账单与后来更正的住宿或合同不符" in page
    assert "李秀英" in operator.get(f"{address}?figure=due").text
    assert "待更正 −" in page

    done = operator.post(f"{address}/corrections")
    assert done.status_code == 303
    page = operator.get(done.headers["Location"].removeprefix("/admin")).text
    assert "已更正 1 张账单" in page
    assert "待更正的账单" not in page
    assert "李秀英" not in operator.get(f"{address}?figure=due").text
    file = operator.get(f"{address}/bills/export.csv?month={LAST_MONTH:%Y-%m}").text
    *_, total, corrected, now = map(Decimal, file.strip().splitlines()[1].split(",")[2:])
    assert total + corrected == now < total


def test_billing_a_month_corrects_too_and_says_so(operator, due, address):
    done = operator.post(f"{address}/bills", {"month": f"{LAST_MONTH:%Y-%m}"})

    page = operator.get(done.headers["Location"].removeprefix("/admin")).text
    assert "另更正以前月份的账单 1 张" in page


def test_a_stay_shows_its_bills_with_their_corrections_and_each_opens(operator, stay, due):
    money = f"/stays/{stay.id}/money"
    assert "以下账单与后来更正的住宿或合同不符" in operator.get(money).text

    assert operator.post(f"{money}/correct").status_code == 303
    page = operator.get(money).text
    assert "贷项 · 离院晚数更正" in page
    assert "该月合计" in page
    number = page.split("/money/corrections/")[1].split('"')[0]
    printed = operator.get(f"{money}/corrections/{number}").text
    assert "账单贷项" in printed
    assert "箭头左边是原账单的晚数" in printed
    bill = page.split("/money/bills/")[1].split('"')[0]
    assert "后来的更正" in operator.get(f"{money}/bills/{bill}").text
    assert operator.get(f"{money}/corrections/{int(number) + 1}").status_code == 404
    assert "账单更正" in operator.get(f"{money}/export.csv").text


def test_each_sum_leads_to_the_stays_that_make_it(operator, due, address):
    page = operator.get(address).text

    assert f'href="/admin{address}?figure=owed#stays"' in page
    assert "李秀英" in operator.get(f"{address}?figure=owed").text
    assert "李秀英" not in operator.get(f"{address}?figure=deposit").text
    assert operator.get(f"{address}?figure=anything").status_code == 422
