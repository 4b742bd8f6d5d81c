"""The page of a claim's life says what the table says, and the table is whole."""

from infra.subsidy_claim_docs import PAGE, subsidy_claims_page
from server.i18n.catalogues import LANGUAGES, catalogue
from server.subsidies.claims.models import ClaimState, ClaimStep
from server.subsidies.claims.states import MOVES, OVER, TABLE, Need


def test_the_page_is_the_table():
    assert PAGE.read_text("utf-8") == subsidy_claims_page(), "run `make docs`"


def test_every_step_stands_in_the_table_and_every_state_but_the_last_can_be_left():
    assert set(MOVES) == set(ClaimStep)
    left = {state for move in TABLE for state in move.before}
    assert set(ClaimState) - left == set(OVER)


def test_every_state_step_and_need_has_its_words():
    wanted = {
        "subsidy_claim_state": ClaimState,
        "subsidy_claim_step": ClaimStep,
        "claim_need": Need,
    }
    for language in LANGUAGES:
        words = catalogue(language, "console")
        missing = [
            f"{context}\x04{one.value}"
            for context, codes in wanted.items()
            for one in codes
            if f"{context}\x04{one.value}" not in words
        ]
        assert missing == []
