"""The provider's care workers have faces, which the elders they visit see."""

import io

from server.files.images import read_picture
from server.files.models import FilePurpose
from server.files.service import keep_picture
from tests.factories.homecare import make_proof
from tests.factories.pictures import picture


def put(desk, worker, content):
    data = {"photo": (io.BytesIO(content), "1.jpg")}
    return desk.post(f"/care/workers/{worker.id}/portrait", data)


def test_a_portrait_is_put_in_and_taken_out(manager, visit, worker):
    assert put(manager, worker, picture(size=(900, 1200))).status_code == 303

    shown = manager.get(f"/care/workers/{worker.id}/portrait")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "段暖的照片" in manager.get("/care/workers").text
    manager.post(f"/care/workers/{worker.id}/portrait/removal")
    assert manager.get(f"/care/workers/{worker.id}/portrait").status_code == 404


def test_it_is_small_and_without_a_place(session, manager, visit, worker):
    put(manager, worker, picture(size=(3000, 4000)))

    content = manager.get(f"/care/workers/{worker.id}/portrait").data
    assert len(content) < 60_000
    assert b"Exif" not in content


def test_what_is_no_picture_is_refused(manager, worker):
    assert put(manager, worker, b"<svg onload='x'/>").status_code == 422


def test_another_providers_worker_is_not_theirs_to_show(other_manager, visit, worker):
    assert put(other_manager, worker, picture()).status_code == 404
    removal = f"/care/workers/{worker.id}/portrait/removal"
    assert other_manager.post(removal).status_code == 404
    assert other_manager.get(f"/care/workers/{worker.id}/portrait").status_code == 404


def test_the_county_puts_in_none(county, worker):
    assert put(county, worker, picture()).status_code == 403


def test_the_photo_of_a_visit_is_on_its_page(session, manager, other_manager, visit):
    whose = {"resident_id": visit.resident_id, "site_id": visit.site_id}
    kept = read_picture(picture())
    file = keep_picture(session, kept, purpose=FilePurpose.VISIT_PHOTO, **whose)
    make_proof(session, visit, photo_file_id=file.id)

    assert f"/care/workers/photos/{visit.id}" in manager.get(f"/care/visits/{visit.id}").text
    assert manager.get(f"/care/workers/photos/{visit.id}").data == kept.content
    assert other_manager.get(f"/care/workers/photos/{visit.id}").status_code == 404
