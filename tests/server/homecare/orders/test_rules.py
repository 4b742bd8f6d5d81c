"""A bill is split to the fen, and a sample is drawn by anybody alike."""

from hypothesis import given
from hypothesis import strategies as st

from server.homecare.orders import rules
from server.homecare.orders.rules import Rounding, Split, split

AMOUNTS = st.integers(min_value=0, max_value=2_000_000)
CAP = 80_000


class TestGoldenVectors:
    """What the press and the provinces reckoned out (domain.md §1i)."""

    def test_a_fee_of_5100_meets_the_cap(self):
        assert split(510_000, voucher_left=CAP, rate_percent=40) == Split(
            510_000, 0, 80_000, 430_000
        )

    def test_of_2000_a_home_is_paid_800(self):
        assert split(200_000, voucher_left=CAP, rate_percent=40) == Split(
            200_000, 0, 80_000, 120_000
        )

    def test_a_visit_of_100_costs_60(self):
        assert split(10_000, voucher_left=CAP, rate_percent=40).own_fen == 6_000

    def test_at_home_half_is_paid(self):
        assert split(10_000, voucher_left=CAP, rate_percent=50).own_fen == 5_000


def test_bought_service_comes_first_and_the_voucher_bears_its_share_of_the_rest():
    assert split(10_000, purchased_left=6_000, voucher_left=CAP, rate_percent=50) == Split(
        10_000, 6_000, 2_000, 2_000
    )


def test_half_a_fen_goes_as_the_parameter_says():
    assert split(101, voucher_left=CAP, rate_percent=50).voucher_fen == 50
    up = split(101, voucher_left=CAP, rate_percent=50, rounding=Rounding.HALF_UP)
    assert (up.voucher_fen, up.own_fen) == (51, 50)


@given(
    bill=AMOUNTS,
    purchased=AMOUNTS,
    voucher=AMOUNTS,
    percent=st.integers(min_value=0, max_value=100),
    rounding=st.sampled_from(Rounding),
)
def test_the_parts_are_the_bill_and_never_more_than_there_is(
    bill, purchased, voucher, percent, rounding
):
    parts = split(
        bill, purchased_left=purchased, voucher_left=voucher, rate_percent=percent,
        rounding=rounding,
    )  # fmt: skip

    assert parts.purchased_fen + parts.voucher_fen + parts.own_fen == bill
    assert 0 <= parts.purchased_fen <= purchased
    assert 0 <= parts.voucher_fen <= voucher
    assert parts.own_fen >= 0


def test_a_hundredth_is_drawn_and_one_at_least():
    sizes = {number: rules.sample_size(number, 1) for number in (0, 1, 99, 100, 101, 2_000)}

    assert sizes == {0: 0, 1: 1, 99: 1, 100: 1, 101: 2, 2_000: 20}


def test_anybody_draws_the_same_from_the_seed_whatever_the_order_of_the_list():
    numbers = list(range(1, 1_001))

    drawn = rules.draw("2026134 03 08 15", numbers, 1)
    assert drawn == rules.draw("2026134 03 08 15", numbers[::-1], 1)
    assert drawn != rules.draw("2026135 03 08 15", numbers, 1)
    assert len(set(drawn)) == 10
