"""What a plan adds up to."""

from datetime import time

from server.homecare.plans.rules import (
    LIFE_CARE_SHARE,
    MINUTES_A_MONTH,
    MINUTES_A_VISIT,
    NURSING_VISITS,
    Draft,
    Shortfall,
    shortfalls,
    sum_of,
)

MINUTES = {"bathing": 60, "turning": 30}
CATEGORIES = {"bathing": "life", "turning": "nursing"}
OWED = {MINUTES_A_MONTH: 1800, MINUTES_A_VISIT: 60, LIFE_CARE_SHARE: 3, NURSING_VISITS: 2}


def draft(services, days):
    return Draft(services, range(1, days + 1), time(9), 1)


def what_lacks(*drafts):
    return shortfalls(sum_of(drafts, MINUTES, CATEGORIES), OWED)


def test_a_month_is_reckoned_as_four_weeks():
    total = sum_of([draft(["bathing", "turning"], 5)], MINUTES, CATEGORIES)

    assert (total.minutes, total.life_minutes) == (5 * 4 * 90, 5 * 4 * 60)
    assert (total.shortest_visit, total.nursing_visits) == (90, 20)


def test_a_plan_with_all_that_is_owed_lacks_nothing():
    assert what_lacks(draft(["bathing", "turning"], 5)) == []


def test_each_thing_that_is_missing_is_named():
    assert what_lacks(draft(["turning"], 1)) == [
        Shortfall.MONTH_TOO_SHORT,
        Shortfall.VISIT_TOO_SHORT,
        Shortfall.TOO_LITTLE_LIFE_CARE,
    ]
    assert what_lacks(draft(["bathing"], 7)) == [
        Shortfall.MONTH_TOO_SHORT,
        Shortfall.TOO_FEW_NURSING_VISITS,
    ]


def test_a_third_of_life_care_is_enough():
    third = [draft(["bathing"], 2), draft(["turning", "turning"], 4)]

    assert Shortfall.TOO_LITTLE_LIFE_CARE not in what_lacks(*third)
