"""A backup is rehearsed: what comes back is what was there, and nothing comes back by halves."""

import base64
import os
import stat
import tarfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlmodel import select

from infra.backup import Progress, opened
from infra.backup.archive import write_archive
from infra.backup.locked_keys import lock
from infra.backup.taking import count_rows
from infra.cli import main
from infra.database_roles import bootstrap_roles
from server import clock
from server.audit.anchors import append_anchor, file_of, read_anchors
from server.audit.rules import Anchor
from server.audit.sealing import anchor, find_head, seal
from server.audit.verifying import verify
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.engines import make_engine
from server.db.sessions import transaction
from server.db.streams import open_stream
from server.files.images import read_picture
from server.files.queries import find_content, find_photo
from server.files.service import replace_photo
from server.residents.models import ID_NUMBER_FIELD, Resident
from server.secrets import fields
from server.settings import settings
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY, Database
from tests.factories.people import an_id_number, make_resident
from tests.factories.pictures import picture

pytestmark = pytest.mark.long

PASSPHRASE = "a passphrase of the tests"
PASSWORDS = dict.fromkeys(("yinling_owner", "yinling_app", "yinling_sealer"), "for-tests")
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
OTHER_KEY = base64.b64encode(bytes(32)).decode()
KEYS = {
    "YINLING_FIELD_KEYS": FIELD_KEYS,
    "YINLING_INDEX_KEY": INDEX_KEY,
    "YINLING_CONTEXT_KEY": CONTEXT_KEY,
}
BORN_ON = date(1931, 2, 3)
ID_NUMBER = an_id_number(7, BORN_ON)


@pytest.fixture(autouse=True)
def environment(tmp_path, monkeypatch):
    """A process of the tests' city, with its passphrase, and files of the test's own."""
    furnish(monkeypatch, tmp_path)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture(scope="module")
def city(postgres, city_database):
    """A copy of the city with two residents and their ID numbers, one of them entered after the
    trail was sealed; nobody changes it.
    """
    name = f"backed_up_{os.getpid()}"
    with database_of(postgres, f"CREATE DATABASE {name} TEMPLATE yinling OWNER yinling_owner"):
        bootstrap_roles(postgres.url(), PASSWORDS, database=name)
        database = Database.named(postgres, name)
        with in_city(CITY), acting(PLATFORM), working_on(database), transaction() as session:
            elder = make_resident(session, name="李秀英", born_on=BORN_ON, id_number=ID_NUMBER)
            replace_photo(session, elder.id, picture())
        with open_stream(database.sealer_url, CITY, name="seal") as stream:
            seal(stream, CITY)
        with in_city(CITY), acting(PLATFORM), working_on(database), transaction() as session:
            make_resident(session)
        yield database


@pytest.fixture(scope="module")
def content(city, tmp_path_factory):
    """The bytes of a backup of the city."""
    path = tmp_path_factory.mktemp("backup") / "city.yinling"
    with pytest.MonkeyPatch.context() as environment:
        furnish(environment, path.parent)
        result = run(environment, city, "backup", "--to", path)
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob(".*")) == []
    return path.read_bytes()


@pytest.fixture
def backed_up(content, tmp_path):
    """A backup of the city, the test's own."""
    path = tmp_path / "city.yinling"
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def empty(postgres):
    """A database with the roles' rights and without any city; each test finds it so."""
    name = f"empty_{os.getpid()}"
    with database_of(postgres, f"CREATE DATABASE {name} OWNER yinling_owner"):
        bootstrap_roles(postgres.url(), PASSWORDS, database=name)
        yield Database.named(postgres, name)


