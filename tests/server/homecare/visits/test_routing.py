"""The shortest way from home to home, with every promised hour kept."""

from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from server.homecare.visits import routing
from server.homecare.visits.routing import Stop, find_order, windows_between

SPEED = 250
A_DAY = (8 * 60, 18 * 60)
# About eleven kilometres apart, in a row from west to east.
WEST, MIDDLE, EAST = (112.8, 35.5), (112.92, 35.5), (113.04, 35.5)
EASILY = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def a_stop(number, home, *, minutes=60, windows=(A_DAY,)):
    return Stop(number, home, minutes, windows)


def minutes_apart(one, then):
    return routing.minutes_between(one, then, metres_a_minute=SPEED)


def test_the_shorter_way_round_is_found():
    stops = [a_stop(1, WEST), a_stop(2, EAST), a_stop(3, MIDDLE)]

    steps = find_order(stops, metres_a_minute=SPEED)

    assert [step.id for step in steps] in ([1, 3, 2], [2, 3, 1])


def test_a_promised_hour_is_kept_whatever_the_way():
    noon = (12 * 60, 12 * 60)
    stops = [a_stop(1, WEST), a_stop(2, EAST, windows=[noon]), a_stop(3, MIDDLE)]

    steps = {step.id: step.starts for step in find_order(stops, metres_a_minute=SPEED)}

    assert steps[2] == noon[0]


def test_two_promises_that_cannot_both_be_kept_have_no_order():
    at_nine = [(9 * 60, 9 * 60)]
    stops = [a_stop(1, WEST, windows=at_nine), a_stop(2, EAST, windows=at_nine)]

    assert find_order(stops, metres_a_minute=SPEED) is None


def test_where_a_visit_has_no_room_at_all_there_is_no_order():
    assert find_order([a_stop(1, WEST, windows=[])], metres_a_minute=SPEED) is None


def test_a_visit_begins_beside_what_else_the_elder_has():
    lunch = (11 * 60, 12 * 60)

    assert windows_between(540, 1080, 60, [lunch]) == [(540, 600), (720, 1020)]
    assert windows_between(540, 600, 90, []) == []


@st.composite
def days(draw):
    """One to six visits, known places or not, most of them free and some with an hour promised."""
    places = st.none() | st.tuples(
        st.floats(112.8, 112.95, allow_nan=False), st.floats(35.4, 35.55, allow_nan=False)
    )
    stops = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        first = draw(st.integers(480, 960))
        width = draw(st.sampled_from([0, 30, 120, 600]))
        windows = [A_DAY] if draw(st.booleans()) else [(first, first + width)]
        stops.append(
            a_stop(number, draw(places), minutes=draw(st.integers(10, 120)), windows=windows)
        )
    return stops


@given(days())
@EASILY
def test_nothing_meets_and_every_window_is_kept(stops):
    steps = find_order(stops, metres_a_minute=SPEED)

    if steps is None:
        return
    by_id = {stop.id: stop for stop in stops}
    assert sorted(step.id for step in steps) == sorted(by_id)
    for step in steps:
        assert any(first <= step.starts <= last for first, last in by_id[step.id].windows)
    for one, then in pairwise(steps):
        ends = one.starts + by_id[one.id].minutes
        assert then.starts >= ends + minutes_apart(by_id[one.id], by_id[then.id])


@given(days().filter(lambda stops: len(stops) <= 5))
@EASILY
def test_no_other_order_is_shorter_and_none_is_overlooked(stops):
    steps = find_order(stops, metres_a_minute=SPEED)
    possible = [
        routing.way_of(order, metres_a_minute=SPEED)
        for order in permutations(stops)
        if routing.schedule(order, metres_a_minute=SPEED)
    ]

    if steps is None:
        assert possible == []
        return
    by_id = {stop.id: stop for stop in stops}
    found = routing.way_of([by_id[step.id] for step in steps], metres_a_minute=SPEED)
    assert found == min(possible)
