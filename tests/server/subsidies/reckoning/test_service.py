"""Runs: started over what nobody else covers, reckoned in slices, gone on with, let go."""

from datetime import date

import pytest
from sqlalchemy import select

from server.db.tables import table_of
from server.errors import NotFound
from server.policies.programmes.models import PolicyVersion
from server.subsidies.models import RunKind, RunStage, SubsidyLine, SubsidySlice
from server.subsidies.reckoning import service
from server.subsidies.reckoning.errors import (
    NoFigureThere,
    NoVersionThen,
    PaidMeanwhile,
    PeriodNotOver,
    ProgrammeIsOff,
    RunNotSo,
    RunOverlaps,
    SourceUnknown,
    VersionChanges,
)
from server.subsidies.reckoning.service import Wanted
from tests.factories.reckoning import FULL, make_cases, reckon_all
from tests.factories.subsidies import BASIS, a_programme, make_run, make_version, move_run

LINE, SLICE = table_of(SubsidyLine), table_of(SubsidySlice)
JANUARY = date(2026, 1, 1)
OF_THE_CITY = Wanted("facility_operation", JANUARY, 1, "1405")


@pytest.fixture
def source(monkeypatch):
    """The facts are there, as far as a start looks."""
    monkeypatch.setattr(service, "require_source", lambda session, source: source)


def lines_of(session, run):
    asked = select(LINE).where(LINE.c.run_id == run.id).order_by(LINE.c.number)
    return list(session.execute(asked))


def test_a_run_is_reckoned_slice_by_slice(session):
    run = make_cases(session, [{}, {"facts": FULL | {"stars": 0}}, {}, {}, {}])

    assert service.go_on(session, run.id, slice_size=2)
    assert session.execute(select(SLICE.c.last_no)).scalars().all() == [2]
    reckon_all(session, run, slice_size=2)

    assert (run.stage, run.lines, run.refused, run.total_fen) == ("computed", 5, 1, 120_000)
    assert session.execute(select(SLICE.c.last_no)).scalars().all() == [2, 4, 5]
    assert not service.go_on(session, run.id)


def test_the_same_cases_come_to_the_same_digest_bit_for_bit(session):
    version = make_version(session)
    cases = [{}, {"facts": FULL | {"stars": 5}}, {"facts": FULL | {"ability_level": None}}]
    one, other = (
        reckon_all(session, make_cases(session, cases, version=version, kind=RunKind.WHAT_IF))
        for _ in range(2)
    )

    assert one.lines_digest == other.lines_digest
    assert one.facts_digest == other.facts_digest


def test_a_run_without_cases_is_computed_and_pays_nobody(session):
    run = reckon_all(session, make_cases(session, []))

    assert (run.stage, run.lines, run.total_fen) == ("computed", 0, 0)


def test_whoever_comes_twice_in_a_month_is_paid_once(session):
    twice = [{"beneficiary_id": 7, "site_id": site} for site in (1, 2)]
    run = reckon_all(session, make_cases(session, [*twice, {"beneficiary_id": 8}]))

    told = [(line.outcome.value, line.trace.get("reasons")) for line in lines_of(session, run)]
    refused = ("refused", ["excludes.facility_operation"])
    assert told == [("due", None), refused, ("due", None)]


def test_whoever_another_run_paid_is_refused_and_the_others_are_paid(session):
    version = make_version(session)
    make_run(session, [{"resident_id": 7, "site_id": 1}], version=version)
    run = make_cases(session, [{"beneficiary_id": 7}, {"beneficiary_id": 8}], version=version)

    reckon_all(session, run)

    assert [line.outcome.value for line in lines_of(session, run)] == ["refused", "due"]


def test_a_payment_nobody_saw_in_time_is_seen_at_the_second_look(session, monkeypatch):
    version = make_version(session)
    make_run(session, [{"resident_id": 7, "site_id": 1}], version=version)
    run = make_cases(session, [{"beneficiary_id": 7}], version=version)
    monkeypatch.setattr(service, "pays_meanwhile", lambda *given: False)

    reckon_all(session, run)

    assert lines_of(session, run)[0].trace == {
        "reasons": ["excludes.facility_operation"], "before": {"paid": ["facility_operation"]},
    }  # fmt: skip


def test_without_the_second_look_the_key_alone_stops_it(session, monkeypatch):
    version = make_version(session)
    make_run(session, [{"resident_id": 7, "site_id": 1}], version=version)
    run = make_cases(session, [{"beneficiary_id": 7}], version=version)
    monkeypatch.setattr(service, "pays_meanwhile", lambda *given: False)
    monkeypatch.setattr(service, "replace", lambda seen, **given: seen)

    with pytest.raises(PaidMeanwhile):
        reckon_all(session, run)


def test_a_cap_of_the_year_reaches_over_slices_of_one_run(session):
    caps = [{"id": "year", "per": "year", "fen": 70_000, **BASIS}]
    version = make_version(session, a_programme(caps=caps))
    months = [date(2026, month, 1) for month in (1, 2, 3)]
    cases = [{"beneficiary_id": 7, "month": month} for month in months]

    run = reckon_all(session, make_cases(session, cases, version=version, months=3))

    assert [line.amount_fen for line in lines_of(session, run)] == [30_000, 30_000, 10_000]
    assert lines_of(session, run)[2].trace["capped"] == ["year"]
    assert lines_of(session, run)[2].trace["before"] == {"year": 60_000}


