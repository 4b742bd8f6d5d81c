"""What a phone loads first and keeps for later."""

import gzip
import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from mobile_api import phone_release
from mobile_api.phone_release import DESIGN, KeptFile, Release
from server.web.stylesheets import flattened

FIRST_LOAD_BYTES = 120_000


def content_of(pages: Client, url: str) -> bytes:
    """A file by its address, from the app or from the design system."""
    if url.startswith("/design/"):
        return (DESIGN / url.removeprefix("/design/")).read_bytes()
    response = pages.get(url)
    assert response.status_code == 200, url
    return response.data


def test_everything_a_phone_keeps_is_there(pages: Client):
    kept = [file["url"] for file in pages.get("/app/precache.json").json["files"]]

    for url in kept:
        assert content_of(pages, url), url
    assert "/app/catalogues/zh-CN.json" in kept
    assert "/design/dishes/rice.svg" in kept


def test_all_that_the_app_imports_is_kept(pages: Client):
    kept = {file.url for file in Release("/app").kept_files}
    texts = {url: content_of(pages, url).decode() for url in kept if url.endswith(".js")}

    for url, text in texts.items():
        for target in re.findall(r'from "([^"]+)"', text):
            address = target if target.startswith("/") else _resolved(url, target)
            assert address in kept, f"{url} imports {target}"


def _resolved(url: str, target: str) -> str:
    parts = url.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def test_the_first_load_fits_a_slow_line(pages: Client):
    release = Release("/app")
    urls = ["/app/", "/app/style.css", "/app/first_paint.js", "/app/catalogues/zh-CN.json"]
    urls += [*release.modules, "/design/icons.svg", "/design/brand.svg"]
    urls += [f"/design/pictures/{name}.svg" for name in ("meals", "care", "bookings", "help")]

    sizes = {url: len(gzip.compress(content_of(pages, url))) for url in urls}

    assert sum(sizes.values()) <= FIRST_LOAD_BYTES, sizes


def test_the_library_of_maps_is_there_and_no_part_of_the_first_load(pages: Client):
    release = Release("/app")

    assert b"Leaflet" in content_of(pages, "/app/leaflet/leaflet.js")
    assert content_of(pages, "/app/leaflet/leaflet.css")
    assert content_of(pages, "/app/features/homes/later/drawing.js")
    known = [*release.modules, *(file.url for file in release.kept_files)]
    assert [url for url in known if "leaflet" in url] == []


def test_what_is_opened_rarely_is_no_part_of_the_first_load_and_there_without_a_network():
    release = Release("/app")
    kept = [file.url for file in release.kept_files]

    assert [url for url in release.modules if "/later/" in url] == []
    assert "/app/features/orders/later/screens.js" in kept


def test_a_changed_file_is_a_new_release(monkeypatch: pytest.MonkeyPatch):
    before = Release("/app")
    first = before.version
    changed = [KeptFile(file.url, "changed") for file in before.kept_files[:1]]
    after = Release("/app")
    monkeypatch.setitem(after.__dict__, "kept_files", [*changed, *before.kept_files[1:]])

    assert after.version != first
    assert Release("/app").version == first


def test_a_stylesheet_takes_its_parts_in_their_order(tmp_path: Path):
    (tmp_path / "a.css").write_text("a{}\n")
    (tmp_path / "b.css").write_text("b{}\n")
    whole = tmp_path / "whole.css"
    whole.write_text('@import url("./a.css");\n@import url("./b.css");\nc{}\n')

    assert flattened(whole) == "a{}\nb{}\nc{}\n"


def test_the_offline_list_leaves_out_what_the_server_renders():
    urls = {file.url for file in Release("/app").kept_files}

    for name in phone_release.RENDERED:
        assert f"/app/{name}" not in urls
