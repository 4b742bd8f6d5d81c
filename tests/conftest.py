"""A real PostgreSQL for the whole session; each test inside a transaction that is never kept."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from infra.database_roles import bootstrap_roles
from infra.embedded_postgres import EmbeddedPostgres
from infra.wiring import HANDLERS
from server import events
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.engines import make_engine, make_owner_engine
from server.migrations.run import migrate
from server.payments import providing
from server.secrets import fields
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY, Database, furnish

PASSWORDS = dict.fromkeys(("yinling_owner", "yinling_app", "yinling_sealer"), "for-tests")
TEMPLATE = "yinling"


def pytest_collection_finish() -> None:
    """Thousands of tests live to the end: a search for garbage need not walk over them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The server of this test session, in memory where the machine allows."""
    shelf = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yinling-tests-", dir=shelf) as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "data"
        with EmbeddedPostgres(data, password="for-tests", durable=False) as server:
            yield server


@pytest.fixture(scope="session")
def city_database(postgres: EmbeddedPostgres) -> Database:
    """A migrated city with its divisions and figures; a template, so nobody stays connected."""
    bootstrap_roles(postgres.url(), PASSWORDS, database=TEMPLATE)
    database = Database.named(postgres, TEMPLATE)
    owner = make_owner_engine(database.owner_url)
    migrate(owner, CITY, context_key=CONTEXT_KEY)
    owner.dispose()
    fields.hold(fields.keyring_from(FIELD_KEYS, INDEX_KEY))
    sessions.use_context_key(CONTEXT_KEY)
    furnish(database)
    return database


@pytest.fixture(scope="session")
def engine(postgres: EmbeddedPostgres, city_database: Database) -> Iterator[Engine]:
    """The application's own engine, as the role that row security holds, on a copy of the city."""
    with _copy_of_the_city(postgres) as database:
        engine = make_engine(database.app_url, pool_size=4)
        yield engine
        engine.dispose()


@pytest.fixture(autouse=True)
def keys_and_city(request: pytest.FixtureRequest) -> Iterator[None]:
    """What `infra.wiring` gives a process, for every test; and the city of the work."""
    fields.hold(fields.keyring_from(FIELD_KEYS, INDEX_KEY))
    sessions.use_context_key(CONTEXT_KEY)
    events.wire(HANDLERS)
    providing.hold(None)
    with in_city(CITY):
        yield


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One connection whose outer transaction is never kept; every session of the test joins it."""
    with engine.connect() as connection:
        outer = connection.begin()
        sessions.session_factory.configure(
            bind=connection, join_transaction_mode="create_savepoint"
        )
        yield connection
        outer.rollback()
        sessions.session_factory.configure(bind=None, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def as_platform() -> Iterator[Act]:
    """The platform itself acts."""
    with acting(Act(Face.COMMAND, "tests", "test", service=True)) as act:
        yield act


@pytest.fixture
def session(connection: Connection, as_platform: Act) -> Iterator[Session]:
    """A session in which the platform acts and sees everything.

    `commit()` hands the rows over to the code under test; whatever the session does next begins
    by entering again, since the code under test has entered as someone else meanwhile.
    """
    session = sessions.session_factory()

    @event.listens_for(session, "after_begin")
    def enter(session: Session, transaction: SessionTransaction, own: Connection) -> None:
        if transaction.parent is None:
            session.info["actor"] = sessions.enter(own, as_platform, writes=True)

    yield session
    session.close()


@pytest.fixture
def own_city(postgres: EmbeddedPostgres, city_database: Database) -> Iterator[Database]:
    """A database of the test's own, a copy of the city, for real commits by real connections."""
    with _copy_of_the_city(postgres) as database:
        engine = make_engine(database.app_url, pool_size=16)
        sessions.session_factory.configure(
            bind=engine, join_transaction_mode="conditional_savepoint"
        )
        yield database
        engine.dispose()
        sessions.session_factory.configure(bind=None)


@contextmanager
def _copy_of_the_city(postgres: EmbeddedPostgres) -> Iterator[Database]:
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    admin = create_engine(postgres.url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # A copy of files takes a tenth of the time of one that writes a log of every page.
        how = f"TEMPLATE {TEMPLATE} STRATEGY FILE_COPY OWNER yinling_owner"
        connection.execute(text(f"CREATE DATABASE {name} {how}"))
        roles = "yinling_app, yinling_sealer"
        connection.execute(text(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {roles}"))
    try:
        yield Database.named(postgres, name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


_numbers = iter(range(1, 1_000_000))
