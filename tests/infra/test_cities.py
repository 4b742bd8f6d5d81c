"""A city is set up once, and brought up to date as often as one likes."""

import pytest
import yaml
from sqlalchemy import text

from infra.cities import NoSuchCity, add_city, count_anew, towns_and_villages
from server import clock
from server.db.acts import Act, Face, acting
from server.db.cities import UnusableCityCode, in_city
from server.db.engines import make_owner_engine
from server.db.sessions import transaction
from server.meals import rules
from server.policies.queries import get_figures
from server.policies.service import PACKS
from tests.cities import CITY, CONTEXT_KEY

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


@pytest.fixture
def owner(own_city):
    engine = make_owner_engine(own_city.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def add(owner):
    return lambda code: add_city(code, owner=owner, context_key=CONTEXT_KEY)


def figures_in(pack):
    files = (PACKS / pack).glob("*.yaml")
    return sum(len(yaml.safe_load(file.read_text("utf-8"))["parameters"]) for file in files)


def ask(statement):
    with acting(PLATFORM), transaction(writes=False) as session:
        return session.connection().execute(text(statement)).all()


def test_the_demo_city_comes_with_every_town_and_village(add):
    added = add(CITY)

    assert added.name == "晋城市"
    levels = dict(ask("SELECT level, count(*) FROM division GROUP BY level"))
    assert levels == {"city": 1, "county": 6, "town": 77, "village": 1_729}


def test_adding_a_city_again_changes_nothing(add):
    add(CITY)
    again = add(CITY)
    assert (again.divisions.new, again.divisions.changed, again.new_figures) == (0, 0, 0)
    assert again.divisions.unchanged == 1_813


def test_another_city_has_its_own_schema_with_counties_and_figures(add):
    added = add("3201")

    assert added.name == "南京市"
    assert added.new_figures == figures_in("reference")
    with in_city("3201"):
        assert {len(row.code) for row in ask("SELECT code FROM division")} == {4, 6}
        with acting(PLATFORM), transaction(writes=False) as session:
            from_then = get_figures(session, [rules.CUT_OFF], on=clock.today())
    assert rules.CUT_OFF in from_then


@pytest.mark.parametrize("code", ["9999", "14"])
def test_a_code_that_is_no_city_is_refused(add, code):
    with pytest.raises((NoSuchCity, UnusableCityCode)):
        add(code)


def test_towns_come_only_with_cities_that_have_them():
    assert towns_and_villages("3201") == []
    assert len(towns_and_villages(CITY)) == 77 + 1_729


def test_after_a_load_the_database_knows_at_once_how_much_lies_in_its_tables(add, owner):
    add(CITY)
    known = "SELECT reltuples::int FROM pg_class WHERE oid = to_regclass('division')"
    count_anew(owner)
    assert ask(known) == ask("SELECT count(*) FROM division")
