"""A trial beside its run: who gains, who loses, and what each site would have."""

import pytest
from sqlalchemy import true

from server.errors import NotFound
from server.providers.queries import within
from server.subsidies.models import Outcome
from server.subsidies.reckoning import service
from server.subsidies.reckoning.comparing import Turn, compare, list_changed, require_alike
from server.subsidies.reckoning.errors import RunsNotAlike
from server.subsidies.reckoning.lines import LineWanted, get_line, list_lines, list_others, sum_up
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.reckoning import FULL, make_cases, reckon_all


@pytest.fixture
def sites(session):
    return make_site(session), make_site(session, division_code=OTHER_COUNTY_VILLAGE)


@pytest.fixture
def run(session, sites):
    cases = [
        {"site_id": sites[0].id}, {"site_id": sites[0].id, "facts": FULL | {"stars": 0}},
        {"site_id": sites[1].id, "facts": FULL | {"ability_level": "moderate"}},
        {"site_id": sites[1].id, "facts": FULL | {"days_in_bed": 3}},
    ]  # fmt: skip
    return reckon_all(session, make_cases(session, cases))


@pytest.fixture
def trial(session, run):
    changes = {"amounts.by_ability.1.fen": 40_000, "amounts.by_ability.0.fen": 15_000}
    return reckon_all(session, service.start_trial(session, run.id, changes))


def test_who_gains_and_who_loses(session, run, trial):
    compared = compare(session, run.id, trial.id, true())

    assert {turn: (one.cases, one.more_fen) for turn, one in compared.turns.items()} == {
        Turn.GAINS: (1, 10_000), Turn.LOSES: (1, -5_000), Turn.SAME: (2, 0),
    }  # fmt: skip
    assert (compared.whole.before_fen, compared.whole.after_fen) == (50_000, 55_000)
    changed = list_changed(session, run.id, trial.id, true())
    assert [(row.number, row.more_fen) for row in changed] == [(1, 10_000), (3, -5_000)]
    lost = list_changed(session, run.id, trial.id, true(), turn=Turn.LOSES)
    assert [row.number for row in lost] == [3]


def test_every_site_is_told_with_what_it_would_have(session, run, trial, sites):
    by_site = compare(session, run.id, trial.id, true()).sites

    assert [(row.site_id, row.gain, row.lose, row.more_fen) for row in by_site] == [
        (sites[0].id, 1, 0, 10_000), (sites[1].id, 0, 1, -5_000),
    ]  # fmt: skip


def test_a_county_compares_its_own(session, run, trial, sites):
    own = within([sites[0].division_code[:6]], ())

    assert compare(session, run.id, trial.id, own).whole.cases == 2
    assert [row.number for row in list_changed(session, run.id, trial.id, own)] == [1]


def test_runs_of_other_cases_are_not_alike(session, run, trial):
    other = reckon_all(session, make_cases(session, [{"beneficiary_id": 99}]))

    require_alike(run, trial)
    with pytest.raises(RunsNotAlike):
        require_alike(run, other)


def test_a_run_is_summed_by_outcome_reason_band_and_site(session, run, sites):
    sums = sum_up(session, run.id, true())

    assert sums.outcomes == {
        Outcome.DUE: (2, 50_000), Outcome.REFUSED: (1, 0), Outcome.NOTHING: (1, 0)
    }  # fmt: skip
    assert (sums.lines, sums.total_fen) == (4, 50_000)
    assert sums.reasons == [("factors.star", 1)]
    assert sums.bands == [(20_000, 1, 20_000), (30_000, 1, 30_000)]
    assert [(row.site_id, row.lines, row.due) for row in sums.sites] == [
        (sites[0].id, 2, 1), (sites[1].id, 2, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"outcome": Outcome.DUE}, [1, 3]),
        ({"reason": "factors.star"}, [2]),
        ({"band": 30_000}, [1]),
        ({"band": 20_000}, [3]),
        ({"after": 2}, [3, 4]),
    ],
)
def test_lines_are_found_by_what_they_came_to(session, run, wanted, numbers):
    rows = list_lines(session, run.id, true(), LineWanted(**wanted))

    assert [row.number for row in rows] == numbers


def test_a_line_out_of_reach_is_not_there(session, run, sites):
    own = within([sites[0].division_code[:6]], ())

    assert [row.number for row in list_lines(session, run.id, own, LineWanted())] == [1, 2]
    with pytest.raises(NotFound):
        get_line(session, run.id, 3, own)


def test_other_lines_of_the_same_person_are_beside_it(session, run, trial):
    line = get_line(session, run.id, 1, true())

    assert [(row.run_id, row.number) for row in list_others(session, line, true())] == [
        (trial.id, 1)
    ]
