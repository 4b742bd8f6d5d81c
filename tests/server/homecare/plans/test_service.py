"""Drafting a plan."""

from datetime import time

import pytest

from server import clock
from server.homecare.plans.errors import BedNotServing, PlanItemUnusable, PlanNotSo, PlanWaits
from server.homecare.plans.queries import items_of
from server.homecare.plans.rules import Draft, Shortfall
from server.homecare.plans.service import draft_plan, weigh, withdraw_plan
from tests.factories.homecare import make_home_bed, make_plan, make_provider, make_worker
from tests.factories.people import make_resident


@pytest.fixture
def site(session):
    return make_provider(session)


@pytest.fixture
def bed(session, site):
    return make_home_bed(session, make_resident(session), site)


@pytest.fixture
def draft(session, bed):
    return Draft(["bathing", "turning"], [5, 1, 1], time(9), make_worker(session, bed).id)


def put(session, bed, *drafts):
    return draft_plan(session, bed.id, drafts, starts_on=clock.today())


def test_a_draft_waits_and_its_minutes_are_the_catalogues(session, bed, draft):
    plan = put(session, bed, draft)

    assert plan.state == "drafted"
    [item] = items_of(session, [plan.id])[plan.id]
    assert (item.minutes, item.weekdays) == (90, [1, 5])


def test_one_version_waits_at_a_time(session, bed, draft):
    put(session, bed, draft)

    with pytest.raises(PlanWaits):
        put(session, bed, draft)


def test_a_draft_is_taken_back_and_makes_room_for_another(session, bed, draft):
    plan = put(session, bed, draft)

    assert withdraw_plan(session, plan.id).state == "withdrawn"
    assert withdraw_plan(session, plan.id).state == "withdrawn"
    assert put(session, bed, draft).state == "drafted"


def test_what_was_agreed_to_is_not_taken_back(session, bed):
    agreed = make_plan(session, bed, make_worker(session, bed))

    with pytest.raises(PlanNotSo):
        withdraw_plan(session, agreed.id)


def test_what_the_catalogue_lacks_is_not_planned(session, bed, draft):
    with pytest.raises(PlanItemUnusable):
        put(session, bed, Draft(["flying"], [1], time(9), draft.worker_id))


def test_somebody_from_elsewhere_is_not_wished_for(session, bed):
    other = make_home_bed(session, make_resident(session), make_provider(session))
    stranger = make_worker(session, other)

    with pytest.raises(PlanItemUnusable):
        put(session, bed, Draft(["bathing"], [1], time(9), stranger.id))


def test_a_bed_that_has_ended_gets_no_plan(session, site, draft):
    ended = make_home_bed(
        session, make_resident(session), site, state="ended", ended_on=clock.today(),
        end_reason="recovered",
    )  # fmt: skip

    with pytest.raises(BedNotServing):
        put(session, ended, draft)


def test_what_is_missing_is_told_while_drafting(session, draft):
    total, lacking = weigh(session, [draft])

    assert total.minutes == 2 * 4 * 90
    assert lacking == [Shortfall.MONTH_TOO_SHORT]
