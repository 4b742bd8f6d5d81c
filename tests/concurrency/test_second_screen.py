"""What changes on one screen is on another within two seconds, though another process drew it."""

import re
import time
from pathlib import Path

import pytest

from admin.facilities import overview_keeping, reading
from server import clock
from server.db import sessions
from server.facilities.stays.admitting import admit
from server.identity.models import Role
from tests.concurrency.screens import second_screen
from tests.factories.facilities import make_beds
from tests.factories.people import make_resident, make_sign_in, make_staff

TEMPLATES = Path(reading.__file__).parent / "templates/admin/facilities"
KEPT_FOR_S = 0.3


@pytest.fixture
def home(settle):
    """A home with three beds: its number, its beds, somebody who has none, and tokens."""

    def make(session):
        beds = make_beds(session, 3)
        site_id = beds[0].site_id
        operator = make_staff(session, Role.FACILITY_OPERATOR, site_id=site_id)
        officer = make_staff(session, Role.CITY_OFFICER, division_code="1405")
        return {
            "site": site_id,
            "beds": [bed.id for bed in beds],
            "resident": make_resident(session).id,
            "operator": make_sign_in(session, staff=operator),
            "officer": make_sign_in(session, staff=officer),
        }

    return settle(make)


def move_in(home):
    with sessions.transaction() as session:
        admit(
            session, bed_id=home["beds"][0], resident_id=home["resident"],
            admitted_on=clock.today(),
        )  # fmt: skip


@pytest.mark.parametrize(("who", "path", "change"), [
    ("operator", "/beds/{site}/live", 'data-state="occupied"'),
    ("officer", "/beds/overview/live", 'id="home-{site}-occupied" href="/admin/beds/{site}">1<'),
])  # fmt: skip
def test_a_change_is_in_the_next_answer_of_another_process(
    own_city, home, platform, who, path, change
):
    with second_screen(own_city, home[who], path.format(**home)) as look:
        minute = f"{clock.now():%M}"
        before, unchanged = look(), look()
        move_in(home)
        time.sleep(KEPT_FOR_S + 0.05)
        after = look()

    assert (before[0], change.format(**home) in before[1]) == (200, False)
    assert unchanged[0] == 304 or f"{clock.now():%M}" != minute
    assert (after[0], change.format(**home) in after[1]) == (200, True)


@pytest.mark.parametrize(("page", "kept"), [
    ("board.html", reading._versions), ("overview_figures.html", overview_keeping._versions),
])  # fmt: skip
def test_a_page_asks_often_enough_for_two_seconds(page, kept):
    every = re.search(r'hx-trigger="every (\d+)ms', (TEMPLATES / page).read_text("utf-8"))

    assert kept._seconds == KEPT_FOR_S
    assert int(every[1]) / 1000 + kept._seconds <= 1.8, "the rest is for the answer"
