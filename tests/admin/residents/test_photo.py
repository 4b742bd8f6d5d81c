"""showPhoto, putPhoto, removePhoto: a picture for whoever opened the file, and for nobody else."""

import io

import pytest
from PIL import Image

from admin import pictures
from server.identity.models import Role
from tests.factories.people import make_resident
from tests.factories.pictures import picture, with_place

COUNTY = "140502"


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def address(mother):
    return f"/residents/{mother.id}/photo"


@pytest.fixture
def worker(sit_down, mother):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)
    desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})
    return desk


def put(desk, address, content):
    return desk.post(address, {"photo": (io.BytesIO(content), "photo.jpg")})


def test_a_photo_is_shown_in_the_open_file(worker, mother, address):
    assert "的照片" not in worker.get(f"/residents/{mother.id}").text
    assert put(worker, address, with_place()).status_code == 303

    assert 'alt="李秀英的照片"' in worker.get(f"/residents/{mother.id}").text
    shown = worker.get(address)
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert dict(Image.open(io.BytesIO(shown.data)).getexif()) == {}


def test_whoever_did_not_open_the_file_sees_none(worker, sit_down, mother, address):
    put(worker, address, picture())
    colleague = sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)
    elsewhere = sit_down(Role.COUNTY_OFFICER, division_code="140521")

    assert colleague.get(address).status_code == 403
    assert put(colleague, address, picture()).status_code == 403
    assert elsewhere.get(address).status_code == 403
    assert elsewhere.get(address).mimetype == "text/html"


@pytest.mark.parametrize("role", list(Role))
def test_a_photo_is_put_in_by_those_who_keep_the_register(every_office, mother, address, role):
    desk = every_office(role)
    desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})

    keeps = role in {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}
    assert put(desk, address, picture()).status_code == (303 if keeps else 403)


def test_it_is_replaced_and_deleted(worker, mother, address):
    put(worker, address, picture())
    first = worker.get(address).data
    put(worker, address, picture(mark=2))
    assert worker.get(address).data != first

    assert worker.post(f"{address}/removal").status_code == 303
    assert worker.get(address).status_code == 404
    history = worker.get(f"/residents/{mother.id}/history").text
    assert "上传照片" in history
    assert "删除照片" in history


@pytest.mark.parametrize("content", [b"", b"<script>", picture(kind="GIF")])
def test_what_is_no_photo_is_refused_with_a_sentence(worker, address, content):
    answer = put(worker, address, content)

    assert answer.status_code == 422
    assert "这张图片无法使用" in answer.text
    assert worker.get(address).status_code == 404


def test_without_a_file_nothing_is_changed(worker, address):
    assert worker.post(address).status_code == 422


def test_a_phone_s_picture_is_let_in_and_a_larger_one_is_not(app, worker, address, monkeypatch):
    """Both limits are made small: a larger body would be a file of the test's own browser."""
    content = picture()
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", len(content) // 2)
    assert put(worker, address, content).status_code == 303

    monkeypatch.setattr(pictures, "LARGEST_PICTURE", len(content) // 2)
    assert put(worker, address, content).status_code == 413


def test_no_other_form_is_let_in_so_large(worker, mother):
    form = {"reason": "长" * 1024 * 1024}

    assert worker.post(f"/residents/{mother.id}/openings", form).status_code == 413
