"""A city whose trail is sealed, and somebody who may bend anything in its database."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from server.audit.anchors import file_of, read_anchors
from server.audit.sealing import anchor, seal
from server.audit.verifying import verify
from server.db.sessions import transaction
from server.db.streams import open_stream
from tests.cities import CITY
from tests.factories.people import make_resident


@pytest.fixture
def path(tmp_path):
    """The file that anchors are appended to."""
    return file_of(tmp_path / "anchors", CITY)


@pytest.fixture
def stream(own_city):
    """The sealer's own connection."""
    with open_stream(own_city.sealer_url, CITY, name="seal") as stream:
        yield stream


@pytest.fixture
def change(own_city, as_platform) -> Callable[[int], None]:
    """Writes lines of the trail: so many residents, each entered by an act of its own."""

    def write(count=1):
        for _ in range(count):
            with transaction() as session:
                make_resident(session)

    return write


@pytest.fixture
def trail(stream, path, change):
    """The sealed trail, with its means: change, seal and anchor, verify."""

    def seal_and_anchor(**given):
        sealed = seal(stream, CITY, **given)
        anchor(stream, CITY, path)
        return sealed

    def verdict(**given):
        return verify(stream, CITY, read_anchors(path), **given)

    def positions():
        found = stream.execute("SELECT position, entry_id FROM trail_seal ORDER BY position")
        return dict(found.fetchall())

    return SimpleNamespace(
        change=change, seal=seal_and_anchor, verify=verdict, positions=positions, path=path
    )


@pytest.fixture
def superuser(own_city) -> Callable[..., None]:
    """Runs statements as whoever holds the database itself, past every right and trigger."""
    engine = create_engine(own_city.superuser_url)

    def bend(*statements, **values):
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL search_path TO city_{CITY}"))
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement), values)

    yield bend
    engine.dispose()
