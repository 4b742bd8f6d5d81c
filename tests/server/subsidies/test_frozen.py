"""What a run has frozen stays: whoever is asked, the owner of the tables too."""

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.db.tables import table_of
from server.subsidies.models import RunKind, RunStage, SubsidyFact, SubsidyLine, SubsidySlice
from tests.factories.people import make_resident
from tests.factories.subsidies import PAST_APPROVAL, make_run, make_version, move_run

LINE, FACT, SLICE = table_of(SubsidyLine), table_of(SubsidyFact), table_of(SubsidySlice)


def test_a_run_is_counted_and_sealed_by_the_database(session):
    run = make_run(session, [{}, {"outcome": "refused", "amount_fen": 0}, {}])

    assert (run.stage, run.lines, run.refused, run.total_fen) == (RunStage.COMPUTED, 3, 1, 60000)
    part = session.execute(select(SLICE)).one()
    assert (part.lines, part.refused, part.total_fen) == (3, 1, 60000)
    assert len(run.lines_digest) == len(run.facts_digest) == 32
    assert part.lines_digest not in (b"", run.lines_digest)


def test_the_same_lines_have_the_same_digest(session):
    elder, version = make_resident(session), make_version(session)
    whose = [{"resident_id": elder.id, "site_id": 1}]
    one = make_run(session, whose, version=version, kind=RunKind.WHAT_IF)
    other = make_run(session, whose, version=version, kind=RunKind.WHAT_IF)
    another = make_run(
        session, [whose[0] | {"amount_fen": 1}], version=version, kind=RunKind.WHAT_IF
    )

    assert one.lines_digest == other.lines_digest != another.lines_digest


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE subsidy_line SET amount_fen = 1",
        "UPDATE subsidy_line SET holds = 7",
        "DELETE FROM subsidy_line",
        "UPDATE subsidy_fact SET facts = '{}'",
        "DELETE FROM subsidy_slice",
    ],
)
def test_nothing_of_it_is_rewritten(session, change):
    make_run(session)

    with pytest.raises(DBAPIError, match=r"permission denied|stays as it was"):
        session.execute(text(change))


def test_a_finished_run_takes_nothing_more(session):
    run = make_run(session)
    fact = session.execute(select(FACT)).mappings().one()

    with pytest.raises(IntegrityError, match="takes nothing more"):
        session.execute(insert(FACT).values({**fact, "number": 2}))
    assert run.facts == 1


def test_nobody_is_paid_twice_of_one_family_for_a_month(session):
    elder, version = make_resident(session), make_version(session)
    make_run(session, [{"resident_id": elder.id}], version=version)

    with pytest.raises(IntegrityError, match="uq_subsidy_line_once_a_month"):
        make_run(session, [{"resident_id": elder.id}], version=version)


def test_a_discarded_run_and_a_trial_keep_nobody_away(session):
    elder, version = make_resident(session), make_version(session)
    whose = [{"resident_id": elder.id}]
    first = make_run(session, whose, version=version)
    make_run(session, whose, version=version, kind=RunKind.WHAT_IF)
    discard(session, first)

    assert make_run(session, whose, version=version).lines == 1
    with pytest.raises(IntegrityError, match="stays as it was"):
        move_run(session, first, RunStage.COMPUTED)


def test_what_is_paid_is_never_discarded(session):
    run = move_run(session, make_run(session), RunStage.PAID)

    with pytest.raises(IntegrityError, match="past that"):
        discard(session, run)


@pytest.mark.parametrize("stage", [RunStage.IN_APPROVAL, *PAST_APPROVAL])
def test_a_trial_is_never_more_than_reckoned(session, stage):
    trial = make_run(session, kind=RunKind.WHAT_IF)

    with pytest.raises(IntegrityError, match="never approved"):
        move_run(session, trial, stage)


@pytest.mark.parametrize("stage", PAST_APPROVAL)
def test_no_run_comes_to_be_paid_past_its_approval(session, stage):
    run = make_run(session)

    with pytest.raises(IntegrityError, match="nobody has approved"):
        session.execute(update(table_of(type(run))).values(stage=stage))


def test_no_run_begins_further_on(session):
    with pytest.raises(IntegrityError, match="begins at its beginning"):
        make_run(session, stage=RunStage.PAYABLE)


def discard(session, run):
    runs = table_of(type(run))
    gone = update(runs).where(runs.c.id == run.id)
    session.execute(gone.values(stage=RunStage.DISCARDED, discarded_at=run.made_at))
