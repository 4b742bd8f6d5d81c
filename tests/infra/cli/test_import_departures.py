"""A list of deaths and moves: whom it finds, what it leaves alone, and that it may come twice."""

import csv
import re
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import text

from infra.cli.imports import import_group
from server import clock
from server.i18n.catalogues import in_language
from server.meals.models import BookedBy
from server.meals.service import book_meal
from server.settings import settings
from tests.factories.meals import make_sitting
from tests.factories.people import an_id_number, make_resident

BORN_ON = date(1941, 2, 3)
TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)
HEADINGS = ("编号", "类型", "姓名", "身份证号", "出生日期", "日期", "原因")


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


@pytest.fixture
def father(session):
    return make_resident(
        session, name="李德善", born_on=BORN_ON, id_number=an_id_number(1, BORN_ON)
    )


@pytest.fixture
def write(tmp_path):
    """Write a list; each row names the cells it has."""

    def write(*rows, name="list.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADINGS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def death(**given):
    row = {
        "编号": "H1",
        "类型": "死亡",
        "姓名": "李德善",
        "身份证号": an_id_number(1, BORN_ON),
        "日期": YESTERDAY.isoformat(),
    }
    return row | given


@pytest.fixture
def run(session):
    """Run the import on what the session has made, and hand the session back."""

    def run(path, *words, language="en"):
        session.commit()
        with in_language(language):
            result = CliRunner().invoke(import_group, ["departures", str(path), *words])
        session.rollback()
        return result

    return run


def counts_of(result):
    lines = re.findall(r"^(\S[^│┃\n]*?) {2,}([\d,]+) *$", result.output, flags=re.MULTILINE)
    counts = {label: int(number) for label, number in lines}
    return {label: counts[label] for label in ("New", "Changed", "Unchanged")}


def gone(session):
    query = "SELECT name, died_on, moved_away_on FROM resident WHERE died_on IS NOT NULL" \
        " OR moved_away_on IS NOT NULL ORDER BY name"  # fmt: skip
    return [tuple(row) for row in session.execute(text(query))]


def test_a_death_is_recorded_and_what_was_booked_is_cancelled(session, father, write, run):
    sitting = make_sitting(session)
    book_meal(session, sitting_id=sitting.id, resident_id=father.id, booked_by=BookedBy.SELF)

    result = run(write(death()))

    assert result.exit_code == 0, result.output
    assert counts_of(result) == {"New": 1, "Changed": 0, "Unchanged": 0}
    assert gone(session) == [("李德善", YESTERDAY, None)]
    assert session.execute(text("SELECT status FROM booking")).scalars().all() == ["cancelled"]
    [departure] = session.execute(text("SELECT * FROM departure")).all()
    assert (departure.source, departure.source_reference) == ("civil-affairs", "H1")
    assert departure.reported_by is None


def test_the_same_list_again_changes_nothing_and_says_so(session, father, write, run):
    path = write(death())
    run(path)

    result = run(path)

    assert counts_of(result) == {"New": 0, "Changed": 0, "Unchanged": 1}
    assert "Nothing has changed" in result.output


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(session, father, write, run, var):
    path = write(death(), death(编号="H2", 日期=(TODAY + timedelta(days=1)).isoformat()))

    result = run(path, "--dry-run")

    assert "A dry run: nothing was written." in result.output
    assert "the day lies in the future" in result.output
    assert gone(session) == []
    assert not var.exists()


def test_without_a_number_name_and_birthday_tell_who_it_is(session, father, write, run):
    row = death(身份证号="", 出生日期="1941年2月3日", 类型="迁出")

    assert counts_of(run(write(row)))["New"] == 1
    assert gone(session) == [("李德善", None, YESTERDAY)]


def test_of_two_who_could_be_meant_neither_is_touched(session, father, write, run, var):
    make_resident(session, name="李德善", born_on=BORN_ON, id_number=None)

    result = run(write(death(身份证号="", 出生日期="1941-02-03")), "--strict")

    assert result.exit_code == 1
    assert "2 people in the register could be meant" in result.output
    assert gone(session) == []
    [rejects] = (var / "rejects").glob("*.csv")
    assert "李德善" in rejects.read_text("utf-8-sig")
    assert rejects.stat().st_mode & 0o077 == 0


def test_a_number_nobody_has_finds_whoever_is_registered_without_one(session, write, run):
    make_resident(session, name="李德善", born_on=BORN_ON, id_number=None)

    assert counts_of(run(write(death())))["New"] == 1
    assert len(gone(session)) == 1


def test_a_number_nobody_has_never_finds_somebody_with_another(session, write, run):
    make_resident(session, name="李德善", born_on=BORN_ON, id_number=an_id_number(2, BORN_ON))

    result = run(write(death()), "--strict")

    assert result.exit_code == 0, "most of a city's dead are not in the register"
    assert "nobody in the register" in result.output
    assert gone(session) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"姓名": "李德美"}, "somebody of another name"),
        ({"身份证号": "140502194102030010"}, "not a valid ID number"),
        ({"出生日期": "1941-02-04"}, "the ID number says something else"),
        ({"身份证号": ""}, "neither an ID number nor a birthday"),
        ({"日期": ""}, "must not be missing"),
        ({"日期": "2026-13-01"}, "not a day"),
        ({"日期": "1899-01-01"}, "before the birth"),
        ({"类型": "失踪"}, "not a word of the glossary"),
        ({"类型": "撤销"}, "takes back a report that was never recorded"),
        ({"类型": "撤销", "编号": ""}, "must not be missing"),
    ],
)
def test_what_cannot_be_right_stays_outside(session, father, write, run, var, given, sentence):
    result = run(write(death(**given)), "--strict")

    assert (result.exit_code, gone(session)) == (1, [])
    [rejects] = (var / "rejects").glob("*.csv")
    assert sentence in rejects.read_text("utf-8-sig")


