"""Where a home is: offered from the first arrival, or typed in, and said so by the provider."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from tests.factories.homecare import make_proof, make_visit


@pytest.fixture
def unknown(session, bed):
    bed.x = bed.y = None
    session.flush()
    return bed


@pytest.fixture
def arrive(session, unknown, worker):
    """A visit made so many days ago, at which the phone knew where it was to within metres."""

    def arrive(days_ago, accuracy_m, x):
        day = clock.today() - timedelta(days=days_ago)
        visit = make_visit(session, unknown, worker, on=day, state="done")
        return make_proof(session, visit, arrived_accuracy_m=accuracy_m, arrived_x=x)

    return arrive


def place_of(session, bed):
    session.commit()
    return session.execute(text("SELECT x, y FROM home_bed WHERE id = :bed"), {"bed": bed.id}).one()


def test_the_first_arrival_that_was_measured_well_is_offered(manager, session, unknown, arrive):
    arrive(3, 80, 112.7)
    arrive(2, 50, 112.8)
    arrive(1, 5, 112.9)
    assert "是，就是这里" in manager.get(f"/home-beds/{unknown.id}").text

    assert manager.post(f"/home-beds/{unknown.id}/place/offered").status_code == 303
    assert place_of(session, unknown).x == 112.8


def test_where_nobody_arrived_well_enough_nothing_is_offered(manager, session, unknown, arrive):
    arrive(1, 51, 112.7)
    assert "是，就是这里" not in manager.get(f"/home-beds/{unknown.id}").text

    assert manager.post(f"/home-beds/{unknown.id}/place/offered").status_code == 409
    assert place_of(session, unknown) == (None, None)


def test_it_can_be_typed_in(manager, session, unknown):
    form = {"longitude": "112.85123", "latitude": "35.49321"}

    assert manager.post(f"/home-beds/{unknown.id}/place", form).status_code == 303
    assert place_of(session, unknown) == (112.85123, 35.49321)


@pytest.mark.parametrize("wrong", [{"longitude": "35.5"}, {"latitude": "nan"}, {"latitude": ""}])
def test_what_is_nowhere_near_is_refused(manager, unknown, wrong):
    form = {"longitude": "112.85", "latitude": "35.49"} | wrong

    assert manager.post(f"/home-beds/{unknown.id}/place", form).status_code == 422


def test_only_the_provider_says_where_it_is(county, other_manager, unknown):
    form = {"longitude": "112.85", "latitude": "35.49"}

    assert county.post(f"/home-beds/{unknown.id}/place", form).status_code == 403
    assert other_manager.post(f"/home-beds/{unknown.id}/place", form).status_code == 404
