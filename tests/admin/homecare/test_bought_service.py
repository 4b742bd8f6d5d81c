"""At the county's desk and the provider's: who is entitled, what is ordered, a month, a sample."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.homecare.orders.models import CareOrderCheck
from server.homecare.vouchers.models import CareEntitlement, EntitlementState
from server.identity.models import Role
from server.residents.assessments.models import AbilityLevel
from server.residents.models import CareLink
from tests.cities import NEIGHBOUR_VILLAGE, VILLAGE
from tests.factories.assessments import give_level
from tests.factories.homecare import make_proof, make_visit
from tests.factories.orders import make_allowance, make_entitlement, make_order, this_month
from tests.factories.people import LONG_AGO, make_resident

MONTH = f"{this_month():%Y-%m}"
YESTERMONTH = this_month() - timedelta(days=1)


@pytest.fixture
def elder(session, site):
    resident = make_resident(session, name="李秀英", village_code=VILLAGE)
    give_level(session, resident, AbilityLevel.SEVERE)
    until = clock.today() + timedelta(days=90)
    session.add(
        CareLink(resident_id=resident.id, site_id=site.id, starts_on=LONG_AGO, ends_on=until)
    )
    session.flush()
    return resident


@pytest.fixture
def community(sit_down):
    return sit_down(Role.COMMUNITY_WORKER, division_code=VILLAGE)


@pytest.fixture
def order(session, elder, site):
    voucher = make_allowance(session, elder)
    return make_order(session, elder, site, voucher_fen=4000, voucher_id=voucher.id)


@pytest.fixture
def redeemed(session, order, bed, worker):
    """The order was served and confirmed."""
    visit = make_visit(
        session, bed, worker, starts_at=order.starts_at, home_bed_id=None,
        resident_id=order.resident_id, state="done",
    )  # fmt: skip
    make_proof(session, visit, confirmed_by="tap", confirmed_at=clock.now())
    order.visit_id, order.state, order.closed_at = visit.id, "redeemed", clock.now()
    session.flush()
    return order


def test_sending_somebody_stands_before_the_bill(manager, worker, order):
    page = manager.get(f"/care/orders/{order.id}").text

    assert 0 < page.index('id="assign"') < page.index('id="split"')
    assert page.count("<dt>") == page.count('<div class="facts__fact">')


def test_the_community_files_and_the_county_grants(community, county, session, elder):
    assert "李秀英" in community.get(f"/care/entitlements/new?resident={elder.id}").text
    asked = community.post(
        "/care/entitlements", {"resident": str(elder.id), "programme": "voucher"}
    )
    address = asked.location.removeprefix("/admin")
    assert "今天条件都符合" in county.get(address).text

    assert county.post(f"{address}/grant", {"note": "符合条件"}).status_code == 303
    assert "享受中" in county.get("/care/entitlements").text
    amounts = county.get("/care/entitlements/amounts").text
    assert "800.00" in amounts
    assert "剩余" in amounts
    assert "李秀英" in county.get("/care/entitlements/amounts/export.csv").text
    assert community.post(f"{address}/grant", {}).status_code == 403


def test_all_that_is_missing_stands_on_the_page(community, session):
    healthy = make_resident(session, village_code=VILLAGE)
    told = community.post(
        "/care/entitlements",
        {"resident": str(healthy.id), "programme": "voucher", "gets_care_allowance": "true"},
    )

    assert told.status_code == 409
    assert "有效的中度及以上失能评估结果" in told.text
    assert "没有领取集中照护补助" in told.text


def test_the_county_refuses_and_stops_for_a_reason(county, session, elder):
    asked = make_entitlement(session, elder, state=EntitlementState.APPLIED)
    lasting = make_entitlement(session, elder, "purchased")

    county.post(f"/care/entitlements/{asked.id}/refusal", {"reason": "材料不全"})
    county.post(f"/care/entitlements/{lasting.id}/end", {"end_reason": "withdrawn"})

    assert "材料不全" in county.get(f"/care/entitlements/{asked.id}").text
    session.expire_all()
    assert session.get(CareEntitlement, lasting.id).state is EntitlementState.ENDED


def test_the_provider_looks_at_the_split_and_orders(manager, session, elder, site, time_machine):
    day = clock.today().replace(day=12)
    time_machine.move_to(datetime.combine(day, time(8), clock.CITY))
    make_allowance(session, elder)
    wish = {
        "resident": str(elder.id), "site": str(site.id), "services": ["bathing"],
        "starts_at": f"{day}T15:00",
    }  # fmt: skip

    looked = manager.post("/care/orders", wish | {"look": "true"})
    assert (looked.status_code, looked.text.count("<strong>40.00</strong>")) == (200, 1)
    placed = manager.post("/care/orders", wish)

    assert placed.status_code == 303
    assert "待派单" in manager.get(placed.location.removeprefix("/admin")).text


def test_the_provider_sends_somebody_and_calls_off(manager, session, order, worker):
    address = f"/care/orders/{order.id}"
    starts_at = f"{order.starts_at.astimezone(clock.CITY):%Y-%m-%dT%H:%M}"

    assert manager.post(
        f"{address}/assignment", {"worker": str(worker.id), "starts_at": starts_at}
    ).status_code == 303  # fmt: skip
    assert "段暖" in manager.get(address).text
    assert manager.post(f"{address}/cancellation", {"cancel_reason": "改期"}).status_code == 303
    assert "改期" in manager.get(address).text
    assert "李秀英" in manager.get("/care/orders?state=cancelled").text


def test_another_provider_finds_nothing(other_manager, order):
    assert other_manager.get(f"/care/orders/{order.id}").status_code == 404
    assert "李秀英" not in other_manager.get("/care/orders").text


def test_who_is_over_the_providers_house_alone_calls_nothing_off(sit_down, session, site, elder):
    elsewhere = make_resident(session, village_code=NEIGHBOUR_VILLAGE)
    order = make_order(session, elsewhere, site)
    neighbour = sit_down(Role.COMMUNITY_WORKER, division_code=site.division_code)

    sent = {"cancel_reason": "不该由我取消"}
    assert neighbour.post(f"/care/orders/{order.id}/cancellation", sent).status_code == 404


def test_every_number_of_a_month_opens_its_rows(county, redeemed, site):
    page = county.get(f"/care/order-months?month={MONTH}").text

    address = f"/care/orders?month={MONTH}&amp;state=redeemed&amp;site={site.id}"
    assert f"{address}&amp;programme=voucher" in page
    shown = county.get(address.replace("&amp;", "&") + "&programme=voucher").text
    assert "李秀英" in shown
    exported = county.get(f"/care/order-months/export.csv?month={MONTH}").text
    assert "安康居家" in exported
    assert "40.00" in exported


class TestTheSample:
    ADDRESS = "/care/order-checks"

    @pytest.fixture
    def order(self, session, elder, site):
        """Of last month, which is over."""
        voucher = make_allowance(session, elder, month=YESTERMONTH.replace(day=1))
        at = datetime.combine(YESTERMONTH, time(10), clock.CITY)
        given = {"voucher_fen": 4000, "voucher_id": voucher.id}
        return make_order(session, elder, site, starts_at=at, **given)

    def draw(self, county, month=f"{YESTERMONTH:%Y-%m}"):
        sent = {"county": "140502", "month": month, "seed": "双色球 2026134"}
        return county.post(self.ADDRESS, sent)

    def test_a_month_that_is_not_over_is_not_drawn(self, county, session, elder, redeemed):
        assert self.draw(county, MONTH).status_code == 409
        assert "月末之后才能抽取" in self.draw(county, MONTH).text

    def test_it_is_drawn_once_with_its_seed_on_the_page(self, county, redeemed):
        assert self.draw(county).status_code == 303
        assert "双色球 2026134" in county.get(f"{self.ADDRESS}?month={YESTERMONTH:%Y-%m}").text
        assert "双色球" in county.get(f"{self.ADDRESS}/export.csv?month={YESTERMONTH:%Y-%m}").text
        assert self.draw(county).status_code == 409

    def test_nothing_is_drawn_of_a_month_without_orders(self, county):
        assert self.draw(county).status_code == 409

    def test_a_doubt_needs_a_note_and_becomes_a_finding(self, county, session, redeemed):
        self.draw(county)
        [check] = session.execute(select(CareOrderCheck)).scalars()
        address = f"{self.ADDRESS}/{check.id}/result"

        assert county.post(address, {"result": "not_there"}).status_code == 422
        told = {"result": "not_there", "note": "老人说没人来过"}
        assert county.post(address, told).status_code == 303
        assert county.post(address, told).status_code == 409
        assert "抽查有疑问的服务订单" in county.get("/findings").text

    def test_a_provider_knows_nothing_of_it(self, manager, redeemed):
        assert manager.get(self.ADDRESS).status_code == 403
