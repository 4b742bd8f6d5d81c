"""All faces behind one door, and what surrounds every request."""

import io
import json
import logging
import re

import pytest
import structlog
from werkzeug.test import Client
from werkzeug.wrappers import Response

from infra import logs, root, wsgi
from infra.maintenance import turn
from infra.request_frame import RequestFrame, request_id_from
from server.db.acts import present_actor
from server.db.cities import current_city
from server.settings import settings
from tests.cities import CITY


@pytest.fixture
def environment(monkeypatch, tmp_path, city_database):
    """The settings of a process on the tests' database."""
    monkeypatch.setenv("DATABASE_URL", city_database.app_url)
    monkeypatch.setenv("YINLING_VAR", str(tmp_path))
    monkeypatch.setenv("YINLING_CITY", CITY)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


class Reader(Client):
    """A client that reads every answer to its end."""

    def open(self, *args, **given):
        return super().open(*args, **given | {"buffered": True})


@pytest.fixture(scope="module")
def faces(city_database):
    """The faces, which are slow to make, once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", city_database.app_url)
        patch.setenv("YINLING_CITY", CITY)
        settings.cache_clear()
        yield wsgi.mounted(settings())
    settings.cache_clear()


@pytest.fixture
def door(environment, faces, connection):
    """The whole platform, answering through the test's own connection."""
    return Reader(wsgi.surrounded(faces, settings()))


class Written(io.StringIO):
    """What a process in production writes, line by line."""

    @property
    def lines(self):
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def written(environment, monkeypatch):
    """The log of the test, its lines about requests and all others."""
    monkeypatch.setattr(logs, "renderer_for", lambda _: logs.as_json)
    monkeypatch.setenv("YINLING_LOG_LEVEL", "debug")
    settings.cache_clear()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    written = Written()
    logs.configure(settings(), stream=written)
    yield written
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def framed(application, written=None):
    """The application in its frame, city 3201."""
    access_log = logs.access_logger(settings(), stream=written or io.StringIO())
    return Reader(RequestFrame(application, city_code="3201", access_log=access_log))


@pytest.mark.parametrize(
    "path", ["/", "/app/", "/admin/sign-in", "/api/v1/ping", "/open/openapi.json", "/api/docs"]
)
def test_every_face_answers_at_its_place(door, path):
    assert door.get(path).status_code == 200


def test_each_face_says_in_its_own_way_that_there_is_nothing(door):
    problem, page, own = door.get("/api/nope"), door.get("/admin/nope"), door.get("/nope")

    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (own.status_code, own.mimetype) == (404, "text/html")


def test_the_first_page_leads_to_every_face_in_the_readers_language(door):
    chinese = door.get("/").text
    english = door.get("/", headers={"Accept-Language": "en"}).text

    for place in ("/app/", "/admin/", "/api/docs", "/open/docs"):
        assert f'href="{place}"' in chinese
    assert '<html lang="zh-CN">' in chinese
    assert '<html lang="en">' in english
    assert "Where would you like to go?" in english
    assert "Where would you like to go?" not in chinese


# Probes and figures


def test_a_living_process_says_so_without_the_database(door):
    assert door.get("/healthz").text == "ok\n"


def test_a_process_is_ready_when_the_schema_is_the_one_it_knows(door):
    answer = door.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["ready"]
    assert answer.json["step"] == answer.json["expected"]


