"""Every reason is a sentence in both languages, with its clause behind it and what can be done."""

import re
from datetime import date
from pathlib import Path

import pytest

from server.caregivers.allowances import conditions, rules, wording
from server.caregivers.allowances.models import ClaimState, Standing
from server.caregivers.allowances.papers import PAPERS
from server.caregivers.allowances.terms import Programme
from server.caregivers.models import BreachKind, Degree, InsurancePayer, Post
from server.i18n.catalogues import LANGUAGES, catalogue, in_language
from tests.server.caregivers.allowances.cases import entry, month_of, somebody

CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')
CODES = {
    code
    for module in (rules, conditions)
    for code in CODE.findall(Path(module.__file__).read_text("utf-8"))
} | {f"amount-by-{kind}" for kind in ("level", "years", "home")}
WORDS = {
    "allowance_programme": Programme,
    "allowance_standing": Standing,
    "claim_state": ClaimState,
    "allowance_degree": Degree,
    "allowance_post": Post,
    "allowance_payer": InsurancePayer,
    "allowance_breach": BreachKind,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_and_a_short_name(language):
    words = catalogue(language, "console")

    for context in ("allowance_reason", "allowance_reason_short"):
        said = {key.partition("\x04")[2] for key in words if key.startswith(f"{context}\x04")}
        assert said == CODES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_models_has_its_word(language):
    words = catalogue(language, "console")
    wanted = {f"{kind}\x04{one.value}" for kind, codes in WORDS.items() for one in codes}
    wanted |= {f"allowance_paper\x04{one}" for one in PAPERS}
    wanted |= {f"allowance_level\x04{level}" for level in range(1, 6)}

    assert wanted - words.keys() == set()


def test_a_sentence_has_its_clause_behind_it():
    told = somebody(
        certificates=[{"level": 3, "issued_on": "2022-01-10", "valid_until": "2026-02-28"}],
        attendance={"2026-03-01": 22}, hours={2025: 12},
    )  # fmt: skip
    (reason,) = [one for one in month_of(told, date(2026, 3, 1)).told if not one["holds"]]

    assert wording.full_sentence(reason) == (
        "三级（高级工）证书已于 2026-02-28 到期；"
        "杭州市养老护理员特殊岗位津贴（2024-08-01 起，一个城市的示例），申领条件"
    )
    with in_language("en"):
        assert wording.reason_sentence(reason) == (
            "the certificate of level 3 expired on 2026-02-28"
        )
        assert wording.advice_for(reason["code"]).startswith("Please renew")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_leaves_a_placeholder_standing(language):
    breach = (date(2026, 3, 3), None)
    verdicts = [
        *entry(somebody()), *entry(somebody(works=[{"starts_on": "2023-06-01"}], has_payee=False)),
        month_of(somebody(works=[{"starts_on": "2026-02-01"}]), date(2026, 3, 1), breach=breach),
    ]  # fmt: skip

    with in_language(language):
        said = [wording.full_sentence(one) for each in verdicts for one in each.told]
    assert said
    assert [one for one in said if "{" in one] == []


@pytest.mark.parametrize(
    ("band", "said"),
    [("level:3", "三级（高级工）"), ("degree:college", "大专"), ("years:5", "满 5 年起"),
     ("home:3", "同一机构每满 3 年"), ("", "")],
    ids=range(5),
)  # fmt: skip
def test_what_an_amount_goes_by(band, said):
    assert wording.band_words(band) == said
