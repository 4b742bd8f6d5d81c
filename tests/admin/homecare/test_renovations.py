"""Renovations on the console: list, one home, survey, quote, work, acceptance, catalogue."""

import io

import pytest

from server import clock
from server.identity.models import Role
from tests.admin.page_lint import read
from tests.cities import VILLAGE
from tests.factories.home_beds import Offices
from tests.factories.homecare import HERE, make_provider
from tests.factories.people import make_resident
from tests.factories.renovations import Renewal, of_a_room

TODAY = clock.today()


@pytest.fixture
def site(session):
    return make_provider(session, name="安康居家养老服务中心")


@pytest.fixture
def wang(session):
    return make_resident(session, name="王秀英")


@pytest.fixture
def renewal(session, site, wang):
    return Renewal(session, Offices(session, site), wang)


@pytest.fixture
def community(sit_down):
    return sit_down(Role.COMMUNITY_WORKER, division_code=VILLAGE)


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code=VILLAGE[:6])


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER, division_code="1405")


@pytest.fixture
def provider(sit_down, site):
    return sit_down(Role.HOME_CARE_PROVIDER, site_id=site.id)


def a_picture(phase, room):
    return {
        "phase": phase, "room": room, "x": str(HERE[0]), "y": str(HERE[1]), "accuracy_m": "15",
        "picture": (io.BytesIO(of_a_room()), "room.png"),
    }  # fmt: skip


def hidden(page, name):
    """The values of the hidden fields of a name."""
    fields = [one.attributes for one in read(page).find("input")]
    return [one["value"] for one in fields if one.get("name") == name]


def test_desks_take_a_home_all_the_way(community, county, provider, wang, site):
    wish = {"resident": str(wang.id), "address": "建设路12号", "wishes": "洗澡怕滑"}
    filed = community.post("/renovations", wish)
    assert filed.status_code == 303
    here = filed.headers["Location"].removeprefix("/admin")
    assert community.post(f"{here}/take-up").status_code == 303
    need = {"room": "toilet", "item_code": "grab_bar", "quantity": "2"}
    assert community.post(f"{here}/needs", need).status_code == 303
    before = community.post(f"{here}/pictures/before", a_picture("before", "toilet"))
    assert before.status_code == 303
    assert community.post(f"{here}/survey", {"site": str(site.id)}).status_code == 303

    asked_for = hidden(provider.get(here).text, "need")
    quote = {"need": asked_for, "price": ["450.50"]}
    assert provider.post(f"{here}/quote", quote).status_code == 303
    page = community.get(here).text
    assert "政府出 360.40 元，老人出 540.60 元" in page
    assert community.post(f"{here}/yes", {"quote": hidden(page, "quote")[0]}).status_code == 303

    after = provider.post(f"{here}/pictures/after", a_picture("after", "toilet"))
    assert after.status_code == 303
    assert provider.post(f"{here}/finish", {"invoice_ref": "发票00000001"}).status_code == 303
    assert community.post(f"{here}/acceptance").status_code == 303
    assert county.post(f"{here}/acceptance").status_code == 303
    assert county.post(f"{here}/settling").status_code == 303
    page = county.get(here).text
    assert "已结" in page
    assert "901.00" in page


def test_a_refused_step_names_all_that_is_missing(community, renewal, site):
    renewal.to("survey")

    page = community.get(f"/renovations/{renewal.id}").text
    assert "至少一个改造项目" in page
    answer = community.post(f"/renovations/{renewal.id}/survey", {"site": str(site.id)})
    assert answer.status_code == 409
    assert "至少一个改造项目" in answer.text


def test_the_list_counts_by_stage_and_every_sum_opens_its_rows(county, renewal):
    renewal.to("settled")

    page = county.get("/renovations").text
    assert "王秀英" in page
    assert "/admin/renovations?state=settled&amp;tier=none" in page
    assert "540.00" in page
    assert "王秀英" not in county.get("/renovations?state=applied").text
    assert "王秀英" in county.get("/renovations/export.csv?tier=none").text


def test_pictures_are_shown_to_whoever_knows_the_home_and_to_nobody_else(
    session, county, sit_down, renewal
):
    renewal.to("seen")
    page = county.get(f"/renovations/{renewal.id}").text
    [first, *_] = [
        one.attributes["src"].removeprefix("/admin") for one in read(page).find("img")
        if "/pictures/" in one.attributes.get("src", "")
    ]  # fmt: skip
    assert county.get(first).mimetype == "image/jpeg"

    other = sit_down(Role.HOME_CARE_PROVIDER, site_id=make_provider(session).id)
    assert other.get(first).status_code == 404
    assert other.get(f"/renovations/{renewal.id}").status_code == 404


def test_what_was_noted_or_taken_by_mistake_is_taken_out(community, renewal):
    renewal.to("seen")
    here = f"/renovations/{renewal.id}"
    forms = [
        one.attributes.get("action", "") for one in read(community.get(here).text).find("form")
    ]
    removals = [one.removeprefix("/admin") for one in forms if one.endswith("/removal")]

    assert len(removals) == 4
    assert all(community.post(one).status_code == 303 for one in removals)
    assert "至少一个改造项目" in community.get(here).text


def test_work_is_sent_back_ended_and_an_application_refused(county, community, renewal):
    renewal.to("accepted")
    here = f"/renovations/{renewal.id}"
    assert county.post(f"{here}/redoing", {"reason": "扶手松动"}).status_code == 303
    assert county.post(f"{here}/end", {"reason": "房屋拆迁"}).status_code == 303
    again = renewal.apply().id
    assert county.post(f"/renovations/{again}/refusal", {"reason": "房屋拆迁"}).status_code == 303
    third = renewal.apply().id
    gone = community.post(f"/renovations/{third}/withdrawal", {"reason": "不需要了"})
    assert gone.status_code == 303


def test_the_elder_says_no_at_the_window(community, renewal):
    renewal.to("consent")
    answer = {"quote": str(renewal.quote_id), "reason": "太贵"}

    assert community.post(f"/renovations/{renewal.id}/no", answer).status_code == 303
    assert "太贵" in community.get(f"/renovations/{renewal.id}").text


def test_the_city_sets_an_item_of_its_own_and_a_highest_price(city, county):
    item = {
        "code": "emergency_call", "name_zh": "紧急呼叫器", "name_en": "Emergency call",
        "ceiling": "600", "starts_on": TODAY.isoformat(), "is_offered": "true",
    }  # fmt: skip
    assert city.post("/renovations/catalogue", item).status_code == 303
    assert city.post("/renovations/catalogue", item).status_code == 409

    page = county.get("/renovations/catalogue").text
    assert "紧急呼叫器" in page
    assert "无依据" in page
    assert "600" in county.get("/renovations/catalogue/export.csv").text
    assert county.post("/renovations/catalogue", item).status_code == 403


def test_the_form_is_reached_from_the_persons_file(community, wang):
    assert "王秀英" in community.get(f"/renovations/new?resident={wang.id}").text
