"""showSecondStep, passSecondStep, showSetUp, finishSetUp, recover: the second step of staff."""

import re
from html import unescape

import pytest

from server import clock
from server.identity import one_time
from server.identity.models import Role
from server.settings import settings
from tests.admin.conftest import PASSWORD, Desk
from tests.factories.people import make_sign_in
from tests.server.identity.conftest import Authenticator


@pytest.fixture
def officer(hire):
    return hire(Role.CITY_OFFICER, name="郝正言")


@pytest.fixture
def held(session, officer):
    return Authenticator(session, officer)


def first_step(desk, someone, **more):
    form = {"sign_in_name": someone.sign_in_name, "password": PASSWORD} | more
    return desk.post("/sign-in", form)


def secret_shown(page):
    shown = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', unescape(page))
    return shown[1].replace(" ", "")


def codes_shown(page):
    return re.findall(r"<li><code>([0-9A-Z-]{11})</code></li>", page)


def code_of(secret):
    return one_time.code_of(secret, one_time.step_at(clock.now()))


def test_after_the_password_the_six_digits_are_asked_for(stranger, officer, held):
    response = first_step(stranger, officer, next="/admin/providers/sites")

    assert response.headers["Location"] == "/admin/sign-in/second-step?next=/admin/providers/sites"
    page = stranger.get("/sign-in/second-step?next=/admin/providers/sites")
    assert "六位数字" in page.text
    assert stranger.get("/").status_code == 303


def test_the_right_digits_lead_on_to_where_one_wanted(stranger, officer, held):
    first_step(stranger, officer)

    response = stranger.post(
        "/sign-in/second-step", {"code": held.code(), "next": "/admin/providers/sites"}
    )

    assert response.headers["Location"] == "/admin/providers/sites"
    assert "郝正言" in stranger.get("/").text


def test_the_step_is_out_of_reach_of_scripts_and_other_pages(stranger, officer, held):
    cookies = first_step(stranger, officer).headers.getlist("Set-Cookie")

    step = next(one for one in cookies if one.startswith("yinling_step="))
    assert "HttpOnly" in step
    assert "Path=/admin/sign-in" in step


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_wrong_digits_are_told_kindly(stranger, officer, held, language):
    stranger.language = language
    first_step(stranger, officer)

    response = stranger.post("/sign-in/second-step", {"code": "000000"})

    said = {"zh-CN": "这六位数字或恢复码不对", "en": "That code is not right"}
    assert response.status_code == 422
    assert said[language] in response.text


@pytest.mark.parametrize("path", ["second-step", "recovery", "set-up"])
def test_without_a_first_step_one_begins_at_the_door(stranger, path):
    assert stranger.get(f"/sign-in/{path}").headers["Location"] == "/admin/sign-in"

    answer = stranger.post(f"/sign-in/{path}", {"code": "123456"})
    assert answer.status_code == 422
    assert "已经失效" in answer.text


def test_without_the_form_guard_nobody_takes_it(stranger, officer, held):
    first_step(stranger, officer)

    answer = stranger.post("/sign-in/second-step", {"code": held.code()}, guard=False)
    assert answer.status_code == 400


def test_whoever_needs_a_second_step_and_has_none_sets_it_up(stranger, officer):
    response = first_step(stranger, officer)
    assert response.headers["Location"] == "/admin/sign-in/set-up"
    page = stranger.get("/sign-in/set-up").text
    assert re.search(r'<svg[^>]* viewBox="0 0 (\d+) \1"', page)
    assert "style=" not in page

    done = stranger.post("/sign-in/set-up", {"code": code_of(secret_shown(page))})

    assert (done.status_code, len(set(codes_shown(done.text)))) == (200, 10)
    assert stranger.get("/").status_code == 200


def test_wrong_digits_show_the_same_key_again(stranger, officer):
    first_step(stranger, officer)
    secret = secret_shown(stranger.get("/sign-in/set-up").text)

    again = stranger.post("/sign-in/set-up", {"code": "000000"})

    assert again.status_code == 422
    assert secret_shown(again.text) == secret


def test_a_code_from_paper_opens_where_the_phone_is_not(stranger, officer):
    first_step(stranger, officer)
    secret = secret_shown(stranger.get("/sign-in/set-up").text)
    codes = codes_shown(stranger.post("/sign-in/set-up", {"code": code_of(secret)}).text)
    stranger.post("/sign-out")
    first_step(stranger, officer)

    answer = stranger.post("/sign-in/recovery", {"code": codes[0]})

    assert answer.headers["Location"] == "/admin/"
    stranger.post("/sign-out")
    first_step(stranger, officer)
    assert stranger.post("/sign-in/recovery", {"code": codes[0]}).status_code == 422


def test_an_office_given_during_a_sign_in_waits_for_the_next_one(app, session, hire):
    cook = hire(Role.CITY_OFFICER)
    desk = Desk(app, session, make_sign_in(session, staff=cook, second_factor=False))

    assert "请退出后重新登录" in desk.get("/").text
    assert desk.get("/meals/overview").status_code == 403


class TestInADemo:
    @pytest.fixture(autouse=True)
    def demo(self, monkeypatch):
        monkeypatch.setenv("YINLING_DEMO", "1")
        settings.cache_clear()
        yield
        monkeypatch.undo()
        settings.cache_clear()

    def test_the_code_stands_on_the_page_marked_as_such(self, stranger, officer, held):
        first_step(stranger, officer)

        page = stranger.get("/sign-in/second-step").text

        assert "演示" in page
        assert f'value="{held.code()}"' in page

    def test_a_visitor_who_comes_back_at_once_gets_the_next_code(self, stranger, officer, held):
        for _ in range(2):
            first_step(stranger, officer)
            page = stranger.get("/sign-in/second-step").text
            code = re.search(r'name="code"[^>]*value="(\d{6})"', page)[1]
            assert stranger.post("/sign-in/second-step", {"code": code}).status_code == 303
            stranger.post("/sign-out")


def test_outside_a_demo_no_code_is_shown(stranger, officer, held):
    first_step(stranger, officer)

    page = stranger.get("/sign-in/second-step").text

    assert "演示" not in page
    assert held.code() not in page
