"""Money in at the counter in two presses, a receipt, and back again; canteens and their wallets."""

import re

import pytest

from server.identity.models import Role
from server.meals.wallets.queries import get_wallet, list_statement
from server.providers.models import OpeningState, Site
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_canteen
from tests.factories.people import make_resident
from tests.factories.wallets import make_wallet

READERS = {Role.CANTEEN_STAFF, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


class TestDue(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self):
        return "/meals/wallets"


class TestCanteen(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/wallets/{canteen.site_id}"


class TestWallet(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, purse, wallet_id):
        return purse


class TestTopUp(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, purse):
        return f"{purse}/top-up"


class TestRefundAll(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF, Role.COUNTY_OFFICER}

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/wallets/{canteen.site_id}/refund"


def key_of(page):
    return re.search(r'name="key" value="(\w+)"', page.text).group(1)


def balance(session, wallet_id):
    session.commit()
    return get_wallet(session, wallet_id).balance_fen


def test_somebody_is_found_by_the_first_letters(desk, canteen, elder):
    page = desk.post(f"/meals/wallets/{canteen.site_id}/search", {"search": "lxy"})

    assert "李秀英" in page.text
    assert f"/diners/{elder.id}" in page.text


def test_no_name_stands_in_an_address(desk, canteen):
    page = desk.get(f"/meals/wallets/{canteen.site_id}?search=lxy")

    assert "李秀英" not in page.text
    assert 'method="get"' not in page.text


def test_an_amount_and_one_press_more_put_money_in(desk, session, purse, elder):
    chosen = desk.get(f"{purse}?amount=100")
    assert "已收现金 100.00 元" in chosen.text

    answer = desk.post(f"{purse}/top-up", {"amount": "100.00", "key": key_of(chosen)})

    receipt = desk.get(answer.headers["Location"].removeprefix("/admin"))
    assert answer.status_code == 303
    assert "收据" in receipt.text
    assert "100.00" in receipt.text


def test_pressed_twice_it_is_noted_once(desk, session, purse, wallet_id):
    form = {"amount": "1000.00", "key": key_of(desk.get(f"{purse}?amount=1000"))}
    # The amount would not fit twice: what is asked here is the key, not the limit.
    answers = [desk.post(f"{purse}/top-up", form | {"amount": "100.00"}) for _ in range(2)]

    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert balance(session, wallet_id) == 15_000


def test_more_than_a_wallet_holds_is_refused_in_words(desk, purse, wallet_id):
    key = key_of(desk.get(f"{purse}?amount=100"))

    answer = desk.post(f"{purse}/top-up", {"amount": "1000.00", "key": key})

    assert answer.status_code == 409
    assert "请少充一些" in answer.text


def test_all_of_it_is_given_back(desk, session, purse, wallet_id):
    answer = desk.post(f"{purse}/refund", {"key": key_of(desk.get(purse))})

    assert answer.status_code == 303
    assert balance(session, wallet_id) == 0


def test_an_entry_is_taken_back_by_two(desk, sit_down, session, canteen, wallet_id):
    [entry] = list_statement(session, wallet_id)
    desk.post(f"/meals/wallets/lines/{entry.id}/reversal", {"reason": "多按了一个零"})
    own = desk.get(f"/meals/wallets/{canteen.site_id}")
    assert "需由另一位工作人员确认" in own.text
    other = sit_down(Role.CANTEEN_STAFF, site_id=canteen.site_id)
    page = other.get(f"/meals/wallets/{canteen.site_id}")
    decision = re.search(r"/meals/wallets/requests/\d+/decision", page.text).group(0)

    assert desk.post(decision, {"agrees": "yes"}).status_code == 409
    assert other.post(decision, {"agrees": "yes"}).status_code == 303
    assert balance(session, wallet_id) == 0


def test_a_canteen_that_closes_gives_all_back(sit_down, session, canteen, wallet_id):
    officer = sit_down(Role.COUNTY_OFFICER)
    refused = officer.post(f"/meals/wallets/{canteen.site_id}/refund")
    assert refused.status_code == 409
    session.get_one(Site, canteen.site_id).opening_state = OpeningState.CLOSED

    assert "全部退还：共 50.00 元" in officer.get(f"/meals/wallets/{canteen.site_id}").text
    assert officer.post(f"/meals/wallets/{canteen.site_id}/refund").status_code == 303
    assert balance(session, wallet_id) == 0


def test_names_are_masked_for_who_only_looks(sit_down, canteen, wallet_id):
    page = sit_down(Role.AUDITOR).get(f"/meals/wallets/{canteen.site_id}")

    file = sit_down(Role.AUDITOR).get(f"/meals/wallets/{canteen.site_id}/export.csv")
    cash = sit_down(Role.AUDITOR).get(f"/meals/cash/{canteen.site_id}/export.csv")

    for shown in (page, file, cash):
        assert "李秀英" not in shown.text
        assert "50.00" in shown.text


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_list_is_a_file_too(desk, canteen, purse, wallet_id, ending):
    for place in ("", f"/{canteen.site_id}"):
        assert desk.get(f"/meals/wallets{place}/export.{ending}").status_code == 200
    assert desk.get(f"{purse}/export.{ending}").status_code == 200
    assert desk.get(f"/meals/cash/{canteen.site_id}/export.{ending}").status_code == 200


def test_another_canteens_wallets_are_not_found(desk, session):
    other = make_canteen(session, division_code=OTHER_COUNTY_VILLAGE)
    elder = make_resident(session)
    make_wallet(session, elder, other)

    assert desk.get(f"/meals/wallets/{other.site_id}").status_code == 404
    assert desk.get(f"/meals/wallets/{other.site_id}/diners/{elder.id}").status_code == 404
    assert desk.get(f"/meals/cash/{other.site_id}").status_code == 404


class TestCash(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/cash/{canteen.site_id}"


class TestCount(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, canteen):
        return f"/meals/cash/{canteen.site_id}/count"


def test_the_day_is_closed_with_what_was_counted(desk, canteen, wallet_id):
    address = f"/meals/cash/{canteen.site_id}"
    page = desk.get(address)
    day = re.search(r'name="day" value="([\d-]+)"', page.text).group(1)
    assert "50.00" in page.text

    short = desk.post(f"{address}/count", {"day": day, "counted": "49"})
    assert "请写明原因" in short.text
    desk.post(f"{address}/count", {"day": day, "counted": "49", "note": "找错一元"})

    assert "找错一元" in desk.get(address).text
