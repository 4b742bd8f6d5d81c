"""What the phone app's own server answers, before any script runs."""

import re

import pytest
from werkzeug.test import Client


@pytest.mark.parametrize("path", ["/app/", "/app/bookings", "/app/bookings/7/cancel"])
def test_every_screen_can_be_opened_at_its_own_address(pages: Client, path):
    response = pages.get(path)

    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "<h1>银龄</h1>" in response.text


@pytest.mark.parametrize(
    "path",
    ["/app/lib/none.js", "/app/index.html", "/app/../phone_app.py", "/app/catalogues/de.json"],
)
def test_a_missing_file_is_a_page_that_says_so(pages: Client, path):
    response = pages.get(path)

    assert response.status_code == 404
    assert "没有这个页面" in response.text
    assert "There is no such page" in response.text


def test_nothing_inline_runs_on_the_page(pages: Client):
    response = pages.get("/app/")
    policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=|javascript:", response.text)


def test_the_page_asks_for_every_module_at_once(pages: Client):
    text = pages.get("/app/").text
    modules = re.findall(r'modulepreload" href="([^"]+)"', text)

    assert "/app/features/home/home.js" in modules
    assert "/design/components/page-head/read_aloud.js" in modules


def test_the_stylesheet_is_one_file(pages: Client):
    text = pages.get("/app/style.css").text

    assert "@import" not in text
    for word in (":root", ".meal-code", ".home__day"):
        assert word in text


@pytest.mark.parametrize(
    "path", ["/app/", "/app/style.css", "/app/app.js", "/app/catalogues/en.json"]
)
def test_an_unchanged_file_is_not_sent_twice(pages: Client, path):
    first = pages.get(path)
    again = pages.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304


def test_the_worker_names_its_release_and_may_serve_the_whole_app(pages: Client):
    response = pages.get("/app/sw.js")
    release = pages.get("/app/precache.json").json["version"]

    assert f'const RELEASE = "{release}"' in response.text
    assert response.headers["Service-Worker-Allowed"] == "/app/"
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_manifest_makes_the_app_installable(pages: Client):
    manifest = pages.get("/app/manifest.webmanifest").get_json(force=True)

    assert manifest["display"] == "standalone"
    for image in manifest["icons"]:
        assert pages.get(f"/app/{image['src']}").mimetype == "image/png"
    assert {image["purpose"] for image in manifest["icons"]} == {"any", "maskable"}
