"""Minutes, percent, admission, ranks and what is brought: values in, decision out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.caregivers.training.rules import (
    Reason,
    TraineeFacts,
    bring,
    follow_each_other,
    is_admitted,
    minutes_there,
    months_after,
    percent_of,
    ranks_of,
)

NINE = datetime(2026, 5, 4, 1, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
TODAY = date(2026, 6, 1)
FIRST = {"amount_fen": 200_000, "per": "certificate"}
BY_DAY = {"amount_fen": 28_000, "per": "day", "most_days": 15}


def at(minutes):
    return NINE + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("arrived", "left", "counted"),
    [(0, None, 180), (-20, None, 180), (15, None, 165), (0, 60, 60), (-5, 200, 180), (190, None, 0),
     (-30, -10, 0)],
)  # fmt: skip
def test_only_minutes_of_the_class_count(arrived, left, counted):
    assert minutes_there(NINE, NOON, at(arrived), None if left is None else at(left)) == counted


@given(
    arrived=st.integers(-60, 240), stays=st.one_of(st.none(), st.integers(0, 300)),
    later=st.integers(0, 60),
)  # fmt: skip
def test_minutes_fit_the_class_and_coming_later_never_gives_more(arrived, stays, later):
    left = None if stays is None else at(arrived + stays)
    first = minutes_there(NINE, NOON, at(arrived), left)

    assert 0 <= first <= 180
    assert minutes_there(NINE, NOON, at(arrived + later), left) <= first


@given(minutes=st.integers(0, 1000), planned=st.integers(1, 1000), least=st.integers(0, 100))
def test_admission_is_never_by_rounding(minutes, planned, least):
    assert is_admitted(minutes, planned, least) == (minutes / planned * 100 >= least - 1e-9)
    assert percent_of(minutes, planned) <= min(100, minutes / planned * 100)


@pytest.mark.parametrize(
    ("times", "fit"),
    [([], False), ([(0, 60)], True), ([(0, 60), (60, 90)], True), ([(60, 90), (0, 60)], True),
     ([(0, 60), (59, 90)], False), ([(60, 60)], False), ([(0, 721)], False)],
)  # fmt: skip
def test_classes_follow_each_other(times, fit):
    assert follow_each_other([(at(start), at(end)) for start, end in times]) is fit


def test_equal_scores_share_a_rank_and_the_next_is_left_out():
    assert ranks_of({1: 90, 2: 95, 3: 90, 4: 10}) == {1: 2, 2: 1, 3: 2, 4: 4}


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 5, 15), 12, date(2027, 5, 15)),
     (date(2026, 12, 31), 0, date(2026, 12, 31)), (date(2024, 2, 29), 12, date(2025, 2, 28))],
)  # fmt: skip
def test_months_end_where_months_end(day, months, after):
    assert months_after(day, months) == after


class TestWhatIsBrought:
    def of(self, scheme="first_certificate", figures=None, **facts):
        known = TraineeFacts(TODAY, completed_on=date(2026, 5, 20), days=3)
        facts = TraineeFacts(**(vars(known) | facts))
        return bring(scheme, FIRST if figures is None else figures, facts, claim_months=12)

    def test_a_first_certificate_brings_its_amount(self):
        assert (self.of().amount_fen, self.of().reasons) == (200_000, [])

    def test_days_are_counted_up_to_the_most(self):
        assert self.of("per_day", BY_DAY).amount_fen == 84_000
        assert self.of("per_day", BY_DAY, days=40).amount_fen == 15 * 28_000

    def test_a_kind_without_a_scheme_brings_nothing(self):
        assert self.of("none").reasons == [Reason.NOT_SUBSIDISED]

    def test_every_reason_is_named(self):
        brought = self.of(completed_on=None, is_on_establishment=True, had_certificate=True,
                          brought_this_year=True)  # fmt: skip

        assert brought.amount_fen == 0
        assert brought.reasons == [
            Reason.NOT_COMPLETED, Reason.ON_ESTABLISHMENT, Reason.NOT_FIRST_CERTIFICATE,
            Reason.PAID_THIS_YEAR,
        ]  # fmt: skip

    def test_the_last_day_to_claim_is_in_time(self):
        assert self.of(completed_on=date(2025, 6, 1)).reasons == []
        assert self.of(completed_on=date(2025, 5, 31)).reasons == [Reason.TOO_LATE]
