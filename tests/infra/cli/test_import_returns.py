"""A file of bed returns: what goes in, what stays outside and why, and that it may come twice."""

import csv
from datetime import timedelta

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import text

from infra.cli import import_returns
from infra.cli.imports import import_group
from server import clock
from server.facilities.returns import loading
from server.i18n.catalogues import in_language
from server.settings import settings
from tests.factories.meals import make_site

TODAY = clock.today()
HEADINGS = ("机构编号", "床位类型", "日期", "核定床位", "可用床位", "在住", "请假", "护理型在住")


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


@pytest.fixture
def home(session):
    return make_site(session, name="甲院", source_key="名册:1")


@pytest.fixture
def write(tmp_path):
    def write(*rows, headings=HEADINGS, name="list.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
        return path

    return write


@pytest.fixture
def run(session):
    def run(path, *options):
        session.commit()
        with in_language("zh-CN"):
            return CliRunner().invoke(import_group, ["returns", str(path), *options])

    return run


def row(*, site="名册:1", kind="养老机构床位", ago=0, day=None, figures=(100, 90, 60, 2, 9)):
    return (site, kind, day or (TODAY - timedelta(days=ago)).isoformat(), *figures)


def filed(session):
    query = "SELECT day, occupied, source FROM bed_return ORDER BY day"
    return [tuple(one) for one in session.execute(text(query))]


def test_a_history_goes_in_once_and_is_corrected_where_it_differs(session, write, run, home):
    rows = [row(ago=ago, figures=(100, 90, 60 + ago % 7, 2, 9)) for ago in range(800)]
    assert "新增: 800" in run(write(*rows)).output
    assert "未变: 800" in run(write(*rows)).output

    rows[3] = row(ago=3, figures=(100, 90, 70, 2, 9))
    done = run(write(*rows))
    assert "更新: 1" in done.output, done.output
    assert len(filed(session)) == 800
    assert (TODAY - timedelta(days=3), 70, "file") in filed(session)


def test_broken_off_it_goes_on_from_there(session, write, run, home, monkeypatch):
    monkeypatch.setattr(loading, "SLICE", 100)
    path = write(*(row(ago=ago, figures=(100, 90, 60 + ago % 7, 2, 9)) for ago in range(450)))

    def break_off(loaded):
        if loaded.written == 200:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(import_returns, "_tell_progress", break_off)
        run(path)
    assert len(filed(session)) == 200

    done = run(path)
    assert "新增: 250" in done.output, done.output
    assert "未变: 200" in done.output
    assert "已写入 300／450 行" in done.output
    assert len(filed(session)) == 450


@pytest.mark.parametrize("name", ["number", "key", "name"])
def test_a_home_is_known_by_number_key_or_name(session, write, run, home, name):
    site = {"number": str(home.id), "key": "名册:1", "name": "甲院"}[name]
    run(write(row(site=site)))
    assert filed(session) == [(TODAY, 60, "file")]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (row(site="无此院"), "没有这家机构"),
        (row(site="乙院"), "多家同名"),
        (row(figures=(100, 101, 60, 2, 9)), "数字对不上"),
        (row(figures=(20_001, 90, 60, 2, 9)), "数字对不上"),
        (row(figures=(100, 90, 89, 2, 9)), "数字对不上"),
        (row(figures=(100, 90, 60, 2, 61)), "数字对不上"),
        (row(figures=(100, 90, "许多", 2, 9)), "不是整数"),
        (row(figures=(100, 90, "", 2, 9)), "不能空缺"),
        (row(ago=-1), "日期在今天之后"),
        (row(day="2025-02-30"), "日期"),
        (row(kind="沙发"), ""),
        (("名册:1",), "残缺"),
        (row(), "前面已有一行"),
    ],
)
def test_a_bad_row_stays_outside_and_says_why(session, write, run, home, var, bad, why):
    for _ in range(2):
        make_site(session, name="乙院")
    done = run(write(row(), bad))
    assert "待改的行: 1" in done.output
    assert "3: " in done.output
    assert why in done.output
    assert len(filed(session)) == 1
    [rejects] = (var / "rejects").iterdir()
    assert rejects.read_text("utf-8-sig").count("\n") == 2
    assert run(write(bad, bad), "--strict").exit_code == 1


def test_a_dry_run_writes_nothing(session, write, run, home):
    done = run(write(row(), row(site="无此院")), "--dry-run")
    assert done.exit_code == 0
    assert "可用的行: 1" in done.output
    assert "新增" not in done.output
    assert filed(session) == []


def test_what_the_file_does_not_have_is_left_open(session, write, run, home):
    run(
        write(
            ("甲院", TODAY.isoformat(), 10, 9, 8),
            headings=("机构名称", "日期", "核定", "可用", "在住"),
        )
    )
    told = session.execute(text("SELECT kind, on_leave, nursing_occupied FROM bed_return")).one()
    assert tuple(told) == ("institution", 0, None)


def test_a_workbook_is_read_too(session, tmp_path, run, home):
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(row())
    book.save(tmp_path / "list.xlsx")
    run(tmp_path / "list.xlsx")
    assert filed(session) == [(TODAY, 60, "file")]


def test_a_file_without_its_columns_is_refused(write, run, home):
    assert run(write(("甲院",), headings=("名称",))).exit_code == 2
