"""Lines on the console: listed within reach, taken out with their digest, told in sentences."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from admin.subsidies import line_views
from tests.factories.people import make_resident
from tests.factories.reckoning import make_cases, reckon_all
from tests.factories.subsidy_facts import make_stay


@pytest.fixture
def lines(run):
    return f"/subsidies/runs/{run.id}/lines"


def test_lines_are_listed_with_their_reasons(city, lines):
    page = city.get(lines).text

    for words in ("赵**", "300.00", "系数“等级系数”中没有适用的行", "沁河养老院"):
        assert words in page
    assert "赵秀兰" not in page


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [("outcome=due", False), ("reason=factors.star", True), ("band=20000", False),
     ("after=2", False)],
)  # fmt: skip
def test_lines_are_filtered(city, lines, asked, is_there):
    page = city.get(f"{lines}?{asked}").text

    assert (f'href="/admin{lines}/2"' in page) is is_there


@pytest.mark.parametrize("asked", ["lucky=1", "outcome=rich", "band=1", "reason=<b>", "site=0"])
def test_a_filter_that_is_not_one_is_refused(city, lines, asked):
    assert city.get(f"{lines}?{asked}").status_code == 422


def test_another_county_sees_no_line_of_it(county, lines):
    page = county.get(lines).text

    assert "康乐养老院" in page
    assert "沁河养老院" not in page
    assert county.get(f"{lines}/3").status_code == 404


def test_the_file_ends_with_the_digest(city, run, lines):
    answer = city.get(f"{lines}/export.xlsx?outcome=due")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert [(row[0], row[1], row[6]) for row in rows[1:-1]] == [(1, "赵**", 300), (3, None, 200)]
    assert rows[-1][:2] == ("sha256", bytes(run.lines_digest).hex())


def test_a_file_that_would_be_too_long_is_refused(city, lines, monkeypatch):
    monkeypatch.setattr(line_views, "MOST_EXPORTED", 2)

    assert city.get(f"{lines}/export.csv").status_code == 409


def test_a_line_says_how_it_came_about(city, lines):
    page = city.get(f"{lines}/1").text

    assert "标准表“按能力等级”第 2 行" in page
    assert "鲁民〔2021〕21号，补贴标准" in page
    assert "当月在院天数" in page
    assert "不予发放" in city.get(f"{lines}/2").text


def test_a_line_that_is_not_there_is_not_found(city, lines):
    assert city.get(f"{lines}/99").status_code == 404


def test_more_lines_need_no_more_statements(session, city, cases, lines, statements):
    def sent(address):
        city.get(address)
        with statements() as told:
            city.get(address)
        return len(told)

    few = sent(lines)
    many = make_cases(
        session, [case | {"beneficiary_id": 1_000 + no} for no in range(9) for case in cases[2:]],
        first_month=date(2026, 2, 1),
    )  # fmt: skip
    reckon_all(session, many)

    assert sent(f"/subsidies/runs/{many.id}/lines") == few


def test_a_line_names_what_it_rests_on(session, city):
    stay = make_stay(session, make_resident(session, name="裴素芬"))
    run = reckon_all(
        session, make_cases(session, [{"site_id": stay.site_id, "subject": f"stay:{stay.id}"}])
    )

    page = city.get(f"/subsidies/runs/{run.id}/lines/1").text

    assert "入住 · 裴** · " in page
    assert f"stay:{stay.id}" not in page
