"""One small demo city for every test that only looks at it, and a way to another."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from infra.cities import add_city
from infra.demo.loading import load_demo
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.engines import make_engine, make_owner_engine
from server.db.sessions import transaction
from server.secrets import fields
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY, Database

TEMPLATE = "yinling"
RESIDENTS = 300
HERE = Path(__file__).parent
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


def pytest_collection_modifyitems(items):
    """Making a city takes its time: every test in this folder is a long one."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.long)


def set_up(database, city=CITY):
    """Give the city of this database all of its divisions."""
    owner = make_owner_engine(database.owner_url)
    try:
        return add_city(city, owner=owner, context_key=CONTEXT_KEY)
    finally:
        owner.dispose()


@pytest.fixture(scope="session")
def demo_database(postgres, city_database):
    """A copy of the tests' city with a demo of 300 residents; nobody may change it."""
    name = f"demo_{os.getpid()}"
    admin = create_engine(postgres.url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER yinling_owner"))
        connection.execute(text(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO yinling_app"))
    admin.dispose()
    return Database.named(postgres, name)


@pytest.fixture(scope="session")
def demo_engine(demo_database):
    """The application's engine on the demo, which is loaded with it."""
    fields.hold(fields.keyring_from(FIELD_KEYS, INDEX_KEY))
    sessions.use_context_key(CONTEXT_KEY)
    engine = make_engine(demo_database.app_url, pool_size=2)
    sessions.session_factory.configure(bind=engine)
    set_up(demo_database)
    with in_city(CITY):
        load_demo(residents=RESIDENTS)
    sessions.session_factory.configure(bind=None)
    yield engine
    engine.dispose()


@pytest.fixture
def demo(demo_engine):
    """Every session of the test is one on the demo."""
    sessions.session_factory.configure(
        bind=demo_engine, join_transaction_mode="conditional_savepoint"
    )
    yield
    sessions.session_factory.configure(bind=None)


@pytest.fixture
def empty_city(own_city):
    """A database of the test's own: all divisions, and nobody in them."""
    set_up(own_city)
    return own_city


@pytest.fixture
def ask():
    """Ask plain SQL as the platform: `ask("SELECT …", name=value)` returns the rows."""

    def ask(statement, **values):
        with acting(PLATFORM), transaction(writes=False) as session:
            return session.connection().execute(text(statement), values).all()

    return ask
