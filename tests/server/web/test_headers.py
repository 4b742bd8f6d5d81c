"""What guards a page in the browser, and how answers are compressed."""

import gzip

import pytest
from flask import Flask, Response

from server.settings import Settings
from server.web.headers import add_security_headers, compress, content_security_policy

LONG = "订午饭 " * 400


@pytest.fixture
def client():
    app = Flask("headers", static_folder=None)
    compress(app)
    add_security_headers(app)

    @app.get("/menu")
    def menu() -> Response:
        response = Response(LONG, mimetype="text/plain")
        response.set_etag("menu-7")
        return response

    @app.get("/own")
    def own() -> Response:
        return Response("ok", headers={"Content-Security-Policy": "default-src 'none'"})

    return app.test_client()


def test_no_inline_script_or_style_may_run_and_nobody_may_frame_us(client):
    policy = client.get("/menu").headers["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_pictures_of_a_map_come_from_its_host_and_nothing_else_does():
    policy = content_security_policy("https://tiles.example.cn/{z}/{x}/{y}.png?key=1")

    assert "img-src 'self' data: https://tiles.example.cn;" in policy
    assert policy.count("tiles.example.cn") == 1
    assert "https:" not in content_security_policy()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_a_page_carries_what_browsers_guard_it_by(client, header, value):
    assert client.get("/menu").headers[header] == value


def test_pages_ask_firebase_for_a_name_where_the_city_sends_pushes_and_nowhere_else():
    policy = content_security_policy(pushes=True)
    [asked] = [one for one in policy.split("; ") if one.startswith("connect-src")]

    assert asked.split()[1:] == [
        "'self'",
        "https://firebaseinstallations.googleapis.com",
        "https://fcmregistrations.googleapis.com",
    ]
    assert policy.count("https:") == 2
    assert "connect-src" not in content_security_policy()


@pytest.mark.parametrize("is_configured", [True, False])
def test_the_setting_for_web_pushes_opens_the_policy(monkeypatch, is_configured):
    web = '{"apiKey": "k"}' if is_configured else ""
    monkeypatch.setattr("server.web.headers.settings", lambda: Settings(fcm_web=web))
    app = Flask("pushes", static_folder=None)
    add_security_headers(app)

    policy = app.test_client().get("/nothing").headers["Content-Security-Policy"]

    assert ("googleapis.com" in policy) is is_configured


def test_camera_and_position_are_for_our_own_pages_alone(client):
    policy = client.get("/menu").headers["Permissions-Policy"]

    assert "camera=(self)" in policy
    assert "geolocation=(self)" in policy
    assert "microphone=()" in policy


def test_transport_is_pinned_only_where_it_is_https_already(client):
    plain = client.get("/menu")
    encrypted = client.get("/menu", base_url="https://localhost")

    assert "Strict-Transport-Security" not in plain.headers
    assert "max-age=31536000" in encrypted.headers["Strict-Transport-Security"]


def test_a_view_may_choose_its_own_policy(client):
    assert client.get("/own").headers["Content-Security-Policy"] == "default-src 'none'"


def test_an_answer_is_compressed_for_a_reader_who_takes_it(client):
    response = client.get("/menu", headers={"Accept-Encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data).decode() == LONG
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_small_answer_stays_as_it_is(client):
    assert "Content-Encoding" not in client.get("/own", headers={"Accept-Encoding": "gzip"}).headers


def test_the_same_etag_names_the_answer_in_every_encoding(client):
    plain = client.get("/menu")
    small = client.get("/menu", headers={"Accept-Encoding": "br"})

    assert plain.headers["ETag"] == small.headers["ETag"] == 'W/"menu-7"'


def test_a_reader_who_has_the_compressed_answer_is_not_sent_it_again(client):
    etag = client.get("/menu", headers={"Accept-Encoding": "br"}).headers["ETag"]

    again = client.get("/menu", headers={"Accept-Encoding": "br", "If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
