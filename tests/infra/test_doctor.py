"""The doctor names what is wrong, and goes on to the next thing."""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from infra import doctor
from infra.doctor import Weight
from infra.processes import Platform
from server.audit.anchors import append_anchor, file_of, last_anchor
from server.audit.sealing import anchor, seal
from server.db.streams import open_stream
from server.settings import settings
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY


@pytest.fixture
def platform(own_city, monkeypatch, tmp_path):
    """A platform on a database of the test's own, configured as it must be."""
    for name, value in {
        "DATABASE_URL": own_city.app_url,
        "DATABASE_OWNER_URL": own_city.owner_url,
        "DATABASE_SEALER_URL": own_city.sealer_url,
        "YINLING_CITY": CITY,
        "YINLING_VAR": str(tmp_path),
        "YINLING_FIELD_KEYS": FIELD_KEYS,
        "YINLING_INDEX_KEY": INDEX_KEY,
        "YINLING_CONTEXT_KEY": CONTEXT_KEY,
        "YINLING_PORT": str(free_port()),
    }.items():
        monkeypatch.setenv(name, value)
    # Whatever the process took its settings for in another test.
    settings.cache_clear()
    platform = Platform(CITY)
    yield platform
    platform.close()
    settings.cache_clear()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def broken(platform):
    found = doctor.examine(platform)
    return [finding.sentence for finding in found if finding.weight is Weight.BROKEN]


def test_a_sound_platform_has_nothing_broken(platform):
    assert broken(platform) == []


def test_a_role_that_passes_row_security_is_named(platform, own_city):
    superuser = create_engine(own_city.superuser_url, isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        connection.execute(text("ALTER ROLE yinling_app BYPASSRLS"))
        try:
            (sentence,) = broken(platform)
        finally:
            connection.execute(text("ALTER ROLE yinling_app NOBYPASSRLS"))
    superuser.dispose()
    assert "yinling_app" in sentence


def test_a_schema_behind_the_code_is_named(platform, own_city):
    owner = create_engine(own_city.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE city_{CITY}.alembic_version SET version_num = '0001'"))
    owner.dispose()
    (sentence,) = broken(platform)
    assert "0001" in sentence


def test_a_database_that_is_away_does_not_hide_the_other_findings(platform, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@/x?host=/nowhere")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql+psycopg://nobody@/x?host=/nowhere")
    found = list(doctor.examine(platform))
    assert any(finding.weight is Weight.BROKEN for finding in found)
    assert found[-1].weight is not Weight.BROKEN


def test_a_full_disk_is_broken_and_a_tight_one_a_look(platform, monkeypatch):
    usage = doctor.shutil.disk_usage("/")
    for free, weight in ((2**29, Weight.BROKEN), (2 * 2**30, Weight.LOOK)):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=free))  # noqa: B023
        (finding,) = doctor.check_disk(platform)
        assert finding.weight is weight


def sealed(own_city, tmp_path):
    path = file_of(tmp_path / "anchors", CITY)
    with open_stream(own_city.sealer_url, CITY, name="seal") as stream:
        seal(stream, CITY)
        anchor(stream, CITY, path)
    return path


def test_how_far_the_seal_is_behind_is_said(platform, own_city, monkeypatch):
    waiting, anchors = doctor.check_trail(platform)
    assert anchors.weight is Weight.LOOK  # nothing is anchored yet
    assert "0" in waiting.sentence

    monkeypatch.setattr("server.clock.SHIFT", timedelta(minutes=5))
    behind, _ = doctor.check_trail(platform)
    assert behind.weight is Weight.LOOK


def test_a_trail_that_carries_its_anchor_is_fine(platform, own_city, tmp_path):
    sealed(own_city, tmp_path)

    assert {one.weight for one in doctor.check_trail(platform)} == {Weight.FINE}


def test_a_trail_that_does_not_is_broken(platform, own_city, tmp_path):
    path = sealed(own_city, tmp_path)
    append_anchor(path, replace(last_anchor(path), digest=bytes(32)))

    (sentence,) = broken(platform)

    assert "yinling audit verify" in sentence
