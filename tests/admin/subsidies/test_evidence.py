"""From a line to the records that it rests on: the meal, its collection, and their trail."""

import io
import re

import pytest
from openpyxl import load_workbook

from admin.subsidies.evidence import PAGES
from admin.words import word
from server import clock
from server.i18n.catalogues import pgettext
from server.identity.models import Role
from server.meals.counter.models import MealCollection
from server.subsidies.facts.evidence import FOLDER
from tests.admin.subsidy_differences.conftest import elder, make_home
from tests.factories.differences import reckoned_run
from tests.factories.eaten import Kitchen
from tests.factories.people import make_resident
from tests.factories.subsidies import a_programme, make_version
from tests.server.subsidies.facts.test_homes import settled


@pytest.fixture
def nights(session):
    """A line that rests on one stay in a bed."""
    elder(session, make_home(session, name="康乐养老院"))
    run = reckoned_run(session, make_version(session))
    return f"/subsidies/runs/{run.id}/lines/1"


@pytest.fixture
def meal(session):
    """A line of meals, one of which was collected by QR code."""
    kitchen, eater = (
        Kitchen(session),
        make_resident(
            session, name="赵秀兰", born_on=clock.today().replace(year=1940, month=1, day=1)
        ),
    )
    eaten = kitchen.eaten(eater, on=kitchen.day(2), subsidy=300)
    taken = MealCollection(client_key="device-key-1", booking_id=eaten.id, how="qr",
                           device_at=clock.now(), received_at=clock.now())  # fmt: skip
    session.add(taken)
    settled(session, kitchen)
    content = a_programme(
        programme="meals", family="meals", facts="meals_eaten", conditions=[], factors=[],
        counts=None, examples=[],
    )  # fmt: skip
    run = reckoned_run(session, make_version(session, content), kitchen.month)
    return eaten, taken, f"/subsidies/runs/{run.id}/lines/1"


def test_a_line_opens_to_the_nights_it_rests_on(city, nights):
    page = city.get(nights).text

    assert "依据" in page
    assert "状态 在住" in page
    assert f'href="/admin{nights}/records"' in page
    whole = city.get(f"{nights}/records")
    assert "状态 在住" in whole.text


def test_an_auditor_goes_on_to_the_meal_its_collection_and_their_trail(session, sit_down, meal):
    _eaten, taken, line = meal
    auditor = sit_down(Role.AUDITOR, division_code="1405")

    told = auditor.get(line).text
    assert "取餐方式 扫码" in told
    assert f"table=meal_collection&amp;key={taken.id}" in told
    at_the_desk = line.replace("/runs/", "/audit/runs/")
    there = re.search(rf'href="/admin({at_the_desk}/meals/\d+)"', auditor.get(at_the_desk).text)
    record = auditor.get(there[1]).text
    assert "扫码" in record
    assert f"table=meal_collection&amp;key={taken.id}" in record


def test_the_records_are_taken_out_as_a_file(city, nights):
    answer = city.get(f"{nights}/records/export.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert len(rows) == 2
    assert "状态 在住" in rows[1][2]


@pytest.mark.parametrize("asked", ["lucky=1", "after=-1", "after=x"])
def test_a_filter_that_is_not_one_is_refused(city, nights, asked):
    assert city.get(f"{nights}/records?{asked}").status_code == 422


def test_a_page_begins_behind_what_was_shown(city, nights):
    assert "没有记录" in city.get(f"{nights}/records?after=50").text


def test_records_of_a_line_out_of_reach_are_not_there(sit_down, nights):
    other = sit_down(Role.COUNTY_OFFICER, division_code="140521")

    for page in ("", "/records", "/records/export.csv"):
        assert other.get(nights + page).status_code == 404


def test_more_records_take_no_more_statements(city, nights, meal, statements):
    with statements() as one:
        city.get(f"{nights}/records")
    with statements() as other:
        city.get(f"{meal[2]}/records")

    assert len(one) == len(other)


def test_every_kind_of_record_has_a_page_and_words(app):
    """None is forgotten of all that statements beneath a line may give."""
    beneath = "\n".join(one.read_text() for one in FOLDER.glob("*.sql"))
    kinds = set(re.findall(r"SELECT '(\w+)'(?: AS kind)?,", beneath))
    told = set(re.findall(r"'(\w+)', [a-z(]", beneath)) - kinds - {"institution", "hospice"}

    assert kinds == set(PAGES)
    for _permission, endpoint, _keys in PAGES.values():
        assert endpoint in app.view_functions
    for name in told:
        assert pgettext("evidence_fact", name) != name
    for kind in kinds:
        assert word("trail_table", kind) != kind
