"""Who acts, what the database lets them see, and what it writes down about it."""

from contextvars import Context

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.db.acts import Act, Face, NoAct, acting
from server.db.cities import in_city
from server.db.sessions import actor_of, transaction
from tests.cities import CITY


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
