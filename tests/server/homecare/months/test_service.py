"""A month is closed once, with what was served, and stays as it was frozen."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.homecare.months import queries
from server.homecare.months.errors import MonthStillOpen
from server.homecare.months.service import close_month, is_as_frozen, preview
from server.homecare.visits.errors import MonthIsClosed
from server.homecare.visits.models import VisitRating
from tests.factories.street import Street


@pytest.fixture
def street(session):
    return Street(session)


@pytest.fixture
def month():
    """The month before the last, which is long over."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    return (last.replace(day=1) - timedelta(days=1)).replace(day=1)


def serve(street, month, *, visits, services=("cleaning",), minutes=60, **given):
    return [
        street.proved(on=month + timedelta(days=number), minutes=minutes,
                      services=list(services), **given)
        for number in range(visits)
    ]  # fmt: skip


def test_a_bed_with_all_that_is_owed_is_met(session, street, month):
    made = serve(street, month, visits=28)
    for number in (28, 29):
        day = {"on": month + timedelta(days=number - 14), "at": time(14)}
        made.append(street.proved(services=["turning"], **day))
    session.add(VisitRating(visit_id=made[0].id, resident_id=made[0].resident_id,
                            site_id=street.site.id, score=3, rated_at=clock.now()))  # fmt: skip
    session.flush()

    closed = close_month(session, street.site.id, month)

    assert (closed.beds, closed.met, closed.visits, closed.minutes) == (1, 1, 30, 1800)
    assert (closed.rated, closed.satisfied) == (1, 1)
    [bed] = queries.list_beds(session, street.site.id, month)
    assert (bed.life_minutes, bed.nursing_visits, bed.reasons) == (1680, 2, [])
    [worker] = queries.list_workers(session, street.site.id, month)
    assert (worker.worker_id, worker.visits, worker.beds) == (street.worker.id, 30, 1)


def test_what_is_missing_is_named(session, street, month):
    serve(street, month, visits=3, services=["company"], minutes=47)

    close_month(session, street.site.id, month)

    [bed] = queries.list_beds(session, street.site.id, month)
    assert bed.reasons == [
        "too_few_hours", "visits_too_short", "too_little_life_care", "too_few_nursing_visits",
    ]  # fmt: skip


def test_a_longer_stay_counts_as_ordered_and_an_unproved_visit_not_at_all(session, street, month):
    serve(street, month, visits=1, minutes=180)
    street.planned(on=month + timedelta(days=4))

    [bed] = preview(session, street.site.id, month)

    assert (bed["visits"], bed["minutes"], bed["unproved"]) == (1, 60, 1)


def test_a_visit_found_untrue_does_not_count_and_one_in_doubt_is_told(session, street, month):
    untrue, doubted = serve(street, month, visits=2)
    for visit, state in ((untrue, "true"), (doubted, "open")):
        put_finding(session, street, visit, state)

    [bed] = preview(session, street.site.id, month)

    assert (bed["visits"], bed["minutes"], bed["doubted"], bed["unproved"]) == (1, 60, 1, 1)


def test_a_month_is_closed_once(session, street, month):
    close_month(session, street.site.id, month)

    with pytest.raises(MonthIsClosed):
        close_month(session, street.site.id, month)


def test_a_month_is_closed_when_offline_visits_have_arrived(session, street):
    with pytest.raises(MonthStillOpen) as refused:
        close_month(session, street.site.id, clock.today().replace(day=1))

    first = queries.next_month(clock.today().replace(day=1))
    assert refused.value.facts["opens_on"] == (first + timedelta(days=3)).isoformat()


def test_nothing_is_filled_in_afterwards(session, street, month):
    close_month(session, street.site.id, month)

    with pytest.raises(DBAPIError, match="this month is closed"):
        street.planned(on=month)


def test_frozen_facts_are_proved_and_nobody_may_change_them(session, street, month):
    serve(street, month, visits=2)
    close_month(session, street.site.id, month)
    session.expire_all()

    assert is_as_frozen(session, street.site.id, month)
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text("UPDATE home_month_bed SET minutes = 1800"))


def put_finding(session, street, visit, state):
    settled = clock.now() if state == "true" else None
    session.execute(
        text(
            "INSERT INTO finding (kind, subject, resident_id, evidence, found_at, state, owner_id,"
            " taken_at, due_on, note, settled_at) VALUES ('home_visit_too_short', :subject,"
            " :resident, jsonb_build_object('visits', jsonb_build_array(CAST(:visit AS bigint))),"
            " :now, :state, :owner, :now, :today, 'x', :settled)"
        ),
        {
            "subject": f"visit:{visit.id}", "resident": visit.resident_id, "visit": visit.id,
            "now": clock.now(), "state": state, "owner": street.worker.id,
            "today": clock.today(), "settled": settled,
        },
    )  # fmt: skip