def test_a_trial_changes_figures_on_the_same_cases_and_keeps_nobody_away(session):
    cases = [{}, {"facts": FULL | {"ability_level": "moderate"}}]
    run = reckon_all(session, make_cases(session, cases))
    trial = service.start_trial(session, run.id, {"amounts.by_ability.1.fen": 40_000})

    reckon_all(session, trial)

    assert [line.amount_fen for line in lines_of(session, trial)] == [40_000, 20_000]
    assert trial.facts_digest == run.facts_digest
    assert {line.holds for line in lines_of(session, trial)} == {trial.id}


def test_a_trial_of_nothing_comes_to_the_same(session):
    run = reckon_all(session, make_cases(session, [{}, {}]))

    trial = reckon_all(session, service.start_trial(session, run.id, {}))

    assert trial.lines_digest == run.lines_digest


@pytest.mark.parametrize(
    "changes",
    [
        {"amounts.by_level.1.fen": 1},
        {"amounts.by_ability.9.fen": 1},
        {"amounts.by_ability.1.fen": -1},
        {"amounts.by_ability.1.clause": "第二条"},
        {"family": "voucher"},
    ],
)
def test_a_figure_that_is_not_there_is_refused(session, changes):
    run = reckon_all(session, make_cases(session))

    with pytest.raises(NoFigureThere):
        service.start_trial(session, run.id, changes)


def test_a_run_starts_with_the_version_of_its_first_day(session, source):
    version = make_version(session)

    run = service.start_run(session, OF_THE_CITY)

    assert (run.stage, run.version_id, run.family_no) == (
        "gathering", version.id, version.family_no,
    )  # fmt: skip


@pytest.mark.parametrize("division", ["1405", "140502", "140502001"])
def test_two_runs_never_cover_one_place_and_month(session, source, division):
    make_version(session)
    first = service.start_run(session, Wanted("facility_operation", JANUARY, 1, "140502"))

    with pytest.raises(RunOverlaps) as refusal:
        service.start_run(session, Wanted("facility_operation", JANUARY, 2, division))

    assert refusal.value.facts == {"run": first.id}
    service.discard(session, first.id, words="数据有误")
    assert service.start_run(session, Wanted("facility_operation", JANUARY, 2, division))


def test_neighbours_in_place_and_time_run_side_by_side(session, source):
    make_version(session)
    for wanted in (
        Wanted("facility_operation", JANUARY, 1, "140502"),
        Wanted("facility_operation", JANUARY, 1, "140521"),
        Wanted("facility_operation", date(2026, 2, 1), 3, "140502"),
        Wanted("facility_operation", date(2025, 2, 1), 11, "140502"),
    ):
        assert service.start_run(session, wanted).stage is RunStage.GATHERING


def test_what_cannot_be_reckoned_is_not_begun(session, source):
    with pytest.raises(NoVersionThen):
        service.start_run(session, OF_THE_CITY)
    make_version(session, ends_on=date(2026, 2, 1))
    with pytest.raises(VersionChanges):
        service.start_run(session, Wanted("facility_operation", JANUARY, 3, "1405"))
    with pytest.raises(PeriodNotOver):
        service.start_run(session, Wanted("facility_operation", date(2169, 1, 1), 1, "1405"))
    with pytest.raises(NotFound):
        service.start_run(session, Wanted("facility_operation", JANUARY, 1, "1499"))


def test_a_programme_that_is_off_is_not_reckoned(session, source):
    why = {"what": {"zh": "标准", "en": "Rate"}, "why": {"zh": "未公布", "en": "Not published"}}
    make_version(session, a_programme(is_on=False, unpublished=[why]))

    with pytest.raises(ProgrammeIsOff):
        service.start_run(session, OF_THE_CITY)


def test_a_source_the_database_has_not_is_named(session, monkeypatch):
    make_version(session, a_programme(facts="nothing"))

    with pytest.raises(SourceUnknown):
        service.start_run(session, OF_THE_CITY)


def test_a_run_is_let_go_with_its_reason_and_never_once_it_is_paid(session):
    run = reckon_all(session, make_cases(session))
    service.discard(session, run.id, words="数据有误")

    assert (run.stage, run.words) == ("discarded", "数据有误")
    assert {line.holds for line in lines_of(session, run)} == {run.id}
    with pytest.raises(RunNotSo):
        service.discard(session, run.id, words="再来一次")
    paid = move_run(session, reckon_all(session, make_cases(session)), RunStage.IN_PAYMENT)
    with pytest.raises(RunNotSo):
        service.discard(session, paid.id, words="数据有误")


def test_versions_are_those_of_the_day(session):
    old = make_version(session, ends_on=date(2026, 1, 1))
    assert session.get_one(PolicyVersion, old.id).ends_on == date(2026, 1, 1)
    with pytest.raises(NoVersionThen):
        service.start_run(session, OF_THE_CITY)
