"""A line in sentences: facts, rows and their clauses, caps, or every reason for nothing."""

import pytest
from sqlalchemy import true

from server.i18n.catalogues import in_language
from server.policies.programmes.schema import Programme
from server.subsidies.reckoning import service
from server.subsidies.reckoning.explaining import explain, facts_told, reason_words
from server.subsidies.reckoning.lines import case_of, get_line
from tests.factories.meals import make_site
from tests.factories.reckoning import FULL, make_cases, reckon_all
from tests.factories.subsidies import BASIS, a_programme, make_version


@pytest.fixture
def told(session):
    """Sentences of the first line of a case."""

    def tell(facts, language="zh-CN", **changes):
        version = make_version(session, a_programme(**changes))
        case = {"facts": FULL | facts, "site_id": make_site(session).id}
        run = reckon_all(session, make_cases(session, [case], version=version))
        with in_language(language):
            return [one.whole for one in explain(case_of(session, found(session, run)))]

    return tell


def found(session, run):
    return get_line(session, run.id, 1, true())


def test_what_is_paid_is_told_with_every_clause(told):
    sentences = told({})

    assert "按“养老机构运营补贴”第" in sentences[0]
    assert "当月在院天数 31" in sentences[1]
    assert "能力等级 重度失能" in sentences[1]
    assert "当月在院天数为 31，符合条件：≥ 1。（鲁民〔2021〕21号，补贴标准）" in sentences
    assert any("标准表“按能力等级”第 2 行（能力等级 重度失能、完全失能）：300.00 元" in one
               for one in sentences)  # fmt: skip
    assert any("系数“等级系数”第 3 行（机构等级 3）：100%" in one for one in sentences)
    assert any(one.startswith("满月计：当月在院天数 31，计 1 次。") for one in sentences)
    assert sentences[-1] == "最后一次四舍五入到分：300.00 元。"


def test_every_reason_for_nothing_is_told(told):
    sentences = told({"days_in_bed": 0, "stars": 0, "ability_level": None})

    assert sentences[2:] == [
        "不符合条件：当月在院天数 ≥ 1；实际为：当月在院天数 0（鲁民〔2021〕21号，补贴标准）",
        "标准表“按能力等级”中没有适用的行；实际为：能力等级 未知",
        "系数“等级系数”中没有适用的行；实际为：机构等级 0",
        "不予发放。",
    ]


def test_caps_and_rounding_are_told_in_english_too(told):
    caps = [{"id": "month", "fen": 25_050, **BASIS}]
    rounding = {"unit": "yuan", "how": "down", **BASIS}

    sentences = told({}, "en", caps=caps, rounding=rounding)

    assert any(one.startswith("Cut to the cap for a line: 250.50 yuan.") for one in sentences)
    assert sentences[-1].startswith("Rounded once, down to the yuan: 250.00 yuan.")


def test_what_the_year_had_before_is_told(session):
    caps = [{"id": "year", "per": "year", "fen": 40_000, **BASIS}]
    version = make_version(session, a_programme(caps=caps))
    site = make_site(session).id
    cases = [{"beneficiary_id": 7, "site_id": site, "part": part} for part in (1, 2)]
    run = reckon_all(session, make_cases(session, cases, version=version))

    line = get_line(session, run.id, 2, true())
    sentences = [one.whole for one in explain(case_of(session, line))]

    assert "此前本年度同类补贴已发 300.00 元。" in sentences
    assert any(one.startswith("超过每年封顶，按 400.00 元 计。") for one in sentences)
    assert sentences[-1] == "最后一次四舍五入到分：100.00 元。"


def test_a_trial_says_what_it_changed(session):
    site = make_site(session).id
    run = reckon_all(session, make_cases(session, [{"site_id": site}]))
    trial = service.start_trial(session, run.id, {"amounts.by_ability.1.fen": 40_000})
    line = found(session, reckon_all(session, trial))

    sentences = [one.whole for one in explain(case_of(session, line))]

    assert "测算：“按能力等级：能力等级 重度失能、完全失能”改为 400.00 元。" in sentences
    assert dict(facts_told(case_of(session, line)))["护理型床位"] == "未知"


def test_facts_that_stand_in_a_table_of_their_own_are_left_out(session):
    run = reckon_all(session, make_cases(session, [{"site_id": make_site(session).id}]))
    case = case_of(session, found(session, run))

    short = explain(case, with_facts=False)

    assert [one for one in explain(case) if one not in short] == [explain(case)[1]]


def test_another_programme_that_keeps_a_case_away_is_named():
    programme = Programme.model_validate(a_programme())

    told = reason_words(programme, "excludes.home_bed_service").sentence

    assert told == "当月已按“家庭养老床位服务补贴”发放，不能重复享受"
