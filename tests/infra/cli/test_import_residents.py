"""A list of elderly people goes into the register once, and what changes in it is followed."""

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
from server.residents import loading
from server.residents.models import ID_NUMBER_FIELD, Sex
from server.secrets.fields import keyring
from server.settings import settings
from tests.cities import NEIGHBOUR_VILLAGE, VILLAGE
from tests.factories.people import an_id_number, make_hardship, make_resident

BORN_ON = date(1941, 2, 3)
TODAY = clock.today()
NUMBER = an_id_number(1, BORN_ON)
HEADINGS = (
    "姓名", "性别", "出生日期", "身份证号", "联系电话", "村社区代码", "村社区", "住址",
    "困难类别", "认定日期",
)  # fmt: skip


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


@pytest.fixture
def write(tmp_path):
    def write(*rows, headings=HEADINGS, name="list.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headings, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def person(**given):
    row = {
        "姓名": "李德善",
        "身份证号": NUMBER,
        "联系电话": "138 1234 1234",
        "村社区代码": VILLAGE,
        "住址": "建设路 3 号",
    }
    return row | given


@pytest.fixture
def run(session):
    def run(path, *words, language="en"):
        session.commit()
        with in_language(language):
            result = CliRunner().invoke(import_group, ["residents", str(path), *words])
        session.rollback()
        return result

    return run


@pytest.fixture
def reasons(var):
    """Return the reasons in the file of rows to be mended, by row."""

    def reasons():
        [path] = (var / "rejects").glob("*.csv")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {int(row["Row"]): row["Reason"] for row in csv.DictReader(file)}

    return reasons


def counts_of(result):
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = re.findall(r"^(\S[^│┃\n]*?) {2,}([\d,]+) *$", result.output, flags=re.MULTILINE)
    counts = {label: int(number.replace(",", "")) for label, number in lines}
    return tuple(counts[label] for label in ("New", "Changed", "Unchanged"))


def residents(session):
    return session.execute(text("SELECT * FROM resident ORDER BY id")).all()


def periods(session):
    query = "SELECT tier, starts_on, ends_on FROM hardship_period ORDER BY starts_on"
    return [tuple(row) for row in session.execute(text(query))]


def test_a_person_is_entered_with_number_sealed_and_phone_in_one_form(session, write, run):
    result = run(write(person(困难类别="低保", 认定日期="2024-07-01")))

    assert counts_of(result) == (1, 0, 0), result.output
    [row] = residents(session)
    assert (row.name, row.pinyin, row.initials) == ("李德善", "lideshan", "lds")
    assert (row.sex, row.born_on) == ("male", BORN_ON)
    assert (row.phone, row.village_code, row.address) == ("+8613812341234", VILLAGE, "建设路 3 号")
    assert keyring().decrypt(bytes(row.id_number_cipher), ID_NUMBER_FIELD) == NUMBER
    assert bytes(row.id_number_digest) == keyring().digest(NUMBER, ID_NUMBER_FIELD)
    assert periods(session) == [("dibao", date(2024, 7, 1), None)]
    trail = "SELECT count(*) FROM act WHERE action = 'residents.import-residents'"
    assert session.execute(text(trail)).scalar_one() >= 1


def test_the_same_list_again_changes_nothing_and_says_so(session, write, run):
    rows = [
        person(困难类别="低保", 认定日期="2024-07-01"),
        person(姓名="赵梅", 身份证号="", 性别="女", 出生日期="1950/1/2"),
    ]
    path = write(*rows)
    first, before = counts_of(run(path)), residents(session)

    again = run(path)

    assert (first, counts_of(again)) == ((2, 0, 0), (0, 0, 2))
    assert "Nothing has changed" in again.output
    assert residents(session) == before


def test_what_has_changed_is_followed_and_named(session, write, run):
    run(write(person()))

    result = run(write(person(村社区代码=NEIGHBOUR_VILLAGE, 联系电话="13900001111")))

    assert counts_of(result) == (0, 1, 0)
    assert "brought up to date: village、phone" in result.output
    [row] = residents(session)
    assert (row.village_code, row.phone) == (NEIGHBOUR_VILLAGE, "+8613900001111")


def test_a_blank_cell_and_a_missing_column_take_nothing_away(session, write, run):
    run(write(person()))

    blank = run(write(person(联系电话="", 住址="")))
    missing = run(write(person(), headings=("姓名", "身份证号", "村社区代码")))

    assert (counts_of(blank), counts_of(missing)) == ((0, 0, 1), (0, 0, 1))
    assert residents(session)[0].phone == "+8613812341234"


def test_a_dry_run_checks_everything_and_writes_nothing(session, write, run, var):
    make_resident(session, name="李德善", born_on=BORN_ON, id_number=None)

    result = run(write(person(), person(姓名="")), "--dry-run")

    assert "looks like resident" in result.output
    assert "must not be missing" in result.output
    assert len(residents(session)) == 1
    assert not var.exists()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"身份证号": "140502194102030010"}, "not a valid ID number"),
        ({"性别": "女"}, "性别: the ID number says something else"),
        ({"出生日期": "1941-02-04"}, "出生日期: the ID number says something else"),
        ({"身份证号": "", "性别": "男"}, "出生日期: must not be missing"),
        ({"身份证号": "", "出生日期": "1941-02-03"}, "性别: must not be missing"),
        ({"身份证号": "", "性别": "男", "出生日期": "2941-02-03"}, "lies in the future"),
        ({"村社区代码": "140502999999"}, "no village of this city"),
        ({"村社区代码": "140502001"}, "no village of this city"),
        ({"村社区代码": "", "住址": "建设路 3 号"}, "no village can be found"),
        ({"困难类别": "低保"}, "认定日期: must not be missing"),
        ({"困难类别": "低保", "认定日期": "2941-02-03"}, "between 1900 and today"),
        ({"困难类别": "很困难"}, "not a word of the glossary"),
    ],
)
def test_what_cannot_be_right_stays_outside(session, write, run, reasons, given, reason):
    result = run(write(person(**given)), "--strict")

    assert (result.exit_code, residents(session)) == (1, [])
    assert reason in reasons()[2]


