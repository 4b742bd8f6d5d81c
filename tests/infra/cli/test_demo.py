"""`yinling demo`: what it prints, and when it refuses."""

from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from infra.cli.demo import demo_command
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.engines import make_owner_engine
from server.db.sessions import transaction
from server.i18n.catalogues import in_language
from server.settings import Settings
from tests.cities import CITY, CONTEXT_KEY

pytestmark = pytest.mark.long

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


class OwnPlatform:
    """The platform as the command asks for it, on a database of the test's own."""

    def __init__(self, owner_url, **given):
        self._owner = make_owner_engine(owner_url)
        self._given = {"context_key": CONTEXT_KEY, "city": CITY, **given}

    def complete(self, values):
        self._given["city"] = values["YINLING_CITY"]

    def owner(self):
        return self._owner

    @contextmanager
    def working(self, action):
        present = Settings(**self._given)
        try:
            with in_city(present.city), acting(PLATFORM):
                yield present
        finally:
            self._owner.dispose()


@pytest.fixture
def run(own_city):
    def run(*words, **given):
        with in_language("en"):
            platform = OwnPlatform(own_city.owner_url, **given)
            return CliRunner().invoke(demo_command, [str(word) for word in words], obj=platform)

    return run


@pytest.mark.nightly
def test_what_was_added_is_counted_and_again_nothing_is(run):
    first = run("--residents", 20)
    again = run("--residents", 20)

    assert first.exit_code == 0, first.output
    assert "36 sites, 14 staff, 20 residents, 3 accounts" in first.output
    assert again.output.strip() == "The demo was complete; nothing has changed."


@pytest.mark.nightly
def test_another_seed_is_refused_in_a_sentence(run):
    run("--residents", 20)
    refused = run("--residents", 20, "--seed", 7)

    assert refused.exit_code == 1
    assert "was begun with seed 1405" in refused.output


def test_a_city_of_real_residents_is_left_alone(run):
    with acting(PLATFORM), transaction() as session:
        session.connection().execute(
            text(
                "INSERT INTO resident (name, pinyin, initials, sex, born_on, village_code, address)"
                " VALUES ('真人', '', '', 'male', '1950-01-01', '140502001001', '')"
            )
        )
    refused = run("--residents", 20)
    assert refused.exit_code == 1
    assert "residents of its own" in refused.output


@pytest.mark.parametrize(
    ("city", "sentence"),
    [("9999", "There is no city of code 9999."), ("3201", "City 3201 has no villages")],
)
def test_a_city_that_cannot_be_a_demo_is_named(run, city, sentence):
    refused = run("--residents", 20, "--city", city)
    assert refused.exit_code == 1
    assert sentence in refused.output


def test_production_has_no_demo(run, monkeypatch):
    monkeypatch.setattr(Settings, "_dangers", lambda self: [])
    refused = run("--residents", 20, env="production")
    assert refused.exit_code == 1
    assert "not loaded in production" in refused.output


@pytest.mark.parametrize("residents", [0, 5_000_001])
def test_numbers_beyond_the_measured_are_refused(run, residents):
    assert run("--residents", residents).exit_code == 2
