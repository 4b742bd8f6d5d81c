"""`yinling policy`: packs are read, shown, tried and compared."""

from datetime import date

import pytest
from click.testing import CliRunner

from infra.cli.policy import policy_group
from server.db.acts import Act, Face, acting
from server.i18n.catalogues import in_language
from server.policies.programmes.packs import list_shipped, read_shipped
from server.policies.programmes.proposing import enter_proposal, put_in_force
from server.policies.service import PACKS
from tests.factories.people import make_staff


def run(*arguments, language="zh-CN"):
    act = Act(Face.COMMAND, "yinling", "test", service=True)
    with in_language(language), acting(act):
        return CliRunner().invoke(policy_group, arguments)


@pytest.fixture
def broken(tmp_path):
    (tmp_path / "pack.yaml").write_text("pack: a-city\ntitle: {zh: 某市, en: A city}\n")
    (tmp_path / "meals.yaml").write_text("programme: meals\nname: {zh: 助餐}\n")
    return str(tmp_path)


def test_every_shipped_pack_proves_itself():
    told = run("check")

    assert told.exit_code == 0
    assert len(told.output.splitlines()) == len(list_shipped())


def test_what_is_wrong_is_told_with_file_and_line(broken):
    told = run("check", broken)

    assert told.exit_code == 1
    assert f"{broken}/meals.yaml:2: 缺少“en”" in told.output


def test_what_is_wrong_is_told_in_english_too(broken):
    assert f"{broken}/meals.yaml:2: “en” is missing" in run("check", broken, language="en").output


def test_a_pack_that_is_not_there_is_named():
    told = run("check", "nowhere")

    assert told.exit_code == 2
    assert "shandong-province" in told.output


def test_a_programme_is_shown_with_its_clause_beside_each_figure():
    told = run("show", "shandong-province", "facility_operation").output

    assert "重度失能、完全失能: 240.00 | 270.00 | 300.00 | 330.00 | 360.00" in told
    assert "[鲁民〔2021〕21号, 补贴标准, 2021-08-01 起]" in told


def test_what_is_published_nowhere_is_shown_as_that():
    told = run("show", "shandong-dongying", "post_allowance").output

    assert "[不启用]" in told
    assert "岗位津贴的金额" in told


def test_a_programme_that_is_not_in_the_pack_is_refused():
    assert run("show", "reference", "nothing").exit_code == 2


def test_examples_are_reckoned_one_by_one():
    told = run("test", "liaoning-chaoyang-shuangta")

    assert told.exit_code == 0
    assert "✓ facility_operation: 3815个床位月  495,950.00" in told.output


def test_an_example_that_comes_out_otherwise_ends_with_one(tmp_path):
    for name, text in {
        "pack.yaml": "pack: a-city\ntitle: {zh: 某市, en: A city}\n",
        "facility_operation.yaml": source("liaoning-chaoyang-shuangta").replace("49595000", "1"),
    }.items():
        (tmp_path / name).write_text(text)

    told = run("test", str(tmp_path))

    assert told.exit_code == 1
    assert "✗" in told.output
    assert "0.01" in told.output


def test_two_packs_are_compared_figure_by_figure():
    told = run("diff", "reference", "shanxi-jincheng").output

    assert "变更  新建床位（每张） · 一律: 8,000.00 元 → 5,000.00 元" in told
    assert run("diff", "reference", "reference").output == "没有差异。\n"


def test_a_pack_is_compared_with_what_is_in_force(session):
    maker, other = (
        make_staff(session, role, division_code="1405").id for role in ("city_officer", "approver")
    )
    pack = read_shipped("reference")
    row = enter_proposal(session, pack, starts_on=date(2026, 1, 1), proposed_by=maker)
    put_in_force(session, row, decided_by=other)
    session.commit()

    assert "没有差异" in run("diff", "in-force", "reference", "--on", "2026-02-01").output
    before = run("diff", "in-force", "reference", "--on", "2025-12-31").output
    assert "新增  " in before


def source(name):
    return (PACKS / name / "programmes" / "facility_operation.yaml").read_text()
