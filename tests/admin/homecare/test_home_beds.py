"""listBeds, exportBeds, showNew, apply, showNotice, showBed, showAgreement and the steps."""

from datetime import timedelta

import pytest

from server import clock
from server.identity.models import Role
from tests.admin.page_lint import read
from tests.cities import VILLAGE
from tests.factories.home_beds import Offices, Way, some_days_ago
from tests.factories.homecare import make_provider
from tests.factories.people import make_resident

TODAY = clock.today()


@pytest.fixture
def site(session):
    return make_provider(session, name="安康居家养老服务中心")


@pytest.fixture
def offices(session, site):
    return Offices(session, site)


@pytest.fixture
def wang(session):
    return make_resident(session, name="王秀英")


@pytest.fixture
def way(session, offices, wang):
    return Way(session, offices, wang)


@pytest.fixture
def community(sit_down):
    return sit_down(Role.COMMUNITY_WORKER, division_code=VILLAGE)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=VILLAGE[:6])


@pytest.fixture
def provider(sit_down, site):
    return sit_down(Role.HOME_CARE_PROVIDER, site_id=site.id)


def form_of_agreement(**given):
    values = {
        "starts_on": TODAY.isoformat(),
        "ends_on": (TODAY + timedelta(days=200)).isoformat(),
        "monthly_fee": "1800",
        "own_pay": "600",
        "signed_by": "王秀英",
    }
    return values | given


def test_desks_take_a_bed_all_the_way(session, community, county, provider, wang, way, site):
    with some_days_ago():
        filed = community.post("/home-beds", {"resident": str(wang.id), "wishes": "上午"})
        assert filed.status_code == 303
        here = filed.headers["Location"].removeprefix("/admin")
        assert community.post(f"{here}/take-up").status_code == 303
        assert community.post(f"{here}/precheck", {"note": "材料齐"}).status_code == 303
        assert county.post(f"{here}/notice", {"site": str(site.id)}).status_code == 303
    assert county.post(f"{here}/notice/closing").status_code == 303
    assert provider.post(f"{here}/agreement", form_of_agreement()).status_code == 303
    built = {
        "installed_on": TODAY.isoformat(),
        "inventory": "呼叫器1个",
        "cost": "3200",
        "invoice_ref": "发票00000001",
        "asks_grant": "true",
    }
    without = provider.post(f"{here}/building", built)
    assert (without.status_code, "紧急呼叫器" in without.text) == (409, True)
    device = {
        "kind": "emergency_call", "serial": "SN-1", "invoice_number": "F1", "price": "299",
        "installed_on": f"{clock.today()}",
    }  # fmt: skip
    assert provider.post(f"{here}/devices", device).status_code == 303
    assert provider.post(f"{here}/building", built).status_code == 303
    assert community.post(f"{here}/acceptance").status_code == 303
    assert county.post(f"{here}/acceptance").status_code == 303
    assert provider.post(f"{here}/service").status_code == 303

    page = provider.get(here).text
    assert "服务中" in page
    assert "发票00000001" in page


def test_the_list_counts_by_stage_and_leads_to_the_bed(county, way):
    way.to("signing")

    page = county.get("/home-beds").text
    assert "王秀英" in page
    assert f"/admin/home-beds/{way.bed_id}" in page
    assert "王秀英" not in county.get("/home-beds?state=applied").text


def test_a_late_step_is_marked(county, way):
    with some_days_ago(30):
        way._applied()

    assert "逾期" in county.get("/home-beds?late=true").text


def test_the_list_is_taken_out_as_a_file(county, way):
    way.to("applied")

    answer = county.get("/home-beds/export.csv?state=applied")
    assert "王秀英" in answer.text


def test_a_bed_says_what_is_missing_and_offers_no_button(county, session, offices, wang):
    way = Way(session, offices, wang, level=None)
    way.to("assessment")

    page = county.get(f"/home-beds/{way.bed_id}").text
    assert "有效的能力等级" in page
    assert '/notice"' not in page


def test_a_refused_step_says_all_that_is_missing(county, session, offices, wang, site):
    way = Way(session, offices, wang, level=None)
    way.to("assessment")

    answer = county.post(f"/home-beds/{way.bed_id}/notice", {"site": str(site.id)})
    assert answer.status_code == 409
    assert "能力等级" in answer.text


def test_the_notice_is_for_everybody_and_masked(stranger, way):
    with some_days_ago(0):
        for step in ("applied", "precheck", "assessment", "notice"):
            getattr(way, f"_{step}")()

    page = stranger.get("/home-beds/notice").text
    assert "王*" in page
    assert "王秀英" not in page


def test_the_agreement_is_printed_with_what_was_agreed(provider, way):
    way.to("building")

    page = provider.get(f"/home-beds/{way.bed_id}/agreement").text
    assert "家庭养老床位服务协议" in page
    assert "1,800.00" in page


def test_an_objection_is_written_down_and_settled(county, way):
    with some_days_ago():
        for step in ("applied", "precheck", "assessment", "notice"):
            getattr(way, f"_{step}")()
        here = f"/home-beds/{way.bed_id}"
        assert county.post(f"{here}/objections", {"said": "不住这里"}).status_code == 303
    page = county.get(here).text
    [form] = [
        one.attributes["action"]
        for one in read(page).find("form")
        if one.attributes.get("action", "").endswith("/finding")
    ]
    answer = county.post(form.removeprefix("/admin"), {"finding": "确实住这里"})
    assert answer.status_code == 303


def test_pause_renewal_and_end(provider, way):
    way.to("serving")
    here = f"/home-beds/{way.bed_id}"
    later = (TODAY + timedelta(days=31 * 12)).isoformat()
    follows = form_of_agreement(
        starts_on=later, ends_on=(TODAY + timedelta(days=31 * 24)).isoformat()
    )
    assert provider.post(f"{here}/agreement", follows).status_code == 303
    assert provider.post(f"{here}/pause", {"pause_reason": "away"}).status_code == 303
    assert provider.post(f"{here}/service").status_code == 303
    assert provider.post(f"{here}/end", {"end_reason": "other"}).status_code == 303
    assert "终止" in provider.get(here).text


def test_refused_sent_back_and_taken_back(session, county, community, offices, way):
    way.to("accepted")
    here = f"/home-beds/{way.bed_id}"
    assert county.post(f"{here}/rebuilding", {"reason": "护栏松动"}).status_code == 303
    assert county.post(f"{here}/refusal", {"reason": "改住机构"}).status_code == 303
    other = Way(session, offices, make_resident(session))
    other.to("applied")
    answer = community.post(f"/home-beds/{other.bed_id}/withdrawal", {"reason": "不需要了"})
    assert answer.status_code == 303


def test_a_form_with_a_hole_is_named(provider, way):
    way.to("signing")

    answer = provider.post(f"/home-beds/{way.bed_id}/agreement", form_of_agreement(own_pay=""))
    assert answer.status_code == 422


def test_the_door_is_in_the_persons_file(community, wang):
    page = community.get(f"/home-beds/new?resident={wang.id}").text

    assert "王秀英" in page
