"""The lot falls the same for everybody; intervals are those of the textbook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.subsidies.samples.rules import Looked, bands_of, draw, estimate, margin, wilson

LINES = st.dictionaries(st.integers(1, 10_000), st.integers(0, 10**7), max_size=60)


@given(LINES, st.integers(1, 80), st.sampled_from([1, 3]))
def test_as_many_as_are_wanted_each_once_in_any_order(lines, size, bands):
    given = list(lines.items())
    drawn = draw("a seed", 7, given, size=size, bands=bands)

    assert len(drawn) == len({one.number for one in drawn}) == min(size, len(lines))
    assert all(lines[one.number] == one.amount_fen for one in drawn)
    assert drawn == draw("a seed", 7, given[::-1], size=size, bands=bands)


@given(LINES)
def test_bands_hold_every_line_once_from_small_to_large(lines):
    parts = bands_of(list(lines.items()), 3)

    assert sorted(line for part in parts for line in part) == sorted(lines.items())
    amounts = [fen for part in parts for _, fen in part]
    assert amounts == sorted(amounts)


def test_another_seed_draws_other_lines():
    lines = [(number, 100) for number in range(1, 1001)]
    one, other = (draw(seed, 1, lines, size=20, bands=1) for seed in ("a", "b"))

    assert {line.number for line in one} != {line.number for line in other}


@pytest.mark.parametrize(
    ("wrong", "looked_at", "least", "most"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (2, 100, 0.0055, 0.0700), (0, 0, 0, 1)],
)
def test_wilson(wrong, looked_at, least, most):
    assert wilson(wrong, looked_at) == pytest.approx((least, most), abs=5e-5)


def test_margin_of_error():
    assert margin(384, 10**9) == pytest.approx(0.05, abs=1e-4)
    assert margin(50, 50) == 0
    assert margin(0, 50) == 1


def test_the_amount_is_the_mean_of_each_band_times_its_lines():
    looked = [Looked(1, 1000, 1000), Looked(1, 1000, 900), Looked(2, 5000, 5000)]

    found = estimate(looked, {1: 100, 2: 10})

    assert (found.wrong, found.fen) == (1, 5000)
    assert found.fen_least < 5000 < found.fen_most


def test_all_looked_at_leaves_no_doubt_about_the_amount():
    found = estimate([Looked(1, 1000, 0), Looked(1, 1000, 1000)], {1: 2})

    assert (found.fen, found.fen_least, found.fen_most) == (1000, 1000, 1000)
