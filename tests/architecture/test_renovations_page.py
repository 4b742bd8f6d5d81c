"""The page of a renovation's life says what the table says, and the table is whole."""

from infra.renovation_docs import PAGE, renovations_page
from server.homecare.lives import Told
from server.homecare.renovations.states import (
    ON_THE_WAY,
    RENOVATION_LIFE,
    RenovationState,
    RenovationStep,
)
from server.i18n.catalogues import LANGUAGES, catalogue
from server.identity.roles import OF_AN_ACCOUNT, OF_AN_OFFICE

OVER = [RenovationState.SETTLED, RenovationState.ENDED]


def test_the_page_is_the_table():
    assert PAGE.read_text("utf-8") == renovations_page(), "run `make docs`"


def test_every_step_stands_in_the_table_and_what_is_over_is_not_left():
    assert set(RENOVATION_LIFE.moves) == set(RenovationStep)
    assert [state for state in RenovationState if not RENOVATION_LIFE.steps_from(state)] == OVER
    assert list(RENOVATION_LIFE.next_step) == list(ON_THE_WAY)


def test_somebody_holds_every_permission_of_the_table():
    held = set(OF_AN_ACCOUNT).union(*OF_AN_OFFICE.values())

    assert {one for move in RENOVATION_LIFE.table for one in move.permissions} <= held


def test_every_message_has_its_words_in_both_languages():
    prefix = {Told.RESIDENT: "renovation.", Told.PROVIDER: "renovation.provider_"}
    for language in LANGUAGES:
        for move in RENOVATION_LIFE.table:
            for told in move.tells:
                assert f"message\x04{prefix[told]}{move.step}" in catalogue(language, "messages")
