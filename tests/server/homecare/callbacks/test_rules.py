"""How many are drawn, which, what answers come to, and how sure one can be."""

import hashlib

import pytest

from server.homecare.callbacks.models import CallResult
from server.homecare.callbacks.rules import (
    Answers,
    Content,
    Did,
    Stayed,
    There,
    digest_of,
    draw,
    lot,
    margin,
    result_of,
    size_of,
    wilson,
)

TWO_PROVIDERS = {number: 1 if number < 100 else 2 for number in range(1, 103)}


@pytest.mark.parametrize(
    ("population", "providers", "size"),
    [(1, 1, 1), (100, 1, 2), (101, 1, 3), (100, 5, 5), (3, 3, 3), (40_000, 12, 800)],
)
def test_so_many_in_a_hundred_are_drawn_and_one_of_each_provider(population, providers, size):
    assert size_of(population, providers=providers, percent=2) == size


def test_the_lot_is_what_anybody_can_reckon():
    assert lot("3, 8, 21", 17) == hashlib.sha256(b"3, 8, 21:17").hexdigest()


def test_the_same_seed_draws_the_same_and_another_another():
    assert draw("seed", TWO_PROVIDERS, size=9) == draw("seed", TWO_PROVIDERS, size=9)
    assert draw("seed", TWO_PROVIDERS, size=9) != draw("other", TWO_PROVIDERS, size=9)


def test_the_lowest_lots_are_drawn_and_the_smallest_provider_is_among_them():
    drawn = draw("seed", TWO_PROVIDERS, size=9)

    assert {TWO_PROVIDERS[visit] for visit in drawn[:2]} == {1, 2}
    highest = max(lot("seed", visit) for visit in drawn[2:])
    assert all(lot("seed", one) > highest for one in TWO_PROVIDERS if one not in drawn)


def test_the_digest_is_over_numbers_in_their_order():
    assert digest_of([12, 9]) == hashlib.sha256(b"9\n12").digest()


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        (Answers(There.YES), CallResult.AGREES),
        (Answers(There.YES, Stayed.AS_NOTED, Did.ALL, Content.BAD), CallResult.AGREES),
        (Answers(There.NO), CallResult.CONTRADICTS),
        (Answers(There.YES, stayed=Stayed.MUCH_SHORTER), CallResult.CONTRADICTS),
        (Answers(There.YES, did=Did.NOTHING), CallResult.CONTRADICTS),
        (Answers(There.YES, did=Did.SOME), CallResult.AGREES),
        (Answers(There.UNKNOWN, Stayed.AS_NOTED), CallResult.CANNOT_SAY),
    ],
)
def test_what_answers_come_to(answers, result):
    assert result_of(answers) is result


class TestHowSure:
    def test_wilson_is_that_of_the_books(self):
        # Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662.
        share = wilson(81, 263)

        assert (round(share.low, 4), round(share.high, 4)) == (0.2553, 0.3662)

    def test_of_nothing_there_is_no_share(self):
        assert (wilson(0, 0).low, wilson(0, 0).high) == (None, None)

    def test_all_confirmed_is_not_certain(self):
        assert 0.8 < wilson(20, 20).low < 1
        assert wilson(20, 20).high == 1

    def test_whoever_asks_everybody_errs_by_nothing(self):
        assert margin(12, population=12) == 0
        assert round(margin(800, population=40_000), 3) == 0.034
