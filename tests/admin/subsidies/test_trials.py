"""Trials on the console: other figures on the same cases, and both side by side."""

import io

import pytest
from openpyxl import load_workbook

from server.subsidies.models import SubsidyRun
from server.subsidies.reckoning import service
from tests.factories.reckoning import make_cases, reckon_all


@pytest.fixture
def trial(session, run):
    changes = {"amounts.by_ability.1.fen": 40_000, "amounts.by_ability.0.fen": 15_000}
    return reckon_all(session, service.start_trial(session, run.id, changes))


@pytest.fixture
def beside(run, trial):
    return f"/subsidies/runs/{run.id}/beside/{trial.id}"


def test_a_trial_takes_the_figures_that_were_changed_alone(session, city, run):
    answer = city.post(
        f"/subsidies/runs/{run.id}/trials",
        {"place": ["amounts.by_ability.1.fen", "factors.star.0.percent"], "value": ["350", "80"]},
    )

    assert answer.status_code == 303
    trial = session.get_one(SubsidyRun, int(answer.location.rsplit("/", 1)[1]))
    assert trial.changes == {"amounts.by_ability.1.fen": 35_000}
    assert "350.00" in city.get(answer.location.removeprefix("/admin")).text


def test_figures_are_named_as_an_official_names_them(city, run, trial, beside):
    asked = city.get(f"/subsidies/runs/{run.id}").text
    shown = city.get(f"/subsidies/runs/{trial.id}").text

    assert "按能力等级：能力等级 重度失能、完全失能（元）" in asked
    for page in (shown, city.get(beside).text):
        assert "按能力等级：能力等级 重度失能、完全失能" in page
        assert "300.00 元 → <strong>400.00 元</strong>" in page
        assert "<code>amounts.by_ability" not in page


def test_a_line_of_a_trial_says_which_figure_was_tried(city, trial):
    page = city.get(f"/subsidies/runs/{trial.id}/lines/1").text

    assert "测算：“按能力等级：能力等级 重度失能、完全失能”改为 400.00 元" in page


def test_a_county_tries_nothing_on_a_run_of_the_city(county, run):
    answer = county.post(f"/subsidies/runs/{run.id}/trials", {"place": [], "value": []})

    assert answer.status_code == 403


def test_who_gains_and_who_loses_is_shown_site_by_site(city, beside):
    page = city.get(beside).text

    for words in ("增加", "减少", "不变", "+100.00", "−50.00", "康乐养老院", "沁河养老院", "赵**"):
        assert words in page
    assert "沁河养老院</td>" not in city.get(f"{beside}?turn=gains").text


def test_gains_and_losses_are_drawn_with_their_shares(city, beside):
    page = city.get(beside).text

    assert "谁增加、谁减少" in page
    for words in ("1 笔，+100.00 元", "1 笔，−50.00 元", "33 %"):
        assert words in page


def test_the_changes_can_be_taken_out(city, beside):
    answer = city.get(f"{beside}/export.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert [(row[0], row[4], row[5], row[6]) for row in rows[1:]] == [
        (1, 300, 400, 100), (3, 200, 150, -50),
    ]  # fmt: skip


def test_a_county_compares_its_own(county, beside):
    page = county.get(beside).text

    assert "康乐养老院" in page
    assert "沁河养老院" not in page


def test_runs_of_other_cases_are_refused(session, city, run):
    other = reckon_all(session, make_cases(session, [{"beneficiary_id": 77}]))

    assert city.get(f"/subsidies/runs/{run.id}/beside/{other.id}").status_code == 409


@pytest.mark.parametrize("asked", ["lucky=1", "turn=wild", "after=-1"])
def test_a_filter_that_is_not_one_is_refused(city, beside, asked):
    assert city.get(f"{beside}?{asked}").status_code == 422
