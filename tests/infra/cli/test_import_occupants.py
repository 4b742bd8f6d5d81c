"""Who is in which bed goes in once, by one command; what is wrong is said by line and column."""

import csv
import re

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import select, text

from infra.cli.imports import import_group
from server.facilities.models import Stay
from server.i18n.catalogues import in_language
from server.settings import settings
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_resident
from tests.server.facilities.occupants.lists import HEADINGS, a_list, a_row

NUMBER, OTHER = an_id_number(671), an_id_number(672)


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


@pytest.fixture
def beds(session):
    return make_beds(session, 2, site=make_site(session, name="桑榆里养老院"))


@pytest.fixture
def rows(session, beds):
    """One row that stands, and one whose person the register lacks."""
    make_resident(session, name="李秀英", id_number=NUMBER)
    home = {"机构": "桑榆里养老院"}
    return [
        a_row(beds[0], number=NUMBER, **home),
        a_row(beds[1], name="周长青", number=OTHER, **home),
    ]


@pytest.fixture
def run(session, tmp_path):
    def run(content, *words, language="en", name="occupants.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        session.commit()
        with in_language(language):
            result = CliRunner().invoke(import_group, ["occupants", str(path), *words])
        session.rollback()
        return result

    return run


def counts_of(result):
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = re.findall(r"^(\S[^│┃\n]*?) {2,}([\d,]+) *$", result.output, flags=re.MULTILINE)
    counts = {label: int(number.replace(",", "")) for label, number in lines}
    return counts["Good rows"], counts["Rows to be mended"], counts.get("New")


def stays(session):
    return session.execute(select(Stay)).scalars().all()


def test_a_dry_run_says_what_is_wrong_and_writes_nothing(session, rows, run):
    result = run(a_list(*rows), "--dry-run")

    assert counts_of(result) == (1, 1, None)
    assert "Name and ID number fit nobody in the register" in result.output
    assert OTHER not in result.output
    assert stays(session) == []


def test_good_rows_go_in_and_the_others_can_be_mended(session, rows, run, var):
    result = run(a_list(*rows))

    assert counts_of(result) == (1, 1, 1)
    assert len(stays(session)) == 1
    [path] = (var / "rejects").glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        [reject] = csv.DictReader(file)
    assert (reject["Row"], reject["身份证号"]) == ("3", OTHER)
    assert reject["Reason"].startswith("身份证号: ")
    act = "SELECT count(*) FROM act WHERE action = 'facilities.import-occupants'"
    assert session.execute(text(act)).scalar_one() == 1


def test_a_second_time_nothing_has_changed(session, rows, run):
    run(a_list(rows[0]))

    again = run(a_list(rows[0]))

    assert counts_of(again) == (1, 0, 0)
    assert "Nothing has changed" in again.output


def test_a_workbook_does_as_well_and_speaks_chinese(session, rows, run, tmp_path):
    book = Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append([row.get(heading, "") for heading in HEADINGS])
    path = tmp_path / "made.xlsx"
    book.save(path)

    result = run(path.read_bytes(), language="zh-CN", name="名单.xlsx")

    assert "姓名和身份证号对不上登记" in result.output
    assert len(stays(session)) == 1


def test_a_file_without_the_columns_is_refused(run):
    result = run("姓名,电话\n李秀英,1\n".encode())

    assert result.exit_code == 2
    assert "床位" in result.output
