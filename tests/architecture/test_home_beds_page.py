"""The page of a bed's life says what the table says, and the table is whole."""

from infra.home_bed_docs import PAGE, home_beds_page
from server.homecare.lives import Told
from server.homecare.models import HomeBedState
from server.homecare.renovations import states as renovations
from server.homecare.states import BED_LIFE, Need, Step
from server.homecare.vouchers.needs import EntitlementNeed
from server.i18n.catalogues import LANGUAGES, catalogue
from server.identity.roles import OF_AN_ACCOUNT, OF_AN_OFFICE


def test_the_page_is_the_table():
    assert PAGE.read_text("utf-8") == home_beds_page(), "run `make docs`"


def test_every_step_stands_in_the_table_and_every_state_but_the_last_can_be_left():
    assert set(BED_LIFE.moves) == set(Step)
    assert [state for state in HomeBedState if not BED_LIFE.steps_from(state)] == [
        HomeBedState.ENDED
    ]


def test_somebody_holds_every_permission_of_the_table():
    held = set(OF_AN_ACCOUNT).union(*OF_AN_OFFICE.values())

    assert {one for move in BED_LIFE.table for one in move.permissions} <= held


def test_every_need_and_every_message_has_its_words_in_both_languages():
    prefix = {Told.RESIDENT: "homecare.", Told.PROVIDER: "homecare.provider_"}
    digest = "message\x04homecare.county_digest"
    for language in LANGUAGES:
        assert {need.value for need in (*Need, *EntitlementNeed, *renovations.Need)} == {
            key.removeprefix("need\x04")
            for key in catalogue(language, "problems")
            if key.startswith("need\x04")
        }
        for move in BED_LIFE.table:
            for told in set(move.tells) - {Told.COUNTY}:
                assert f"message\x04{prefix[told]}{move.step}" in catalogue(language, "messages")
        assert digest in catalogue(language, "messages")
