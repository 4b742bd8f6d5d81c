"""Every code by which the platform refuses is explained, and said in both languages."""

import re
from collections import Counter
from importlib import import_module

import pytest

from server.errors import DomainError
from server.i18n.catalogues import LANGUAGES, catalogue
from server.meals import rules
from server.web.problems import CODE_OF_STATUS, FAULT, SENTENCES_WITH_A_VALUE, STATUS
from tests.architecture.sources import ROOT

PAGE = ROOT / "infra" / "docs" / "problems.md"
FROM_OUTSIDE_THE_DOMAIN = {503: "maintenance", 500: FAULT}
REASON = re.compile(r'Reason\("([a-z-]+)"')
PLACEHOLDER = re.compile(r"{(\w+)(?::\w+)?}")
FACTS = {
    "claims-closed": {"opens_on"},
    "figure-of-another-kind": {"fact"},
    "no-figure-there": {"place"},
    "no-version-then": {"programme", "day"},
    "programme-is-off": {"programme"},
    "source-unknown": {"source"},
    "run-overlaps": {"run"},
    "run-not-so": {"stage"},
    "version-changes": {"programme", "day"},
    "period-not-over": {"until"},
    "runs-not-alike": {"run", "other"},
    "not-recomputable": {"run"},
    "too-many-lines": {"most"},
    "claim-papers-missing": {"missing"},
    "notice-too-long": {"most"},
    "job-unknown": {"job"},
    "policy-pack-too-large": {"files", "megabytes"},
    "policy-pack-faulty": {"faults"},
    "policy-examples-differ": {"examples"},
    "policy-pack-decided": {"state"},
    "policy-later-version": {"programme", "starts_on"},
    "policy-version-used": {"programme"},
    "run-wanted-already": {"job"},
    "bed-taken": {"bed"},
    "meal-of-another-day": {"service_on"},
    "meal-day-settled": {"service_on"},
    "alarm-taken": {"name"},
    "late-refused": {"misses", "days"},
    "month-closed": {"month"},
    "attendance-month-closed": {"month", "closed_on"},
    "too-many-looks": {"retry_after"},
    "month-still-open": {"opens_on"},
    "sample-too-early": {"opens_on"},
    "corrections-wait": {"number"},
    "adjustments-wait": {"number"},
    "month-of-meals-is-settled": {"month", "next_month"},
    "month-of-meals-still-open": {"opens_on"},
    "settlement-not-at-this-stage": {"stage"},
    "visit-not-its-day": {"day"},
    "bed-label-taken": {"bed"},
    "bed-not-ready": {"bed"},
    "bed-occupied": {"bed"},
    "bed-of-another-kind": {"bed"},
    "day-out-of-reach": {"earliest", "latest"},
    "figures-do-not-add-up": {"most"},
    "hold-lapsed": {"hold_until"},
    "room-exists": {"room"},
    "rooms-unreadable": {"most"},
    "stay-not-so": {"status"},
    "people-still-here": {"people"},
    "contract-missing": {"day"},
    "deposit-too-high": {"most_fen"},
    "prepayment-too-high": {"most_fen"},
    "months-unbilled": {"month"},
    "position-outside-city": {"west", "east", "south", "north"},
    "opening-day-out-of-reach": {"earliest", "latest"},
    "too-many-photos": {"most"},
    "referral-not-so": {"state"},
    "home-bed-not-so": {"state"},
    "needs-missing": {"needs"},
    "entitlement-needs-missing": {"needs"},
    "entitlement-not-so": {"state"},
    "claim-not-so": {"state"},
    "claim-window-closed": {"opens_on"},
    "allowance-rule-unreadable": {"parameter", "said"},
    "care-order-not-so": {"state"},
    "places-taken": {"taken"},
    "care-order-too-early": {"until"},
    "allowance-lapses-before": {"until", "opens_on"},
    "renovation-not-so": {"state"},
    "price-above-ceiling": {"item", "most_fen"},
    "viewing-not-so": {"state"},
    "referral-too-late": {"decide_by"},
    "code-asked-too-often": {"retry_after"},
    "copy-asked-too-often": {"retry_after"},
    "helpers-tried-too-often": {"retry_after"},
    "too-many-helpers": {"most"},
    "code-wrong": {"tries_left"},
    "locked-out": {"retry_after"},
    "id-digits-wrong": {"tries_left"},
    "key-called-too-often": {"retry_after"},
    "key-lives-too-long": {"days"},
    "password-too-weak": {"least"},
    "past-cut-off": {"cutoff_at"},
    "already-collected": {"collected_at"},
    "unknown-filter": {"name"},
    "rule-missing": {"parameter", "day"},
    "answers-missing": {"missing"},
    "reassessment-unexplained": {"days"},
    "table-too-large": {"megabytes"},
    "table-columns-missing": {"columns"},
    "mapping-unusable": {"file", "part"},
    "person-ambiguous": {"number"},
    "receipt-noted": {"amount_fen"},
    "food-licence-expired": {"ended_on"},
    "sample-too-small": {"least"},
    "sample-not-cold": {"lowest", "highest"},
    "sample-still-kept": {"ends_at"},
    "cut-off-ahead": {"cutoff_at"},
    "fewer-places-than-trainees": {"enrolled"},
    "not-admitted-to-exam": {"percent", "least"},
    "no-exam-sitting-left": {"most"},
    "recovery-less-is-left": {"left_fen"},
    "subsidy-batch-not-so": {"state"},
    "subsidy-budget-missing": {"run_ids"},
    "subsidy-budget-too-small": {"over_fen"},
    "subsidy-payments-open": {"open_fen"},
    "subsidy-run-not-payable": {"run_id"},
    "run-has-open-findings": {"findings"},
    "subsidy-statement-differs": {"by_fen"},
}


