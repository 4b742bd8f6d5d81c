"""What holds on every page: guards, failures, language, and who may open what."""

import pytest
from sqlalchemy.exc import OperationalError

from admin.app import create_app
from admin.identity import views as identity
from server.identity import roles
from tests.admin.conftest import Desk
from tests.admin.page_lint import read

EVERY_PERMISSION = {"everyone", *roles.OF_EVERY_OFFICE}.union(*roles.OF_AN_OFFICE.values())


def test_every_view_says_who_may_use_it(app):
    for endpoint, view in app.view_functions.items():
        assert getattr(view, "access", None) in EVERY_PERMISSION, endpoint


def test_an_unknown_page_is_an_html_404_with_the_menu(desk):
    response = desk.get("/no/such/page")

    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "没有这一页" in response.text
    assert "今日餐次" in response.text


def test_an_unknown_page_for_a_stranger_has_no_menu(stranger):
    response = stranger.get("/no/such/page")

    assert response.status_code == 404
    assert "今日餐次" not in response.text


def test_a_page_of_another_office_says_so(desk):
    response = desk.get("/meals/overview")

    assert response.status_code == 403
    assert "您的岗位不能看这一页" in response.text


def test_no_page_is_kept_and_none_runs_what_is_not_ours(desk):
    headers = desk.get("/").headers

    assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_body_beyond_all_measure_is_refused(desk):
    response = desk.client.post("/admin/sign-out", data=b"x" * 10_000_000)

    assert response.status_code == 413


def test_a_form_from_elsewhere_is_refused(desk):
    response = desk.post("/sign-out", {"csrf_token": "made up"}, guard=False)

    assert response.status_code == 400


def test_a_lost_database_is_told_as_a_pause(monkeypatch, stranger):
    def away(*_):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(identity, "list_demo_people", away)

    response = stranger.get("/sign-in")

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "系统正在维护" in response.text


def test_a_fault_of_ours_is_owned(monkeypatch, session, city_database):
    app = create_app()

    def break_down():
        raise RuntimeError

    break_down.access = "everyone"
    app.add_url_rule("/broken", view_func=break_down)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    response = Desk(app, session).get("/broken")

    assert response.status_code == 500
    assert "出错了，这是我们的问题" in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("accepted", "language", "said"),
    [("zh-CN,zh;q=0.9", "zh-CN", "登录"), ("en-GB,en", "en", "Sign in"), ("", "zh-CN", "登录"),
     ("fr", "zh-CN", "登录")],
)  # fmt: skip
def test_the_page_speaks_the_browsers_language(stranger, accepted, language, said):
    stranger.language = accepted

    page = read(stranger.get("/sign-in").text)

    assert next(page.find("html")).attributes["lang"] == language
    assert next(page.find("h1")).text == said


def test_a_chosen_language_wins_and_one_stays_on_the_page(desk):
    response = desk.post("/preferences", {"language": "en", "next": "/admin/meals/today?canteen=1"})

    assert response.headers["Location"] == "/admin/meals/today?canteen=1"
    assert "What you can do here" in desk.get("/").text


def test_size_and_contrast_are_remembered(desk):
    desk.post("/preferences", {"text_size": "largest"})
    desk.post("/preferences", {"contrast": "high"})

    html = next(read(desk.get("/").text).find("html")).attributes

    assert html["data-text-size"] == "largest"
    assert html["data-contrast"] == "high"
    assert html["data-density"] == "console"


def test_a_choice_that_is_none_is_forgotten(desk):
    desk.post("/preferences", {"text_size": "huge", "language": "<script>"})

    html = next(read(desk.get("/").text).find("html")).attributes

    assert html["data-text-size"] == "normal"
    assert html["lang"] == "zh-CN"


@pytest.mark.parametrize(
    "name",
    [
        "console.css",
        "console.js",
        "htmx/htmx.min.js",
        "leaflet/leaflet.js",
        "echarts/echarts.common.min.js",
    ],
)
def test_the_consoles_own_files_are_served(stranger, name):
    response = stranger.get(f"/static/{name}")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "nothing.css"])
def test_no_other_file_is_served(stranger, path):
    assert stranger.get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost:99999", "localhost:x", "[::1"])
def test_a_host_that_the_caller_made_up_leads_nowhere_and_breaks_nothing(stranger, host):
    for path in ("/sign-in", "/staff"):
        answer = stranger.get(path, Host=host)

        assert answer.status_code < 500
        assert host not in answer.headers.get("Location", "")
        assert host not in answer.text


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/admin//evil.example/../..//evil.example",
        "javascript:alert(1)",
        "/app/",
        "\t//evil.example",
    ],
)
def test_no_next_page_leads_out_of_the_console(stranger, there):
    answer = stranger.post("/preferences", {"language": "en", "next": there})

    address = answer.headers["Location"]
    assert address.startswith("/admin/")
    assert not address.startswith("//")


def test_made_up_cookies_make_no_new_callers(session, monkeypatch):
    """Beneath the cookie lies the address: whoever changes the one still comes from the other."""
    monkeypatch.setattr("admin.app.REQUESTS_PER_ADDRESS", "3 per minute")
    app = create_app()

    statuses = [Desk(app, session, f"made-up-{number}").get("/").status_code for number in range(4)]

    assert statuses == [303, 303, 303, 429]


def test_a_forwarded_address_that_nobody_vouches_for_makes_no_new_caller(session, monkeypatch):
    monkeypatch.setattr("admin.app.REQUESTS_PER_ADDRESS", "3 per minute")
    desk = Desk(create_app(), session)

    statuses = [
        desk.get("/sign-in", **{"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(4)
    ]

    assert statuses == [200, 200, 200, 429]
