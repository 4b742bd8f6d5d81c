"""What a month costs, to the fen."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.facilities.contracts import rules
from server.facilities.contracts.errors import (
    ContractDaysImpossible,
    DepositTooHigh,
    PrepaymentTooHigh,
)
from server.facilities.contracts.models import FeeItem

MARCH = date(2026, 3, 1)
ALWAYS = (date.min, date.max)
PERCENT = {"bed": 100, "nursing": 50, "meals": 0, "other": 100}
FEES = {FeeItem.BED: 150000, FeeItem.NURSING: 120000, FeeItem.MEALS: 60000, FeeItem.OTHER: 0}


def total(parts, month=MARCH):
    return sum(line.amount_fen for line in rules.lines_of(parts, month, away_percent=PERCENT))


def test_a_whole_month_costs_the_monthly_fee():
    assert total([rules.Nights(FEES, here=31, away=0)]) == 330000


def test_ten_nights_of_thirty_one():
    lines = rules.lines_of([rules.Nights(FEES, here=10, away=0)], MARCH, away_percent=PERCENT)

    assert [(line.item, line.amount_fen) for line in lines] == [
        (FeeItem.BED, 48387),
        (FeeItem.NURSING, 38710),
        (FeeItem.MEALS, 19355),
    ]


def test_away_the_bed_costs_all_nursing_half_and_meals_nothing():
    lines = rules.lines_of([rules.Nights(FEES, here=0, away=31)], MARCH, away_percent=PERCENT)

    assert [line.amount_fen for line in lines] == [150000, 60000, 0]


@given(
    st.fixed_dictionaries({item: st.integers(0, 10**7) for item in FeeItem}),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.data(),
)
def test_however_a_month_is_cut_into_contracts_it_costs_the_monthly_fee(fees, day, data):
    month = rules.first_of(day)
    days = monthrange(month.year, month.month)[1]
    cuts = sorted(data.draw(st.sets(st.integers(1, days - 1), max_size=4)))
    edges = [0, *cuts, days]
    parts = [rules.Nights(fees, here=until - since, away=0) for since, until in pairwise(edges)]

    assert total(parts, month) == sum(fees.values())


def test_nights_are_those_of_the_month_and_of_the_contract():
    records = [
        (date(2026, 2, 20), date(2026, 3, 5), False),
        (date(2026, 3, 5), date(2026, 3, 8), True),
        (date(2026, 3, 8), None, False),
    ]

    whole = rules.count_nights(records, MARCH, ALWAYS)
    half = rules.count_nights(records, MARCH, (date(2026, 3, 7), date(2026, 3, 10)))

    assert (whole[False], whole[True]) == (28, 3)
    assert (half[False], half[True]) == (2, 1)


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(1, 1000))
def test_the_months_of_a_stay_hold_each_of_its_nights_once(since, nights):
    until = since + timedelta(days=nights)

    counted = [
        rules.count_nights([(since, until, False)], month, ALWAYS)[False]
        for month in rules.months_between(since, until)
    ]

    assert sum(counted) == nights
    assert all(counted)


def test_ceilings():
    rules.check_deposit(1200, bed_fen=100, bed_fees=12)
    with pytest.raises(DepositTooHigh) as refusal:
        rules.check_deposit(1201, bed_fen=100, bed_fees=12)
    assert refusal.value.facts == {"most_fen": 1200}
    rules.check_prepayment(1100, held_fen=100, month_fen=100, months=12)
    with pytest.raises(PrepaymentTooHigh) as refusal:
        rules.check_prepayment(1101, held_fen=100, month_fen=100, months=12)
    assert refusal.value.facts == {"most_fen": 1100}


@pytest.mark.parametrize("days", [(MARCH, MARCH), (date(2026, 2, 1), date(2026, 4, 1))])
def test_a_contract_covers_nights_of_the_stay(days):
    with pytest.raises(ContractDaysImpossible):
        rules.check_contract_days(*days, planned_on=MARCH)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(0, 10**8))
def test_a_settlement_gives_back_or_asks_and_loses_nothing(prepaid, deposit, owed):
    settled = rules.Settlement(prepaid, deposit, owed)

    assert settled.refund_fen - settled.still_owed_fen == prepaid + deposit - owed
    assert 0 in (settled.refund_fen, settled.still_owed_fen)