def test_the_village_is_found_by_the_words_of_the_address(session, write, run):
    rows = [
        person(村社区代码="", 住址="城区东街街道东方红社区5号"),
        person(身份证号=an_id_number(2, BORN_ON), 姓名="王芳", 村社区代码="", 村社区="东关社区"),
    ]

    assert counts_of(run(write(*rows))) == (2, 0, 0)
    assert [row.village_code for row in residents(session)] == [NEIGHBOUR_VILLAGE, "140521100201"]


def test_rows_of_one_number_are_one_or_contradict_each_other(session, write, run, reasons):
    result = run(write(person(), person(), person(姓名="李善德")))

    assert counts_of(result) == (1, 0, 0)
    assert reasons() == {4: "姓名: the same as row 2, with other values"}


def test_whoever_looks_like_somebody_else_goes_in_and_is_listed(session, write, run):
    other = make_resident(session, name="李德善", born_on=BORN_ON, id_number=None)
    twin = person(身份证号=an_id_number(3, BORN_ON))

    result = run(write(person(), twin))

    assert counts_of(result) == (2, 0, 0)
    assert result.output.count(f"looks like resident {other.id}") == 2
    assert "looks like the person in row 2" in result.output


def test_a_namesake_in_another_village_with_another_phone_is_nobodys_double(session, write, run):
    make_resident(
        session, name="李德善", born_on=BORN_ON, id_number=None, village_code=NEIGHBOUR_VILLAGE
    )

    assert "looks like" not in run(write(person())).output


def test_a_list_that_names_the_dead_is_told(session, write, run):
    run(write(person()))
    session.execute(text("UPDATE resident SET died_on = :day"), {"day": TODAY})

    assert "has died or moved away" in run(write(person())).output


class TestHardship:
    SINCE = date(2024, 7, 1)

    @pytest.fixture
    def known(self, session):
        return make_resident(
            session, name="李德善", born_on=BORN_ON, id_number=NUMBER, sex=Sex.MALE
        )

    def listed(self, tier="低保", since=SINCE):
        return person(困难类别=tier, 认定日期=since.isoformat(), 联系电话="", 住址="")

    def test_another_tier_from_a_later_day_ends_the_one_that_stands(
        self, session, known, write, run
    ):
        make_hardship(session, known, tier="dibian", starts_on=date(2020, 1, 1))

        assert counts_of(run(write(self.listed()))) == (0, 1, 0)
        assert periods(session) == [
            ("dibian", date(2020, 1, 1), self.SINCE),
            ("dibao", self.SINCE, None),
        ]

    def test_the_same_tier_since_earlier_is_no_change(self, session, known, write, run):
        make_hardship(session, known, tier="dibao", starts_on=date(2020, 1, 1))

        assert counts_of(run(write(self.listed()))) == (0, 0, 1)
        assert periods(session) == [("dibao", date(2020, 1, 1), None)]

    @pytest.mark.parametrize(
        "given",
        [
            {"tier": "tekun", "starts_on": SINCE + timedelta(days=1)},
            {"tier": "tekun", "starts_on": date(2020, 1, 1), "ends_on": date(2026, 1, 1)},
            {"tier": "dibao", "starts_on": SINCE + timedelta(days=1)},
        ],
    )
    def test_what_the_register_knows_otherwise_is_left_and_listed(
        self, session, known, write, run, given
    ):
        make_hardship(session, known, **given)
        before = periods(session)

        result = run(write(self.listed()))

        assert counts_of(result) == (0, 0, 1)
        assert periods(session) == before
        assert "holds another hardship" in re.sub(r"[│\s]+", " ", result.output)

    def test_ordinary_people_are_no_hardship(self, session, write, run):
        run(write(person(困难类别="一般")))

        assert periods(session) == []


def test_all_slices_are_one_list(session, write, run, monkeypatch):
    monkeypatch.setattr(loading, "SLICE", 2)
    rows = [person(姓名=f"赵{n}", 身份证号=an_id_number(n, BORN_ON)) for n in range(10, 15)]
    run(write(*rows[:2]))

    assert counts_of(run(write(*rows))) == (3, 0, 2)
    assert len(residents(session)) == 5


def test_a_workbook_is_read_as_well(session, tmp_path, run):
    book = Workbook()
    book.active.append(["2026年高龄老人名册"])
    book.active.append(list(HEADINGS))
    row = person(困难类别="低保", 认定日期=date(2024, 7, 1))
    book.active.append([row.get(heading, "") for heading in HEADINGS])
    book.save(tmp_path / "list.xlsx")

    assert counts_of(run(tmp_path / "list.xlsx")) == (1, 0, 0)
    assert periods(session) == [("dibao", date(2024, 7, 1), None)]


def test_people_are_masked_in_what_is_printed(session, write, run):
    result = run(write(person(), person(性别="女", 联系电话="没有")), language="zh-CN")

    assert "李德善" not in result.output
    assert NUMBER not in result.output
    assert "138" not in result.output
    assert "与身份证号码不符" in result.output
