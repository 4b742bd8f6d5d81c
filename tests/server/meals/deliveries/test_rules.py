"""Who carries what: known homes by the shortest way, the others beside their neighbours."""

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from server.meals.deliveries.rules import Door, Pace, arranged, minutes_of, straight

PACE = Pace(minutes=60, at_door=3, metres_a_minute=150)
CANTEEN = (112.85, 35.49)
EAST, WEST = "140502001001", "140502001002"
EASILY = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def rounds(doors, carriers=1, start=CANTEEN):
    made = arranged(doors, carriers, start=start, durations=partial(straight, pace=PACE))
    return [[door.booking_id for door in run] for run in made]


def at(number, steps, village=EAST):
    """A door so many steps of about ninety metres east of the canteen."""
    return Door(number, village, (CANTEEN[0] + steps * 0.001, CANTEEN[1]))


def test_the_nearest_home_is_first_and_nobody_is_passed_by():
    assert rounds([at(1, 9), at(2, 3), at(3, 6)]) == [[2, 3, 1]]


def test_two_carriers_go_two_ways():
    assert sorted(rounds([at(1, 9), at(2, -3), at(3, 6), at(4, -8)], 2)) == [[2, 4], [3, 1]]


def test_homes_that_nobody_measured_come_last_beside_their_neighbours():
    doors = [at(1, 2), at(2, 3), at(3, -2, WEST), at(4, -3, WEST), Door(5, WEST, None)]

    made = rounds(doors, 2)

    assert [3, 4, 5] in made


def test_where_the_canteen_or_the_homes_are_not_known_the_given_order_stays():
    doors = [Door(number, EAST, None) for number in range(1, 5)]

    assert rounds(doors, 2) == rounds(doors, 2, start=None) == [[1, 2], [3, 4]]
    assert rounds([at(1, 9), at(2, 3)], start=None) == [[1, 2]]


@EASILY
@given(
    st.lists(st.one_of(st.none(), st.integers(-50, 50)), min_size=1, max_size=14),
    st.integers(1, 4),
)
def test_every_meal_is_carried_once_and_no_round_is_overfull(steps, carriers):
    doors = [
        Door(number, EAST, None) if one is None else at(number, one)
        for number, one in enumerate(steps)
    ]

    made = rounds(doors, carriers)

    assert sorted(number for run in made for number in run) == list(range(len(steps)))
    assert len(made) <= carriers
    assert max(map(len, made)) <= -(-len(doors) // carriers)


def test_a_round_takes_its_ways_and_a_little_at_each_door():
    homes = [at(1, 10).home, None, at(2, 20).home]

    assert minutes_of(homes, start=CANTEEN, pace=PACE) == 9 + 3 + 13 - 12 + 9
    assert minutes_of([None], start=CANTEEN, pace=PACE) == 3
