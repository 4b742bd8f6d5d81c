"""What a correction gave counts as paid: nobody has a month from a run and from a correction."""

from datetime import date

import pytest
from sqlmodel import select

from server.subsidies.models import Outcome, RunKind, SubsidyLine
from server.subsidies.reckoning import service
from server.subsidies.reckoning.recomputing import recompute
from tests.factories.people import make_resident
from tests.factories.reckoning import make_cases, reckon_all
from tests.factories.subsidies import BASIS, a_programme, make_run, make_version

HAD = ["excludes.facility_operation"]


@pytest.fixture
def elder(session):
    return make_resident(session)


@pytest.fixture
def version(session):
    return make_version(session)


@pytest.fixture
def county(session, version):
    """A county's January, in which nobody knew of the elder."""
    return make_run(session, [{}], version=version, division_code="140502")


def correct(session, run, version, elder, fen, number=None):
    line = {"resident_id": elder.id, "amount_fen": fen, "of_run_id": run.id, "of_number": number}
    return make_run(
        session, [line], version=version, kind=RunKind.DIFFERENCE, of_run_id=run.id,
        division_code="140502",
    )  # fmt: skip


def neighbour(session, version, elder, **given):
    """The next county's January, in which the elder stands too."""
    case = {"beneficiary_id": elder.id, "resident_id": elder.id}
    run = make_cases(
        session,
        [case, {"beneficiary_id": 9_000_000}],
        version=version,
        division_code="140521",
        **given,
    )
    return reckon_all(session, run)


def first_line(session, run):
    query = select(SubsidyLine).where(SubsidyLine.run_id == run.id, SubsidyLine.number == 1)
    return session.exec(query).one()


def test_whom_a_correction_gave_the_month_is_refused(session, version, county, elder):
    correct(session, county, version, elder, 30_000)
    run = neighbour(session, version, elder)

    line = first_line(session, run)
    assert (line.outcome, line.trace["reasons"]) == (Outcome.REFUSED, HAD)
    assert run.total_fen == 30_000
    assert recompute(session, run).holds


def test_what_was_given_and_taken_back_keeps_nobody_away(session, version, county, elder):
    correct(session, county, version, elder, 30_000)
    correct(session, county, version, elder, -30_000)

    assert neighbour(session, version, elder).total_fen == 60_000


def test_nor_does_a_correction_that_was_let_go(session, version, county, elder):
    gone = correct(session, county, version, elder, 30_000)
    service.discard(session, gone.id, words="重新核算")

    assert neighbour(session, version, elder).total_fen == 60_000


def test_nor_one_of_another_month(session, version, elder):
    february = make_run(
        session, [{}], version=version, division_code="140502", first_month=date(2026, 2, 1)
    )
    correct(session, february, version, elder, 30_000)

    assert neighbour(session, version, elder).total_fen == 60_000


def test_a_family_that_excludes_another_sees_its_corrections(session, version, county, elder):
    other = a_programme(
        programme="voucher", family="voucher",
        excludes=[{"family": "facility_operation", **BASIS}],
    )  # fmt: skip
    correct(session, county, version, elder, 30_000)
    run = neighbour(session, make_version(session, other), elder)

    assert first_line(session, run).trace["reasons"] == HAD
    assert recompute(session, run).holds
