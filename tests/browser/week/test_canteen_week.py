"""A canteen's week, whole: from the menu to the month's settlement, which sums to the fen.

Thirty elders order on every way there is. One rests, one dies, one waits and gets the place; the
counters lose their network in the middle of a lunch; two meals go to a door; one eater does not
come; a day is closed. What the month comes to is counted by hand beside it, in `ledger`.
"""

from datetime import date

import pytest

from tests.browser.console.test_pages import grave_findings
from tests.browser.week import people
from tests.browser.week.ledger import A_PERSON_DAY, LIST
from tests.browser.week.people import who
from tests.browser.week.statement import in_the_file, on_the_page
from tests.browser.week.story import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Story,
)
from tests.browser.week.town import Town

# A picture that is answered with 304 is closed with its answer, not before.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

SETTLING_DAY = date(2026, 12, 4)


@pytest.fixture
def story(town: Town) -> Story:
    return Story(town)


def test_a_canteens_week_from_the_menu_to_the_settlement(story: Story, town: Town) -> None:
    town.it_is(SATURDAY, "09:00")
    story.make_the_menu()
    story.order_on_every_way()
    story.wait_in_line(people.WAITING)
    story.rest(people.RESTING, WEDNESDAY, THURSDAY)
    town.it_is(SUNDAY, "16:01")
    story.read_the_kitchen_sheet()

    town.it_is(MONDAY, "10:40")
    story.pay_in(people.WITH_A_WALLET)
    story.send_out()
    town.it_is(MONDAY, "11:20")
    story.serve_lunch()
    story.serve_everybody_else()
    story.see_the_finding()
    story.see_the_wallet(people.WITH_A_WALLET)
    town.it_is(MONDAY, "14:00")
    story.die(people.DYING)
    story.take_the_place(people.WAITING)

    town.it_is(TUESDAY, "02:00")
    story.note_who_did_not_come(people.ABSENT)
    town.it_is(TUESDAY, "11:20")
    left = [one for one in who(people.STANDING) if one is not people.DYING]
    story.serve(TUESDAY, people.EARLY, people.WAITING, *left)
    story.close(THURSDAY)
    town.it_is(WEDNESDAY, "11:20")
    story.serve(WEDNESDAY, *(one for one in left if one is not people.RESTING))
    town.it_is(FRIDAY, "11:20")
    story.serve(FRIDAY, *left)

    town.it_is(SETTLING_DAY, "09:00")
    statement = story.settle()
    ledger, approver = story.ledger, town.desk("approver")
    lines, together, owed = on_the_page(approver)
    assert lines == ledger.lines()
    assert together == ledger.together()
    assert owed == [ledger.owed(), together.subsidy_fen, ledger.operation(), 0]
    assert in_the_file(approver, statement) == (
        ledger.lines(), [together.subsidy_fen, ledger.operation(), 0, ledger.owed()],
    )  # fmt: skip
    # As it was counted once on paper, so that the ledger itself is not believed blindly.
    assert (together.meals, together.list_fen) == (42, 42 * LIST)
    assert ledger.operation() == 42 * A_PERSON_DAY
    assert grave_findings(approver) == []
