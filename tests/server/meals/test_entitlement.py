"""What cities add to a meal, each by its own pack. Golden cases: domain.md §1c."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from server.meals.entitlement import Eater, missing_figures
from server.meals.rules import (
    SUBSIDISED_MEALS_A_DAY,
    SUBSIDY_BY_AGE,
    SUBSIDY_BY_HARDSHIP,
    SUBSIDY_CLASSES,
    SUBSIDY_TERMS,
    Price,
    split_price,
)
from server.places.workdays import is_workday
from server.policies.service import PACKS

REFERENCE = "reference"
CITIES = sorted(folder.name for folder in PACKS.glob("meals-*"))
RURAL, URBAN = "341202210201", "341202001001"


def figures_of(pack):
    """Key → (number, value) of a shipped pack, over the cap of the reference."""
    named = {}
    for number, name in enumerate((REFERENCE, pack)):
        rows = yaml.safe_load((PACKS / name / "meals.yaml").read_text())["parameters"]
        named |= {row["key"]: (100 * number + n, row["value"]) for n, row in enumerate(rows)}
    return named


def eater(age=70, tier="none", **given):
    return Eater(age, hardship_tier=tier, **{"subsidised_meals_that_day": 0} | given)


def pays(pack, price, who):
    given = price if isinstance(price, Price) else Price(price)
    return split_price(given, who, figures_of(pack)).own_pay_fen


class TestChuzhou:
    def test_a_ninety_year_old_pays_nine_yuan_of_twelve(self):
        assert pays("meals-chuzhou", 1200, eater(90)) == 900

    def test_the_highest_class_counts_alone(self):
        who = eater(90, tier="dibao", cares=["incapacitated", "living_alone"])
        split = split_price(Price(1200), who, figures_of("meals-chuzhou"))
        assert [(one.code, one.amount_fen) for one in split.reasons] == [
            ("subsidy-by-special-care", 500)
        ]

    def test_supper_is_not_among_the_meals_that_count(self):
        assert pays("meals-chuzhou", 1200, eater(90, meal="dinner")) == 1200


def test_zhuhai_twenty_yuan_less_a_tenth_less_thirty_percent_is_twelve_sixty():
    assert pays("meals-zhuhai", Price(2000, discount_percent=10), eater()) == 1260


def test_jiaojiang_eighteen_yuan_less_thirty_percent_is_twelve_sixty():
    assert pays("meals-jiaojiang", 1800, eater(70)) == 1260
    assert pays("meals-jiaojiang", 1800, eater(69)) == 1800


class TestBeijing:
    @pytest.mark.parametrize(("bill", "own"), [(1200, 700), (501, 1), (500, 500), (300, 300)])
    def test_five_yuan_where_the_bill_is_above_the_subsidy(self, bill, own):
        assert pays("meals-beijing", bill, eater(tier="dibao")) == own

    def test_the_amount_is_for_lunch_and_supper_together(self):
        rich_lunch = {"subsidised_meals_that_day": 1, "subsidised_fen_that_day": 500}
        split = split_price(
            Price(1200), eater(tier="dibao", **rich_lunch), figures_of("meals-beijing")
        )
        assert [one.code for one in split.reasons] == ["daily-amount-used"]

    def test_what_lunch_left_is_there_for_supper(self):
        poor_lunch = {"subsidised_meals_that_day": 1, "subsidised_fen_that_day": 200}
        split = split_price(
            Price(1200), eater(tier="dibao", **poor_lunch), figures_of("meals-beijing")
        )
        assert (split.subsidy_fen, split.subsidy_day_fen) == (300, 500)


class TestShinan:
    @pytest.mark.parametrize(("is_workday", "own"), [(True, 1200), (False, 1500)])
    def test_three_yuan_at_lunch_on_working_days(self, is_workday, own):
        assert pays("meals-shinan", 1500, eater(70, is_workday=is_workday)) == own

    @pytest.mark.parametrize("is_workday", [True, False])
    def test_fourteen_in_hardship_on_holidays_too(self, is_workday):
        assert pays("meals-shinan", 1500, eater(60, tier="dibao", is_workday=is_workday)) == 100

    def test_a_sunday_worked_for_a_holiday_is_a_working_day(self):
        assert not is_workday(date(2026, 10, 1))
        assert is_workday(date(2026, 9, 20))


@pytest.mark.parametrize(
    ("who", "own"),
    [
        (eater(60), 800),
        (eater(60, tier="tekun"), 400),
        (eater(60, cares=["severely_disabled"]), 400),
        (eater(59), 1200),
    ],
)
def test_kaifu_four_off_and_eight_off(who, own):
    assert pays("meals-kaifu", 1200, who) == own


@pytest.mark.parametrize(
    ("age", "place", "own"),
    [
        (90, URBAN, 0),
        (89, URBAN, 300),
        (80, URBAN, 300),
        (79, URBAN, 500),
        (60, URBAN, 500),
        (59, URBAN, 1200),
        (80, RURAL, 0),
        (79, RURAL, 400),
    ],
)
def test_fuyang_sets_what_the_elder_pays(age, place, own):
    figures = figures_of("meals-fuyang")
    for entry in figures[SUBSIDY_CLASSES][1]:
        if "places" in entry:
            entry["places"] = ["341202210"]
    split = split_price(Price(1200), eater(age, division_code=place), figures)
    assert split.own_pay_fen == own


@pytest.mark.parametrize("meal", ["breakfast", "lunch", "dinner"])
def test_xuyi_one_yuan_at_each_of_three_meals(meal):
    assert pays("meals-xuyi", 600, eater(65, meal=meal, subsidised_meals_that_day=2)) == 500


def reference_with(**terms):
    return figures_of(REFERENCE) | {SUBSIDY_TERMS: (9, terms)}


def test_the_higher_of_age_and_hardship_where_the_document_says_so():
    split = split_price(Price(1200), eater(80, "dibao"), reference_with(stacking="highest"))
    assert split.subsidy_fen == 300


def test_the_elder_pays_a_least_amount_and_no_donation_takes_it_away():
    price = Price(600, charity_fen=500)
    split = split_price(price, eater(80, "dibao"), reference_with(least_own_pay_fen=200))
    assert (split.subsidy_fen, split.charity_fen, split.own_pay_fen) == (400, 0, 200)


def test_a_county_may_pay_at_its_own_canteens_alone():
    figures = reference_with(where="own_county")
    away = split_price(Price(1200), eater(80, is_own_county=False), figures)
    assert [one.code for one in away.reasons] == ["not-in-own-county"]
    assert split_price(Price(1200), eater(80), figures).subsidy_fen == 300


def test_the_subsidy_follows_its_eater_where_nothing_else_is_said():
    assert pays(REFERENCE, 1200, eater(80, is_own_county=False)) == 900


def test_a_figure_that_is_missing_is_named():
    assert missing_figures({SUBSIDY_CLASSES: (1, [])}) == [SUBSIDISED_MEALS_A_DAY]
    assert missing_figures({}) == [SUBSIDY_BY_AGE, SUBSIDY_BY_HARDSHIP, SUBSIDISED_MEALS_A_DAY]


eaters = st.builds(
    Eater,
    age=st.integers(50, 105),
    hardship_tier=st.sampled_from(["none", "tekun", "tekun_in_care", "dibao", "dibian"]),
    subsidised_meals_that_day=st.just(0),
    cares=st.lists(st.sampled_from(["incapacitated", "severely_disabled", "childless"])),
    division_code=st.sampled_from([RURAL, URBAN]),
    meal=st.sampled_from(["breakfast", "lunch", "dinner"]),
    is_workday=st.booleans(),
)
prices = st.builds(Price, st.integers(1, 5_000), st.integers(0, 100), st.integers(0, 1_000))


@given(st.sampled_from([REFERENCE, *CITIES]), prices, eaters)
def test_in_every_city_the_parts_sum_to_the_price_and_none_is_negative(pack, price, who):
    split = split_price(price, who, figures_of(pack))
    parts = (split.operator_discount_fen, split.subsidy_fen, split.charity_fen, split.own_pay_fen)
    assert sum(parts) == price.list_price_fen
    assert min(parts) >= 0
    assert sum(one.amount_fen for one in split.reasons) == price.list_price_fen - split.own_pay_fen
    assert all(one.parameter_id is not None for one in split.reasons if "subsidy" in one.code)


@given(st.sampled_from([REFERENCE, *CITIES]), prices, eaters, st.integers(0, 500))
def test_a_dearer_meal_never_gets_less(pack, price, who, more):
    figures = figures_of(pack)
    dearer = Price(price.list_price_fen + more, price.discount_percent, price.charity_fen)
    subsidy = split_price(price, who, figures).subsidy_fen
    assert split_price(dearer, who, figures).subsidy_fen >= subsidy


@given(
    st.sampled_from(["add", "highest"]),
    st.sampled_from(["meal", "day"]),
    st.one_of(st.none(), st.integers(0, 900)),
    st.lists(st.tuples(prices, st.sampled_from(["breakfast", "lunch", "dinner"])),
             min_size=3, max_size=3),
    st.integers(60, 95),
)  # fmt: skip
def test_three_meals_of_a_day_never_exceed_what_the_day_has(stacking, per, fen, meals, age):
    terms = {"stacking": stacking, "per": per, "meals_a_day": 3}
    figures = reference_with(**terms | ({} if fen is None else {"fen_a_day": fen}))
    given, limits = [], []
    for price, meal in meals:
        who = eater(age, "dibao", meal=meal, subsidised_meals_that_day=len(given),
                    subsidised_fen_that_day=sum(given))  # fmt: skip
        split = split_price(price, who, figures)
        given += [split.subsidy_fen] if split.subsidy_fen else []
        limits += [split.subsidy_day_fen] if split.subsidy_day_fen is not None else []
    assert all(sum(given) <= limit for limit in limits)
    assert fen is None or sum(given) <= fen
