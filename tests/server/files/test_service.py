"""A photo is kept sealed, once for each resident, and what was removed is gone."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.files import queries, service
from server.files.errors import ImageUnusable, PhotoJustReplaced
from server.files.images import read_picture
from tests.factories.assessments import Office
from tests.factories.people import make_resident
from tests.factories.pictures import picture

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


class Home:
    def __init__(self, session):
        self.mother = make_resident(session).id
        self.neighbour = make_resident(session).id
        self.office = Office(session)
        self.elsewhere = Office(session, division_code="140521")


@pytest.fixture
def home(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Home(session)


def put(home, content, *, resident=None):
    with home.office.at_work() as session:
        return service.replace_photo(session, resident or home.mother, content).id


def photo_of(office, resident_id):
    with office.at_work(writes=False) as session:
        photo = queries.find_photo(session, resident_id)
        return photo and queries.find_content(session, photo.id)


def rows(query):
    with acting(PLATFORM), sessions.transaction() as session:
        return session.execute(text(query)).all()


def test_a_photo_comes_back_as_it_was_kept(home):
    put(home, picture())

    assert photo_of(home.office, home.mother) == read_picture(picture()).content


def test_it_is_sealed_and_written_down_by_its_hash(home):
    put(home, picture())
    content = read_picture(picture()).content

    [(sealed,)] = rows("SELECT content_cipher FROM file_content")
    [(body,)] = rows("SELECT body FROM trail_entry WHERE table_name = 'file'")
    assert content[:40] not in bytes(sealed)
    assert read_picture(picture()).sha256.hex() in body
    [(action,)] = rows("SELECT a.action FROM file f JOIN act a ON a.id = f.uploaded_by_act_id")
    assert action == "tests"


def test_what_was_replaced_keeps_its_hash_and_loses_its_content(home):
    first = put(home, picture())
    second = put(home, picture(mark=1))

    assert rows("SELECT file_id FROM file_content") == [(second,)]
    assert rows("SELECT id FROM file WHERE removed_at IS NOT NULL") == [(first,)]


def test_a_refused_picture_leaves_the_photo_in_place(home):
    put(home, picture())

    with pytest.raises(ImageUnusable):
        put(home, b"not a picture")
    assert photo_of(home.office, home.mother) is not None


def test_another_county_sees_no_photo(home):
    photo = put(home, picture())

    assert photo_of(home.elsewhere, home.mother) is None
    with home.elsewhere.at_work(writes=False) as session:
        assert queries.find_content(session, photo) is None
        assert queries.find_alike(session, read_picture(picture()).perceptual_hash) == []


def test_of_several_windows_at_once_one_photo_stands(home):
    def try_it(mark):
        try:
            return put(home, picture(mark=mark))
        except PhotoJustReplaced:
            return None

    with ThreadPoolExecutor(4) as crew:
        tasks = [crew.submit(copy_context().run, try_it, mark) for mark in range(4)]
        kept = [task.result() for task in tasks]

    assert any(kept)
    assert rows("SELECT count(*) FROM file WHERE removed_at IS NULL") == [(1,)]
    assert rows("SELECT count(*) FROM file_content") == [(1,)]


def test_a_photo_kept_while_another_waited_is_still_replaced(home):
    """The one that waited read its clock before the other's picture was kept."""
    first = put(home, picture())
    with time_machine.travel(clock.now() - timedelta(seconds=1), tick=False):
        second = put(home, picture(mark=1))

    assert photo_of(home.office, home.mother) == read_picture(picture(mark=1)).content
    assert rows("SELECT id FROM file WHERE removed_at = uploaded_at") == [(first,)]
    assert second != first


def test_pictures_alike_are_found_over_the_city_the_nearest_first(home):
    put(home, picture(size=(800, 600)))
    put(home, picture(size=(400, 300), quality=40), resident=home.neighbour)
    wanted = read_picture(picture(size=(800, 600))).perceptual_hash

    with home.office.at_work(writes=False) as session:
        found = queries.find_alike(session, wanted)
        nobody = queries.find_alike(session, ~wanted)

    assert [one.resident_id for one in found] == [home.mother, home.neighbour]
    assert found[0].distance == 0
    assert nobody == []


def test_a_removed_photo_is_gone(home):
    put(home, picture())

    with home.office.at_work() as session:
        assert service.remove_photo(session, home.mother) is True
        assert service.remove_photo(session, home.mother) is False
    assert photo_of(home.office, home.mother) is None
