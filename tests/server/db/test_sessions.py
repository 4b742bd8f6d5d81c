"""Who acts, what the database lets them see, and what it writes down about it."""

from contextvars import Context

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server.db.acts import Act, Face, NoAct, acting
from server.db.cities import in_city
from server.db.sessions import actor_of, reaching_everywhere, transaction
from tests.cities import CITY, CONTEXT_KEY
from tests.factories.meals import make_canteen
from tests.factories.people import make_resident, make_sign_in, make_staff


def put_provider(session, name="德善养老"):
    session.execute(text("INSERT INTO provider (name) VALUES (:name)"), {"name": name})


def test_a_transaction_without_an_act_is_not_opened(connection):
    def open_one():
        with in_city(CITY), transaction():
            pass

    with pytest.raises(NoAct):
        Context().run(open_one)


def test_a_change_leaves_one_line_that_points_to_its_act(connection, as_platform):
    with transaction() as session:
        put_provider(session)
        act_id = actor_of(session).act_id
    with transaction(writes=False) as session:
        act = session.execute(text("SELECT face, action FROM act WHERE id = :id"), {"id": act_id})
        assert act.one() == ("command", "tests")


def test_a_reading_transaction_refuses_even_plain_sql(connection, as_platform):
    with pytest.raises(DBAPIError, match="read-only"), transaction(writes=False) as session:
        put_provider(session)


def test_writing_works_again_after_reading(connection, as_platform):
    with transaction(writes=False):
        pass
    with transaction() as session:
        put_provider(session)


def test_an_unknown_token_makes_nobody(connection):
    with acting(Act(Face.PHONE, "test", "r", token="made-up")), transaction() as session:
        assert not actor_of(session).is_known


def test_a_wrong_context_key_is_refused(connection, as_platform, monkeypatch):
    monkeypatch.setattr("server.db.sessions._context_key", ["wrong"])
    with pytest.raises(DBAPIError, match="context key"), transaction():
        pass


class TestReachingEverywhere:
    """What an act leads to goes further than the actor sees, for as long as the block lasts."""

    PEOPLE = text("SELECT count(*) FROM resident")

    @pytest.fixture
    def as_cook(self, session):
        make_resident(session)
        cook = make_staff(session, "canteen_staff", site_id=make_canteen(session).site_id)
        token = make_sign_in(session, staff=cook)
        session.commit()
        with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
            yield cook

    def count(self, session):
        return session.execute(self.PEOPLE).scalar_one()

    def test_only_within_the_block(self, as_cook):
        with transaction() as session:
            assert self.count(session) == 0
            with reaching_everywhere(session):
                assert self.count(session) == 1
            assert self.count(session) == 0

    def test_nor_after_an_error_in_it(self, as_cook):
        with transaction() as session:
            with pytest.raises(DBAPIError), reaching_everywhere(session):
                session.execute(text("SELECT 1 / 0"))
            assert self.count(session) == 0

    def test_the_trail_still_names_the_actor(self, as_cook, connection):
        with transaction() as session:
            with reaching_everywhere(session):
                session.execute(text("UPDATE resident SET address = '建设路 9 号'"))
            act_id = actor_of(session).act_id
            context = text("SELECT entered() -> 'who' ->> 'staff', entered() ->> 'act'")
            staff, act = session.execute(context).one()
        assert (int(staff), int(act)) == (as_cook.id, act_id)

    @pytest.mark.parametrize("key", ["", "another-key", None])
    def test_only_the_platforms_own_key_opens_it(self, as_cook, key):
        with transaction() as session:
            with pytest.raises(DBAPIError, match="context key"), session.begin_nested():
                session.execute(text("SELECT reach_everywhere(:key)"), {"key": key})
            assert self.count(session) == 0

    def test_and_only_once_somebody_acts(self, own_city):
        engine = create_engine(own_city.app_url)
        with engine.connect() as plain:
            plain.execute(text("SET search_path TO city_1405"))
            with pytest.raises(DBAPIError, match="context key"):
                plain.execute(text("SELECT reach_everywhere(:key)"), {"key": CONTEXT_KEY})
        engine.dispose()
