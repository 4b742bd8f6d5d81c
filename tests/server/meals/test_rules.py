"""The price split and the days and ages it rests on. Golden cases: domain.md §1c."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.meals import rules
from server.meals.rules import Eater, Price, split_price

BANDS = [
    {"from_age": 60, "to_age": 64, "fen": 100},
    {"from_age": 65, "to_age": 79, "fen": 200},
    {"from_age": 80, "to_age": None, "fen": 300},
]
FIGURES = {
    rules.SUBSIDY_BY_AGE: (1, BANDS),
    rules.SUBSIDY_BY_HARDSHIP: (2, {"tekun": 200, "dibao": 200, "dibian": 200}),
    rules.SUBSIDISED_MEALS_A_DAY: (3, 2),
}


def eater(age=70, tier="none", meals=0):
    return Eater(age=age, hardship_tier=tier, subsidised_meals_that_day=meals)


def own_pay(price, eater, figures=FIGURES):
    return split_price(price, eater, figures).own_pay_fen


def test_chuzhou_a_ninety_year_old_pays_nine_yuan_of_twelve():
    assert own_pay(Price(1200), eater(age=90)) == 900


def test_jiaojiang_eighteen_yuan_less_thirty_percent_is_twelve_sixty():
    assert own_pay(Price(1800, discount_percent=30), eater(age=59)) == 1260


def test_zhuhai_twenty_yuan_less_a_tenth_less_thirty_percent_is_twelve_sixty():
    percent = FIGURES | {
        rules.SUBSIDY_BY_AGE: (1, [{"from_age": 60, "to_age": None, "percent": 30}])
    }
    assert own_pay(Price(2000, discount_percent=10), eater(), percent) == 1260


@pytest.mark.parametrize(
    ("age", "subsidy"), [(59, 0), (60, 100), (64, 100), (65, 200), (79, 200), (80, 300), (104, 300)]
)
def test_the_subsidy_follows_the_age_band_at_both_edges(age, subsidy):
    assert split_price(Price(1200), eater(age=age), FIGURES).subsidy_fen == subsidy


@pytest.mark.parametrize("tier", ["tekun", "dibao", "dibian"])
def test_hardship_is_added_to_the_rate_by_age(tier):
    assert split_price(Price(1200), eater(age=80, tier=tier), FIGURES).subsidy_fen == 500


def test_those_cared_for_in_an_institution_get_no_addition():
    assert split_price(Price(1200), eater(tier="tekun_in_care"), FIGURES).subsidy_fen == 200


def test_the_third_meal_of_a_day_is_not_subsidised_and_says_why():
    split = split_price(Price(1200), eater(meals=2), FIGURES)
    assert split.subsidy_fen == 0
    assert [reason.code for reason in split.reasons] == ["daily-cap-reached"]


def test_a_subsidy_is_never_above_the_bill():
    split = split_price(Price(350), eater(age=85, tier="dibao"), FIGURES)
    assert (split.subsidy_fen, split.own_pay_fen) == (350, 0)


def test_what_is_left_of_a_subsidy_by_hardship_alone_is_not_a_meal_for_the_young():
    assert split_price(Price(1200), eater(age=50, tier="dibao"), FIGURES).subsidy_fen == 0


@given(
    st.integers(1, 100_000),
    st.integers(0, 100),
    st.integers(0, 5_000),
    st.integers(40, 110),
    st.sampled_from(["none", "tekun", "tekun_in_care", "dibao", "dibian"]),
    st.integers(0, 3),
)
def test_the_parts_sum_to_the_list_price_and_none_is_negative(
    price, percent, charity, age, tier, meals
):
    split = split_price(Price(price, percent, charity), eater(age, tier, meals), FIGURES)
    parts = (split.operator_discount_fen, split.subsidy_fen, split.charity_fen, split.own_pay_fen)
    assert sum(parts) == price
    assert min(parts) >= 0
    assert sum(reason.amount_fen for reason in split.reasons) == price - split.own_pay_fen


@pytest.mark.parametrize(
    ("amount", "percent", "expected"),
    [(1805, 30, 542), (1, 50, 1), (1, 49, 0), (0, 99, 0), (7, 100, 7)],
)
def test_a_percentage_is_rounded_half_up(amount, percent, expected):
    assert rules.percent_of(amount, percent) == expected


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(1946, 11, 22), date(2026, 11, 21), 79),
        (date(1946, 11, 22), date(2026, 11, 22), 80),
        (date(1944, 2, 29), date(2026, 2, 28), 81),
        (date(1944, 2, 29), date(2026, 3, 1), 82),
    ],
)
def test_age_is_full_years_on_the_day_of_service(born_on, on, age):
    assert rules.full_years(born_on, on=on) == age


def test_a_sitting_closes_at_four_in_the_afternoon_of_the_day_before():
    city = ZoneInfo("Asia/Shanghai")
    closes = rules.cutoff_at(date(2026, 11, 23), {"days_before": 1, "at": "16:00"}, city)
    assert closes.isoformat() == "2026-11-22T16:00:00+08:00"


@pytest.mark.parametrize(
    ("service_on", "ends_on"),
    [
        (date(2026, 1, 31), date(2026, 3, 1)),
        (date(2026, 11, 22), date(2027, 1, 1)),
        (date(2026, 12, 1), date(2027, 2, 1)),
    ],
)
def test_a_canteen_knows_its_diner_until_the_month_after_next(service_on, ends_on):
    assert rules.care_link_ends_on(service_on) == ends_on


@pytest.mark.parametrize(("taken", "number"), [((), 1), ((1,), 2), ((2,), 1), ((1, 2), 3)])
def test_a_cancelled_meals_number_is_given_again(taken, number):
    assert rules.first_free_number(taken) == number
