"""signIn, signOut: through the door and out again."""

import pytest
from sqlmodel import select

from admin.identity import demo
from infra.demo import staff as demo_staff
from server.identity.models import Role, SignIn
from server.settings import settings
from tests.admin.conftest import PASSWORD, Desk
from tests.admin.page_lint import read
from tests.factories.people import make_account, make_resident, make_sign_in


@pytest.fixture
def someone(hire):
    return hire(Role.COMMUNITY_WORKER, name="郝正言")


def enter(desk, someone, password=PASSWORD, **more):
    form = {"sign_in_name": someone.sign_in_name, "password": password} | more
    return desk.post("/sign-in", form)


def test_name_and_password_open_the_door(stranger, someone):
    response = enter(stranger, someone)

    assert (response.status_code, response.headers["Location"]) == (303, "/admin/")
    assert "郝正言" in stranger.get("/").text


def test_the_token_is_out_of_reach_of_scripts_and_other_sites(stranger, someone):
    cookie = next(
        one
        for one in enter(stranger, someone).headers.getlist("Set-Cookie")
        if one.startswith("yinling_console=")
    )

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/admin" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookies_stay_on_https(stranger, someone):
    response = stranger.client.get("/admin/sign-in", base_url="https://yinling.example/")

    assert "Secure" in response.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in response.headers


def test_one_comes_back_to_where_one_wanted_to_go(stranger, someone):
    response = enter(stranger, someone, next="/admin/providers/sites?name=a")

    assert response.headers["Location"] == "/admin/providers/sites?name=a"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/admin//\\x", "/api/v1/me",
     "javascript:alert(1)"],
)  # fmt: skip
def test_one_is_never_led_elsewhere(stranger, someone, elsewhere):
    assert enter(stranger, someone, next=elsewhere).headers["Location"].startswith("/admin/")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_wrong_password_is_told_kindly_and_the_name_is_kept(app, stranger, someone, language):
    stranger.language = language

    response = enter(stranger, someone, "not it")

    said = {"zh-CN": "登录名或密码不对", "en": "Name and password do not belong together"}
    assert response.status_code == 422
    assert said[language] in response.text
    assert f'value="{someone.sign_in_name}"' in response.text
    assert "not it" not in response.text


def test_an_unknown_name_reads_the_same_as_a_wrong_password(stranger, someone):
    wrong = enter(stranger, someone, "not it").status_code
    unknown = stranger.post("/sign-in", {"sign_in_name": "nobody", "password": "x"})

    assert (unknown.status_code, wrong) == (422, 422)
    assert "登录名或密码不对" in unknown.text


def test_after_too_many_wrong_tries_it_says_how_long_to_wait(stranger, someone):
    for _ in range(6):
        response = enter(stranger, someone, "not it")

    assert response.status_code == 429
    assert "输错的次数太多了" in response.text
    assert "分钟再试" in response.text
    assert enter(stranger, someone).status_code == 429


def test_an_empty_field_is_named_on_top_and_at_the_field(stranger):
    response = stranger.post("/sign-in", {"sign_in_name": "someone"})

    page = read(response.text)
    password = next(e for e in page.find("input") if e.attributes.get("id") == "password")
    assert response.status_code == 422
    assert "请输入密码。" in response.text
    assert password.attributes["aria-invalid"] == "true"


def test_without_the_form_guard_nobody_comes_in(stranger, someone):
    form = {"sign_in_name": someone.sign_in_name, "password": PASSWORD}

    assert stranger.post("/sign-in", form, guard=False).status_code == 400


def test_who_is_in_already_goes_on(desk):
    assert desk.get("/sign-in").status_code == 302


def test_sign_out_ends_the_sign_in_in_the_database(stranger, someone, session):
    enter(stranger, someone)

    response = stranger.post("/sign-out")

    assert response.headers["Location"] == "/admin/sign-in"
    assert session.exec(select(SignIn)).one().revoked_at is not None
    assert stranger.get("/").status_code == 303


def test_an_ended_sign_in_leads_to_the_door_and_is_forgotten(app, session):
    response = Desk(app, session, token="long gone").get("/")

    assert response.status_code == 303
    assert "yinling_console=;" in response.headers["Set-Cookie"]


def test_a_phones_token_opens_no_page(app, session):
    token = make_sign_in(session, account=make_account(session, make_resident(session)))

    assert Desk(app, session, token).get("/").status_code == 403


def test_outside_a_demo_nobody_is_offered(stranger, someone):
    page = stranger.get("/sign-in").text

    assert demo.PASSWORD not in page
    assert someone.sign_in_name not in page


def test_in_a_demo_a_visitor_may_be_anyone(stranger, someone, monkeypatch):
    monkeypatch.setenv("YINLING_DEMO", "1")
    settings.cache_clear()
    try:
        page = stranger.get("/sign-in").text
    finally:
        monkeypatch.undo()
        settings.cache_clear()

    assert "郝正言" in page
    assert f'value="{someone.sign_in_name}"' in page


def test_the_password_shown_is_that_of_the_demo():
    assert demo.PASSWORD == demo_staff.PASSWORD
