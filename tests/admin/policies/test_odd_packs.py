"""Packs that somebody made to break the reader: refused with what is wrong, and nothing is kept."""

import io
import zipfile

import pytest
from sqlmodel import select

from server.policies.programmes.models import PolicyPack
from server.policies.programmes.packs import FOLDER, PACKS

HEAD = 'pack: guizhou-guiyang\ntitle: {{zh: "{title}", en: Guiyang}}\n'
PROGRAMMES = PACKS / "guizhou-guiyang" / FOLDER


def bring(desk, **files):
    sent = [(io.BytesIO(content), name.replace("_", ".")) for name, content in files.items()]
    return desk.post("/policies/uploads", {"starts_on": "2027-01-01", "files": sent})


def with_title(desk, title):
    others = {
        path.name: path.read_bytes()
        for path in sorted(PROGRAMMES.glob("*.yaml")) if path.name != "pack.yaml"
    }  # fmt: skip
    head = HEAD.format(title=title).encode()
    sent = [(io.BytesIO(content), name) for name, content in (others | {"pack.yaml": head}).items()]
    return desk.post("/policies/uploads", {"starts_on": "2027-01-01", "files": sent})


def test_the_pack_itself_is_a_good_one(city):
    assert with_title(city, "贵阳").status_code == 303


@pytest.mark.parametrize("title", [r"a\0b", r"\ud83d", r"\x07", r"\x1b[31m", r"\x7f"])
def test_letters_that_nobody_can_see_are_named(session, city, title):
    answer = with_title(city, title)

    assert answer.status_code == 422
    assert "控制字符" in answer.text
    assert session.exec(select(PolicyPack)).all() == []


@pytest.mark.parametrize(
    "content",
    [
        rb'"\ud83d": 1', rb'"a\0b": 1', b"a: !!python/object:os.system x", b"a: &a [*a]",
        b"a: &a [1, 1]\nb: [*a, *a]", b"[" * 5_000, b"a: 1\na: 2", b"a: " + b"9" * 100_000,
        b"? [a]\n: b", b"\xff\xfe", b"a: 0x10\nb: 1_0\nc: .inf", b"<<: {a: 1}", b"", b"\0",
    ],
)  # fmt: skip
def test_a_file_that_was_made_to_break_the_reader_breaks_nothing(session, city, content):
    answer = bring(city, pack_yaml=content, x_yaml=content)

    assert answer.status_code == 422
    assert session.exec(select(PolicyPack)).all() == []


def test_a_torn_archive_is_no_pack(city):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pack.yaml", HEAD * 100)
    torn = bytearray(written.getvalue())
    for at in range(40, 60):
        torn[at] ^= 0xFF

    assert bring(city, x_zip=bytes(torn)).status_code == 422


def test_an_archive_that_unpacks_to_more_than_it_may_is_too_large(city):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.yaml", b" " * (10 * 1024 * 1024))

    assert bring(city, x_zip=written.getvalue()).status_code in (413, 422)
