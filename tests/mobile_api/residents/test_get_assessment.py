"""getAssessment"""

from datetime import date

import pytest
import time_machine

from server import clock
from server.identity.models import Role
from server.residents.assessments.rules import months_after
from tests.cities import VILLAGE
from tests.factories.assessments import Office, confirm, hand_in
from tests.factories.consents import make_consent
from tests.mobile_api.refusals import refusal


def path(resident):
    return f"/v1/residents/{resident.id}/assessment"


@pytest.fixture(autouse=True)
def consent(session, resident):
    return make_consent(session, "health", resident=resident)


@pytest.fixture
def assess(session):
    """Assess somebody and confirm the result."""
    assessor, reviewer = Office(session, Role.COMMUNITY_WORKER, VILLAGE), Office(session)

    def assess(resident, **given):
        session.commit()
        confirm(reviewer, hand_in(assessor, resident.id, **given))

    return assess


def test_it_shows_the_level_and_its_last_day_and_nothing_else(phone, resident, assess):
    assess(resident, total=50, diagnoses=["F00"])
    today = clock.today()

    assert phone.get(path(resident)).json == {
        "resident_id": resident.id,
        "level": "severe",
        "assessed_on": today.isoformat(),
        "valid_until": date.fromordinal(months_after(today, 12).toordinal() - 1).isoformat(),
        "scale_version": "GB/T 42195-2022",
    }


def test_without_a_level_it_says_so(phone, resident):
    assert phone.get(path(resident)).json == {
        "resident_id": resident.id,
        "level": None,
        "assessed_on": None,
        "valid_until": None,
        "scale_version": None,
    }


def test_a_level_that_has_run_out_is_none(phone, resident, assess):
    with time_machine.travel(clock.now().replace(year=clock.now().year - 1, day=1), tick=False):
        assess(resident, days_ago=20)

    assert phone.get(path(resident)).json["level"] is None


def test_what_waits_for_a_review_is_no_level_yet(phone, resident, session):
    assessor = Office(session, Role.COMMUNITY_WORKER, VILLAGE)
    session.commit()
    hand_in(assessor, resident.id)

    assert phone.get(path(resident)).json["level"] is None


def test_a_strangers_level_is_not_found(phone, neighbour, assess):
    assess(neighbour)

    assert refusal(phone.get(path(neighbour))) == (404, "not-found")


def test_nobody_asks_without_signing_in(stranger, resident):
    assert refusal(stranger.get(path(resident))) == (401, "sign-in-needed")


def test_a_query_is_refused(phone, resident):
    assert refusal(phone.get(f"{path(resident)}?day=2026-01-01")) == (422, "unknown-filter")


def test_a_helper_sees_it_only_where_she_may_see_health(helpers_phone, help_within, resident):
    assert refusal(helpers_phone.get(path(resident))) == (403, "outside-scope")
    assert help_within("see_health").get(path(resident)).status_code == 200