@pytest.fixture(autouse=True)
def nothing_left_behind(empty):
    yield
    sessions.session_factory.configure(bind=None)
    owner = create_engine(empty.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS city_{CITY} CASCADE"))
    owner.dispose()


@contextmanager
def database_of(postgres, statement):
    admin = create_engine(postgres.url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
        yield
        connection.execute(text(f"DROP DATABASE {statement.split()[2]} WITH (FORCE)"))
    admin.dispose()


@contextmanager
def working_on(database):
    fields.hold(fields.keyring_from(FIELD_KEYS, INDEX_KEY))
    sessions.use_context_key(CONTEXT_KEY)
    engine = make_engine(database.app_url)
    sessions.session_factory.configure(bind=engine, join_transaction_mode="conditional_savepoint")
    yield
    sessions.session_factory.configure(bind=None)
    engine.dispose()


def furnish(environment, folder):
    environment.setenv("YINLING_VAR", str(folder / "var"))
    environment.setenv("YINLING_BACKUP_PASSPHRASE", PASSPHRASE)
    environment.setenv("LC_ALL", "en_US.UTF-8")
    for name, value in KEYS.items():
        environment.setenv(name, value)


def run(environment, database, *words, **given):
    environment.setenv("DATABASE_URL", database.app_url)
    environment.setenv("DATABASE_OWNER_URL", database.owner_url)
    settings.cache_clear()
    return CliRunner().invoke(main, [str(word) for word in words], **given)


def schemas_and_counts(database):
    owner = create_engine(database.owner_url)
    with owner.connect() as connection:
        schemas = connection.execute(
            text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'city%'")
        )
        found = {schema: count_rows(connection, schema) for schema in schemas.scalars().all()}
    owner.dispose()
    return found


def without_the_note(counts):
    """What the city held when it was backed up: that it was is written down there afterwards."""
    rows = counts[f"city_{CITY}"]
    return counts | {
        f"city_{CITY}": rows | {name: rows[name] - 1 for name in ("act", "job_run", "trail_entry")}
    }


def test_a_city_comes_back_as_it_was_and_works(city, backed_up, empty, tmp_path, environment):
    keys = tmp_path / "keys.env"

    result = run(environment, empty, "restore", backed_up, "--keys-to", keys)

    assert result.exit_code == 0, result.output
    assert "City 1405 is restored" in result.output
    assert schemas_and_counts(empty) == without_the_note(schemas_and_counts(city))
    assert keys.read_text() == "".join(f"{name}={value}\n" for name, value in KEYS.items())
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600

    with acting(PLATFORM), working_on(empty), transaction() as session:
        elder = session.exec(select(Resident).where(Resident.name == "李秀英")).one()
        assert fields.keyring().decrypt(elder.id_number_cipher, ID_NUMBER_FIELD) == ID_NUMBER
        photo = find_photo(session, elder.id)
        assert find_content(session, photo.id) == read_picture(picture()).content
        make_resident(session)


def test_the_restored_trail_is_older_than_every_transaction(backed_up, empty, environment):
    run(environment, empty, "restore", backed_up)

    owner = create_engine(empty.owner_url)
    with owner.connect() as connection:
        numbers = (
            connection.execute(
                text(f"SELECT DISTINCT transaction_number::text FROM city_{CITY}.trail_entry")
            )
            .scalars()
            .all()
        )
    owner.dispose()
    assert sorted(numbers) == ["0", "1"]


def test_the_restored_trail_is_sealed_on_where_it_stood(
    backed_up, city, empty, tmp_path, environment
):
    """What was not sealed at the backup follows; what was anchored after it is not missed."""
    path = file_of(tmp_path / "var" / "anchors", CITY)
    with open_stream(city.sealer_url, CITY, name="seal") as stream:
        before = find_head(stream, CITY)
    append_anchor(path, Anchor(CITY, before.position, before.digest, clock.now()))
    append_anchor(path, Anchor(CITY, before.position + 100, bytes(32), clock.now()))

    assert run(environment, empty, "restore", backed_up).exit_code == 0

    restored = read_anchors(path)[-1]
    assert (restored.position, restored.digest) == (before.position, before.digest)
    assert restored.restored
    with open_stream(empty.sealer_url, CITY, name="seal") as stream:
        assert seal(stream, CITY) == 2  # A resident, and the act of taking the backup.
        anchor(stream, CITY, path)
        verdict = verify(stream, CITY, read_anchors(path))
    assert (verdict.broken, verdict.last) == (None, before.position + 2)


def test_the_file_holds_no_key_in_the_clear(backed_up):
    with tarfile.open(backed_up) as tar:
        assert set(tar.getnames()) == {"SHA256SUMS", "manifest.json", "keys.json", "database.dump"}
    content = backed_up.read_bytes()
    assert not [value for value in KEYS.values() if value.encode() in content]


def test_another_passphrase_is_refused_and_nothing_is_restored(backed_up, empty, environment):
    environment.delenv("YINLING_BACKUP_PASSPHRASE")

    result = run(environment, empty, "restore", backed_up, input="another passphrase\n")

    assert result.exit_code == 1
    assert "This passphrase does not open the backup." in result.output
    assert schemas_and_counts(empty) == {}


@pytest.mark.parametrize("member", ["manifest.json", "database.dump", "keys.json", "SHA256SUMS"])
def test_a_changed_byte_is_refused_and_nothing_is_restored(member, backed_up, empty, environment):
    with tarfile.open(backed_up) as tar:
        place = tar.getmember(member)
    content = bytearray(backed_up.read_bytes())
    content[place.offset_data + place.size // 2] ^= 1
    backed_up.write_bytes(content)

    result = run(environment, empty, "restore", backed_up)

    assert result.exit_code == 1
    assert "is damaged" in result.output or "cannot be read as a backup" in result.output
    assert schemas_and_counts(empty) == {}


def test_half_a_file_is_refused(backed_up, empty, environment):
    content = backed_up.read_bytes()
    backed_up.write_bytes(content[: len(content) // 2])

    result = run(environment, empty, "restore", backed_up)

    assert result.exit_code == 1
    assert "cannot be read as a backup" in result.output


def test_a_city_that_is_there_is_not_overwritten(city, backed_up, environment):
    before = schemas_and_counts(city)

    result = run(environment, city, "restore", backed_up)

    assert result.exit_code == 1
    assert "City 1405 is there already" in result.output
    assert schemas_and_counts(city) == before


def test_keys_that_do_not_read_the_city_make_no_backup(city, tmp_path, environment):
    environment.setenv("YINLING_FIELD_KEYS", f"t1:{OTHER_KEY}")
    path = tmp_path / "city.yinling"

    result = run(environment, city, "backup", "--to", path)

    assert result.exit_code == 1
    assert "The keys do not read the ID numbers of this city." in result.output
    assert not path.exists()


def test_in_development_the_lines_for_the_secrets_are_said(backed_up, empty, environment):
    environment.setenv("YINLING_INDEX_KEY", OTHER_KEY)

    result = run(environment, empty, "restore", backed_up)

    assert result.exit_code == 0, result.output
    assert "Put these lines into var/secrets.env" in result.output
    assert f"YINLING_FIELD_KEYS={FIELD_KEYS}\n" in result.output


def test_in_production_keys_are_not_printed(backed_up, empty, environment):
    environment.setenv("YINLING_ENV", "production")
    for name in KEYS:
        environment.delenv(name)

    result = run(environment, empty, "restore", backed_up)

    assert result.exit_code == 1
    assert "--keys-to FILE" in result.output
    assert schemas_and_counts(empty) == {}


def test_a_backup_does_not_overwrite_a_file_unasked(city, tmp_path, environment):
    path = tmp_path / "city.yinling"
    path.write_text("precious")

    result = run(environment, city, "backup", "--to", path)

    assert result.exit_code == 1
    assert path.read_text() == "precious"


def test_a_city_that_is_not_there_cannot_be_backed_up(empty, tmp_path, environment):
    result = run(environment, empty, "backup", "--to", tmp_path / "city.yinling")

    assert result.exit_code == 1
    assert "City 1405 is not set up here." in result.output
    assert list(tmp_path.glob("*city*")) == []


def test_what_comes_back_in_other_numbers_is_removed_again(backed_up, empty, tmp_path, environment):
    """A manifest that says another number stands for rows that were lost on the way."""
    draft, dump = tmp_path / "other.yinling", tmp_path / "database.dump"
    with opened(backed_up, Progress(print)) as archive:
        rows = {**archive.manifest.rows, "resident": 3}
        manifest = replace(archive.manifest, rows=rows).to_bytes()
        dump.write_bytes(archive.dump().read())
        locked = lock(archive.keys(PASSPHRASE), PASSPHRASE, belonging_to=manifest)
    write_archive(draft, manifest=manifest, locked_keys=locked, dump=dump)

    result = run(environment, empty, "restore", draft)

    assert result.exit_code == 1
    assert "Other rows came back than were backed up, in: resident" in result.output
    assert schemas_and_counts(empty) == {}