def test_another_day_than_the_recorded_one_stays_outside(session, father, write, run):
    run(write(death()))

    result = run(write(death(编号="H9", 日期=(TODAY - timedelta(days=4)).isoformat())), "--strict")

    assert result.exit_code == 1
    assert gone(session) == [("李德善", YESTERDAY, None)]


def test_rows_repeated_in_the_list_are_counted_and_contradictions_rejected(
    session, father, write, run
):
    path = write(death(), death(), death(日期=TODAY.isoformat()))

    result = run(path, "--strict")

    assert result.exit_code == 1
    assert counts_of(result)["New"] == 1
    assert "the same as row 2, with other values" in result.output


def test_a_report_is_taken_back_by_its_reference(session, father, write, run):
    first, correction = write(death()), write(death(类型="误报", 原因="同名"), name="second.csv")
    run(first)

    assert counts_of(run(correction)) == {"New": 0, "Changed": 1, "Unchanged": 0}
    assert gone(session) == []
    assert session.execute(text("SELECT reversal_reason FROM departure")).scalars().all() == [
        "同名"
    ]
    assert counts_of(run(correction)) == {"New": 0, "Changed": 0, "Unchanged": 1}
    again = run(first)
    assert counts_of(again)["New"] == 0
    assert "reversed as a mistake" in again.output
    assert gone(session) == []


def test_a_list_may_take_back_what_it_says_itself(session, father, write, run):
    path = write(death(), death(类型="撤销"))

    assert counts_of(run(path)) == {"New": 1, "Changed": 1, "Unchanged": 0}
    assert gone(session) == []


def test_what_a_reversal_cannot_bring_back_is_listed(session, father, write, run):
    sitting = make_sitting(session, capacity=1)
    book_meal(session, sitting_id=sitting.id, resident_id=father.id, booked_by=BookedBy.SELF)
    run(write(death()))
    other = make_resident(session)
    booking = book_meal(
        session, sitting_id=sitting.id, resident_id=other.id, booked_by=BookedBy.SELF
    )

    result = run(write(death(类型="撤销")))

    assert f"booking {booking.id - 1}" in result.output


def test_a_workbook_is_read_as_well(session, father, tmp_path, run):
    book = Workbook()
    book.active.append(list(HEADINGS))
    row = death(日期=YESTERDAY)
    book.active.append([row.get(heading, "") for heading in HEADINGS])
    book.save(tmp_path / "list.xlsx")

    assert counts_of(run(tmp_path / "list.xlsx"))["New"] == 1


def test_people_are_masked_in_what_is_printed(session, father, write, run):
    result = run(write(death(姓名="李德美"), death(编号="H2", 身份证号="140502194102030010")))

    assert "李德" not in result.output
    assert "19410203" not in result.output


def test_it_speaks_chinese_too(session, father, write, run):
    result = run(write(death(日期="明天")), language="zh-CN")

    assert "不是日期" in result.output
