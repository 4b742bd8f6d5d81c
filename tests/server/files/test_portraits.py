"""Somebody on the staff has one portrait, small, and what was taken out is gone."""

import io

import pytest
from PIL import Image

from server.db.refusals import refusing
from server.files.errors import PhotoJustReplaced
from server.files.images import PORTRAIT_SIDE, read_picture
from server.files.models import FilePurpose
from server.files.queries import find_content, find_portrait
from server.files.service import keep_picture, remove_portrait, replace_portrait
from tests.factories.homecare import make_home_bed, make_provider, make_worker
from tests.factories.people import make_resident
from tests.factories.pictures import picture


@pytest.fixture
def whose(session):
    bed = make_home_bed(session, make_resident(session), make_provider(session))
    return {"staff_id": make_worker(session, bed).id, "site_id": bed.site_id}


def put(session, whose, **given):
    return replace_portrait(session, content=picture(**given), **whose)


def test_the_second_takes_the_place_of_the_first(session, whose):
    first = put(session, whose)
    second = put(session, whose, mark=2)

    assert find_portrait(session, whose["staff_id"]).id == second.id
    assert find_content(session, first.id) is None


def test_there_are_never_two_however_they_come(session, whose):
    put(session, whose)
    another = read_picture(picture(mark=2))

    with (
        pytest.raises(PhotoJustReplaced),
        refusing(session, {"uq_file_one_portrait": PhotoJustReplaced()}),
    ):
        keep_picture(session, another, purpose=FilePurpose.STAFF_PHOTO, **whose)


def test_what_was_taken_out_is_gone(session, whose):
    file = put(session, whose)

    assert remove_portrait(session, whose["staff_id"])
    assert not remove_portrait(session, whose["staff_id"])
    assert find_content(session, file.id) is None


def test_it_is_as_small_as_a_face_on_a_phone_needs():
    kept = read_picture(picture(size=(3000, 4000)), longest_side=PORTRAIT_SIDE)

    assert Image.open(io.BytesIO(kept.content)).size == (360, 480)