def test_a_process_without_its_database_is_not_ready(environment, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://u:p@/x?host=/nowhere")
    settings.cache_clear()

    answer = Reader(root.create_app(settings())).get("/readyz")

    assert (answer.status_code, answer.json["ready"], answer.json["step"]) == (503, False, None)


def test_figures_are_for_this_machine_alone(door):
    assert door.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 404


def test_figures_count_requests_by_face_and_status(door):
    door.get("/api/v1/ping")
    door.get("/admin/nope")

    figures = door.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text

    assert 'yinling_requests_total{face="phone-api",status="200"}' in figures
    assert 'yinling_requests_total{face="console",status="404"}' in figures
    assert 'yinling_request_seconds_bucket{face="phone-api",le="0.15"}' in figures


def test_figures_say_how_far_the_seal_is_behind_the_trail(door):
    """A city whose first lines nobody has sealed yet."""
    figures = door.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text

    [line] = re.findall(r"^yinling_trail_sealed_behind_seconds(?:{.*})? (\S+)$", figures, re.M)
    assert float(line) > 0


# Files


def test_a_design_file_is_sent_once_and_then_only_confirmed(door):
    first = door.get("/design/tokens.css")
    again = door.get("/design/tokens.css", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype) == (200, "text/css")
    assert (again.status_code, again.data) == (304, b"")


def test_the_console_s_stylesheet_comes_whole_in_one_file(door):
    first = door.get("/design/console.css")
    again = door.get("/design/console.css", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype) == (200, "text/css")
    assert "@import" not in first.text
    assert ".side-nav" in first.text
    assert again.status_code == 304


def test_production_lets_browsers_keep_design_files(environment, monkeypatch):
    for name, value in {
        "YINLING_ENV": "production",
        "YINLING_SECRET_KEY": "a-secret-that-nobody-else-has-ever-seen",
        "YINLING_FIELD_KEYS": "k1:" + "A" * 43 + "=",
        "YINLING_INDEX_KEY": "A" * 43 + "=",
        "YINLING_CONTEXT_KEY": "long-enough-to-be-a-context-key!",
        "YINLING_SMS_GATEWAY": "http",
        "YINLING_SMS_URL": "https://sms.example",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()

    answer = Reader(root.create_app(settings())).get("/design/tokens.css")

    assert answer.headers["Cache-Control"] == "public, max-age=604800"


@pytest.mark.parametrize("path", ["README.md", "../headers.py", "components/button", "nope.css"])
def test_nothing_but_design_files_is_sent(door, path):
    assert door.get(f"/design/{path}").status_code == 404


def test_a_problems_type_leads_to_its_meaning(door):
    page = door.get("/problems/sitting-full", headers={"Accept-Language": "en"})

    assert page.status_code == 200
    assert "full" in page.text
    assert door.get("/problems/made-up").status_code == 404


def test_browsers_find_an_icon(door):
    assert door.get("/favicon.ico").mimetype == "image/png"


# The frame of a request


def test_a_sane_request_id_is_kept_and_given_back(door):
    answer = door.get("/healthz", headers={"X-Request-Id": "build-7f3a.21"})

    assert answer.headers["X-Request-Id"] == "build-7f3a.21"


@pytest.mark.parametrize(
    "offered",
    [None, "", "short", "x" * 65, "with space in it", "a\tb-cdefgh", "13812345678",
     "140502194003071234", "call-13812345678"],
)  # fmt: skip
def test_any_other_request_id_is_replaced(offered):
    given = request_id_from(offered)

    assert given != offered
    assert len(given) == 32


def test_one_line_is_written_for_a_request_and_names_the_route_alone(faces, written):
    door = framed(faces, written)

    door.get("/problems/sitting-full?phone=13812345678", headers={"X-Request-Id": "line-0001"})

    (said,) = written.lines
    assert said["route"] == "/problems/<code>"
    assert (said["method"], said["status"]) == ("GET", 200)
    assert said["request_id"] == "line-0001"
    assert "13812345678" not in str(said)


def test_not_even_a_strange_method_brings_text_into_the_log(faces, written):
    framed(faces, written).open("/healthz", method="CALL-13812345678")

    (said,) = written.lines
    assert (said["method"], said["status"]) == ("…", 405)


def test_a_request_runs_in_its_city_and_leaves_nothing_behind():
    def application(environ, start_response):
        left = structlog.contextvars.get_contextvars().get("left")
        structlog.contextvars.bind_contextvars(left="behind")
        return Response(f"{current_city()} {left} {present_actor()}")(environ, start_response)

    client = framed(application)

    assert client.get("/").text == "3201 None None"
    assert client.get("/").text == "3201 None None"
    assert current_city() == CITY


def test_a_streamed_body_is_made_in_the_requests_own_context(written):
    def application(environ, start_response):
        pieces = (f"{current_city()}\n" for _ in range(3))
        return Response(pieces)(environ, start_response)

    assert framed(application, written).get("/").text == "3201\n" * 3
    assert len(written.lines) == 1


def test_a_fault_outside_every_face_is_answered_and_logged(written):
    def application(environ, start_response):
        raise RuntimeError("broken")

    answer = framed(application, written).get("/")

    assert answer.status_code == 500
    assert "broken" not in answer.text
    assert any("RuntimeError: broken" in line.get("exception", "") for line in written.lines)


def test_forwarded_headers_are_believed_only_where_a_proxy_is_trusted(environment, monkeypatch):
    def application(environ, start_response):
        return Response(f"{environ.get('REMOTE_ADDR')} {environ['wsgi.url_scheme']}")(
            environ, start_response
        )

    headers = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https"}
    plain = Reader(wsgi.surrounded(application, settings())).get("/", headers=headers)
    monkeypatch.setenv("YINLING_TRUSTED_PROXIES", "1")
    settings.cache_clear()
    behind = Reader(wsgi.surrounded(application, settings())).get("/", headers=headers)

    assert plain.text == "None http"
    assert behind.text == "10.9.8.7 https"


# Maintenance


def test_in_maintenance_everything_can_be_read(door, environment):
    turn(on=True, var=environment)

    assert door.get("/api/v1/ping").status_code == 200
    assert door.get("/admin/sign-in").status_code == 200


def test_in_maintenance_a_change_is_refused_kindly_by_the_api(door, environment):
    turn(on=True, var=environment)

    answer = door.post("/api/v1/bookings", json={}, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.json["type"] == "/problems/maintenance"
    assert "{" not in answer.json["detail"]
    assert int(answer.headers["Retry-After"]) > 0


def test_in_maintenance_a_form_is_answered_by_a_page(door, environment):
    turn(on=True, var=environment)

    answer = door.post("/admin/sign-in", headers={"Accept-Language": "zh-CN"})

    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert '<html lang="zh-CN">' in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_after_maintenance_changes_reach_their_face_again(door, environment):
    turn(on=True, var=environment)
    turn(on=False, var=environment)
    turn(on=False, var=environment)

    assert door.post("/api/v1/bookings", json={}).status_code == 401
