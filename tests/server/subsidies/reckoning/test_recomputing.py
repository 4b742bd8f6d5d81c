"""A run derived anew from its frozen facts: the same to the fen and to the digest, or named."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server.subsidies.reckoning import service
from server.subsidies.reckoning.errors import NotRecomputable
from server.subsidies.reckoning.recomputing import json_text, recompute
from tests.factories.programmes import cases, programmes
from tests.factories.reckoning import FULL, make_cases, reckon_all
from tests.factories.subsidies import BASIS, a_programme, make_run, make_version

CASES = [
    {}, {"facts": FULL | {"stars": 5, "days_in_bed": None}}, {"beneficiary_id": 1, "site_id": 2},
    {"facts": FULL | {"ability_level": "moderate"}},
]  # fmt: skip


def test_a_run_comes_to_the_same_in_plain_python(session):
    caps = [{"id": "year", "per": "year", "fen": 40_000, **BASIS}]
    version = make_version(session, a_programme(caps=caps))
    run = reckon_all(session, make_cases(session, CASES, version=version), slice_size=2)

    verdict = recompute(session, run)

    assert verdict.holds, verdict
    assert (verdict.lines, verdict.total_fen) == (4, run.total_fen)
    assert verdict.lines_digest == bytes(run.lines_digest)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_so_does_a_run_of_any_programme(session, data):
    programme = data.draw(programmes(pers=("line", "year", "ever")))
    made = data.draw(st.lists(cases(programme), min_size=1, max_size=8))
    with session.begin_nested() as back:
        version = make_version(session, programme.model_dump(mode="json", by_alias=True))
        run = reckon_all(session, make_cases(session, made, version=version), slice_size=3)
        verdict = recompute(session, run)
        back.rollback()

    assert verdict.holds, verdict


def test_a_line_that_is_not_what_its_facts_come_to_is_named(session):
    run = make_run(session, [{}, {"amount_fen": 30_001}])

    verdict = recompute(session, run)

    assert not verdict.holds
    assert [one.number for one in verdict.first] == [2]
    assert (verdict.stored_fen, verdict.total_fen) == (60_001, 60_000)


def test_a_run_that_is_not_reckoned_has_nothing_to_compare(session):
    with pytest.raises(NotRecomputable):
        recompute(session, make_cases(session))


def test_a_trial_is_derived_with_its_changed_figures(session):
    run = reckon_all(session, make_cases(session, [{}]))
    trial = service.start_trial(session, run.id, {"amounts.by_ability.1.fen": 40_000})

    assert recompute(session, reckon_all(session, trial)).holds


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12)
    | st.text("äb年\"\\\n c", max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("abcÄ年", max_size=4), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=VALUES)
def test_values_are_written_as_the_database_writes_them(session, value):
    written = session.execute(
        text("SELECT CAST(:value AS jsonb)::text"), {"value": json_text(value)}
    )

    assert written.scalar_one() == json_text(value)
