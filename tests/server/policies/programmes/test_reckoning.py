"""What a case comes to, by the figures of its day."""

from datetime import date

import pytest
from pydantic import ValidationError

from server.policies.programmes.figures import list_faults
from server.policies.programmes.reckoning import reckon
from server.policies.programmes.schema import Programme
from tests.factories.subsidies import BASIS, a_programme

ON = date(2026, 1, 31)
FULL = {"days_in_bed": 31, "days_of_month": 31, "ability_level": "severe", "stars": 3}


def come_to(facts, *, on=ON, paid=None, also_paid=(), **changes):
    programme = Programme.model_validate(a_programme(**changes))
    assert list_faults(programme) == []
    return reckon(programme, FULL | facts, on=on, paid=paid, also_paid=also_paid)


def test_the_row_of_the_level_and_the_factor_of_the_stars_decide():
    assert come_to({}).amount_fen == 30000
    assert come_to({"ability_level": "moderate", "stars": 1}).amount_fen == 16000
    outcome = come_to({"stars": 5})
    assert (outcome.amount_fen, outcome.base_fen, dict(outcome.factors)) == (
        36000,
        30000,
        {"star": 4},
    )


def test_no_row_is_a_refusal_and_never_nought():
    assert come_to({"ability_level": "mild"}).reasons == ["amounts.by_ability"]
    assert come_to({"stars": 0}).reasons == ["factors.star"]
    assert come_to({"days_in_bed": None}).reasons == ["conditions.in_bed"]


@pytest.mark.parametrize(
    ("counting", "days", "fen"),
    [
        ({"by": "full_month"}, 30, 0),
        ({"by": "full_month"}, 31, 30000),
        ({"by": "from_days", "days": 18}, 18, 30000),
        ({"by": "from_days", "days": 18}, 17, 0),
        ({"by": "by_day"}, 10, 9677),
    ],
)
def test_a_month_counts_as_the_city_counts(counting, days, fen):
    counts = {"fact": "days_in_bed", **counting, **BASIS}
    assert come_to({"days_in_bed": days}, counts=counts).amount_fen == fen


def test_the_figures_of_the_day_are_taken():
    assert come_to({}, on=date(2021, 6, 30)).reasons == ["amounts.by_ability", "factors.star"]


def test_a_cap_cuts_and_says_so():
    caps = [
        {"id": "month", "fen": 25000, **BASIS},
        {"id": "year", "per": "year", "fen": 40000, **BASIS},
    ]
    assert come_to({}, caps=caps).capped == ["month"]
    outcome = come_to({}, caps=caps, paid={"year": 30000})
    assert (outcome.amount_fen, outcome.capped) == (10000, ["month", "year"])


def test_another_family_keeps_this_one_away():
    excludes = [{"family": "voucher", **BASIS}]
    assert come_to({}, excludes=excludes, also_paid=["voucher"]).reasons == ["excludes.voucher"]
    assert come_to({}, excludes=excludes).amount_fen == 30000


def test_rounding_is_once_and_half_up():
    counts = {"by": "by_day", "fact": "days_in_bed", **BASIS}
    yuan = {"unit": "yuan", "how": "down", **BASIS}
    assert come_to({"days_in_bed": 10}, counts=counts, rounding=yuan).amount_fen == 9600


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditions": [{"id": "in_bed", "fact": "days_in_bed", "is": {"at_least": 1}}]},
        {"amounts": None},
        {"surprise": 1},
        {"is_on": False},
    ],
)
def test_what_is_not_whole_is_refused(wrong):
    with pytest.raises(ValidationError):
        Programme.model_validate(a_programme(**wrong))


def test_a_fact_its_source_has_not_is_named():
    condition = {"id": "trained", "fact": "skill_level", "is": 3, **BASIS}
    wrong = a_programme(conditions=[condition], documents={"other": {"title": "另一文件"}})
    faults = list_faults(Programme.model_validate(wrong))
    told = [(fault.place, fault.code) for fault in faults]
    assert told[0] == (("conditions", 0), "no-such-fact")
    assert (("conditions", 0), "no-such-document") in told