for path in sorted((ROOT / "server").rglob("*.py")):
    if "DomainError" in path.read_text("utf-8"):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def descendants(error):
    for child in error.__subclasses__():
        yield child
        yield from descendants(child)


def statuses():
    """Return code → status of everything that an API can refuse with."""
    found = {code: status for status, code in CODE_OF_STATUS.items()}
    found |= {code: status for status, code in FROM_OUTSIDE_THE_DOMAIN.items()}
    return found | {error.code: STATUS[error.kind].value for error in descendants(DomainError)}


def documented():
    """Return code → status as the page has them."""
    page = PAGE.read_text("utf-8")
    return {
        code: int(status)
        for code, status in re.findall(r"^## (\S+)\n\n- \*\*Status\*\*: (\d+)", page, re.MULTILINE)
    }


def test_no_two_refusals_share_a_code():
    counted = Counter(error.code for error in descendants(DomainError))

    assert [code for code, count in counted.items() if count > 1] == []


def test_the_page_has_a_heading_for_every_code_with_its_status():
    assert documented() == statuses()


def test_every_entry_says_what_it_means_and_what_to_do():
    for entry in PAGE.read_text("utf-8").split("\n## ")[1:]:
        assert re.search(r"- \*\*Meaning\*\*: \S.+\.", entry), entry
        assert re.search(r"- \*\*What to do\*\*: \S.+\.", entry), entry


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentence_and_no_sentence_is_left_over(language):
    codes = {
        key.removeprefix("problem\x04")
        for key in catalogue(language, "problems")
        if key.startswith("problem\x04")
    }

    assert codes == statuses().keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_only_facts_that_the_refusal_carries(language):
    for key, sentence in catalogue(language, "problems").items():
        context, _, code = key.rpartition("\x04")
        if context == "problem":
            assert set(PLACEHOLDER.findall(sentence)) <= FACTS.get(code, set()), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_split_has_its_words(language):
    files = (ROOT / "server" / "meals" / name for name in ("rules.py", "entitlement.py"))
    codes = {code for file in files for code in REASON.findall(file.read_text("utf-8"))}
    codes |= {f"subsidy-by-{one}" for one in ("age", "hardship", "special-care")}

    assert len(codes) == 11
    assert rules.Reason
    for code in codes:
        assert catalogue(language, "problems")[f"reason\x04{code}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_a_faulty_value_are_in_both_languages(language):
    for _, template in SENTENCES_WITH_A_VALUE:
        assert catalogue(language, "problems")[template]
