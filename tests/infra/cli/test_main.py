"""The `yinling` command itself: its map, its language, its city, its sentences."""

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from infra.cli import ENTRIES, MAP, load, main, terminal_language
from infra.cli.wired import wired
from infra.maintenance import is_on
from infra.processes import Misconfigured, Platform
from server.db.acts import current_act
from server.db.cities import current_city
from server.db.sessions import transaction
from server.i18n.catalogues import LANGUAGES, catalogue
from server.settings import settings
from tests.cities import CONTEXT_KEY, FIELD_KEYS, INDEX_KEY


@pytest.fixture
def machine(monkeypatch, tmp_path, own_city):
    """A machine whose environment names the test's own database."""
    values = {
        "DATABASE_URL": own_city.app_url,
        "DATABASE_OWNER_URL": own_city.owner_url,
        "YINLING_CONTEXT_KEY": CONTEXT_KEY,
        "YINLING_FIELD_KEYS": FIELD_KEYS,
        "YINLING_INDEX_KEY": INDEX_KEY,
        "YINLING_VAR": str(tmp_path / "var"),
        "LC_ALL": "en_GB.UTF-8",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


def run(*words, **environ):
    return CliRunner(env=environ).invoke(main, words)


# The map


def test_help_is_a_map_with_every_command_once():
    help_text = run("--help", LC_ALL="en_GB.UTF-8").output

    shown = [line.split()[0] for line in help_text.splitlines() if line.startswith("  ")]
    for chapter in MAP:
        assert f"\n{chapter.title}:\n" in help_text
        for entry in chapter.entries:
            assert shown.count(entry.name) == 1
    assert [load(name).name for name in ENTRIES] == list(ENTRIES)


def test_a_chinese_reader_gets_a_chinese_map():
    help_text = run("--help", LC_ALL="zh_CN.UTF-8").output

    for chapter in MAP:
        for line in (chapter.title, *(entry.line for entry in chapter.entries)):
            assert catalogue("zh-CN", "cli")[line][:8] in help_text.replace("\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_map_is_in_both_catalogues(language):
    lines = [chapter.title for chapter in MAP] + [entry.line for entry in ENTRIES.values()]

    assert [line for line in lines if line not in catalogue(language, "cli")] == []


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_HK"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh-CN"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_says_its_language(environ, language):
    assert terminal_language(environ) == language


def test_help_starts_no_database(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))

    result = run("import", "facilities", "--help")

    assert result.exit_code == 0
    assert not (tmp_path / "var").exists()


# Who acts, and where


@click.group("probe")
def probe():
    """Commands of this test."""


@probe.command("look")
def look():
    act = current_act()
    with transaction() as session:
        schema = session.execute(text("SELECT current_schema()")).scalar_one()
    click.echo(f"{act.face} | {act.action} | {act.service} | {current_city()} | {schema}")


@pytest.fixture
def probing():
    main.add_command(wired(probe))
    yield
    del main.commands["probe"]


def test_a_command_acts_as_the_platform_under_its_own_name(machine, probing):
    result = run("probe", "look")

    assert result.exit_code == 0, result.output
    assert result.output == "command | probe look | True | 1405 | city_1405\n"


def test_the_city_of_a_command_is_the_one_that_was_named(machine, probing):
    platform = Platform("3201")
    try:
        with platform.working("tests"):
            assert current_city() == "3201"
            assert settings().city == "3201"
    finally:
        platform.close()
    assert settings().city == "1405"


def test_a_city_is_named_by_four_digits(machine):
    result = run("--city", "14050", "migrate")

    assert result.exit_code != 0
    assert "14050" in result.output


# What hinders a command is said in a sentence


def test_production_makes_nothing_up(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("YINLING_ENV", "production")
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()

    result = run("migrate", LC_ALL="C")

    assert result.exit_code == 1
    assert "DATABASE_URL is missing" in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "var").exists()


def test_a_wrong_setting_is_named_without_its_value(monkeypatch, tmp_path):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path))
    monkeypatch.setenv("YINLING_PORT", "not-a-number-but-a-secret")
    settings.cache_clear()

    with pytest.raises(Misconfigured) as said:
        Platform().settings  # noqa: B018
    settings.cache_clear()

    assert "port" in str(said.value)
    assert "secret" not in str(said.value)


def test_a_database_that_is_away_is_said_to_be(machine):
    address = "postgresql+psycopg://u:hidden@/x?host=/nowhere"

    result = run("migrate", DATABASE_OWNER_URL=address)

    assert result.exit_code == 1
    assert "The database does not answer" in result.output
    assert "hidden" not in result.output


def test_a_platform_that_is_closed_leaves_the_environment_as_it_was(monkeypatch, tmp_path):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path))
    monkeypatch.delenv("YINLING_INDEX_KEY", raising=False)
    platform = Platform()

    assert platform.settings.index_key.get_secret_value()
    platform.close()

    assert not settings().index_key.get_secret_value()


# Small commands


def test_migrate_says_where_each_city_stands(machine):
    result = run("migrate")

    assert result.exit_code == 0
    assert result.output.startswith("City 1405 is at step ")


def test_migrate_sends_to_city_add_where_there_is_no_city(machine):
    result = run("--city", "3201", "migrate")

    assert result.exit_code == 1
    assert "yinling city add 3201" in result.output


def test_maintenance_is_a_switch(machine):
    assert "nothing can be changed" in run("maintenance", "on").output
    assert is_on(machine)

    assert "works again" in run("maintenance", "off").output
    assert not is_on(machine)
