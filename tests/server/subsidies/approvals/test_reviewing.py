"""A run is approved by others than its maker, slice by slice, and what is held out stays behind."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from server.identity.models import Role
from server.residents.models import Resident
from server.subsidies.approvals import queries, reviewing
from server.subsidies.approvals.approving import approve_next, list_approving
from server.subsidies.approvals.errors import (
    AnotherOffice,
    HadAPart,
    LineIsNotSo,
    NotReviewed,
    RunInQuestion,
    RunIsNotSo,
    SignedAlready,
    TotalIsOther,
)
from server.subsidies.approvals.models import ReviewState
from server.subsidies.approvals.rules import stages_for
from server.subsidies.checks.service import check_runs
from server.subsidies.models import RunKind, RunStage, SubsidyLine, SubsidyRun
from tests.factories.assessments import Office
from tests.factories.claims import COUNTY, claimed_programme
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run, make_version, move_run
from tests.factories.subsidy_faults import Plants


class Desks:
    def __init__(self, session, run):
        self.session, self.run_id = session, run.id
        self.maker = Office(session, Role.CITY_OFFICER, "1405")
        self.approver = Office(session, Role.APPROVER, "1405")
        self.other = Office(session, Role.APPROVER, "1405")
        self.county = Office(session, Role.COUNTY_OFFICER, COUNTY)
        session.commit()

    def submit(self):
        with self.maker.at_work() as session:
            return reviewing.submit_run(session, self.run_id).id

    def sign(self, office, review_id, fen):
        with office.at_work() as session:
            return reviewing.sign_run(session, review_id, control_fen=fen).state

    def hold(self, *numbers):
        with self.approver.at_work() as session:
            return reviewing.hold_lines_out(session, self.run_id, numbers, words="待核实")

    def approve_all(self, review_id):
        while approve_next(self.session, review_id):
            pass
        self.session.commit()

    @property
    def run(self):
        return self.session.get(SubsidyRun, self.run_id, populate_existing=True)


@pytest.fixture
def run(session):
    return make_run(session, [{}, {"amount_fen": 60000}, {"outcome": "refused", "amount_fen": 0}])


@pytest.fixture
def desks(session, run):
    return Desks(session, run)


@pytest.mark.parametrize(
    ("division", "expected"),
    [("1405", ["city"]), ("140502", ["county", "city"]),
     ("140502001", ["town", "county", "city"])],
)  # fmt: skip
def test_a_run_goes_through_the_offices_over_it(division, expected):
    from_file = reviewing.Programme.model_validate(claimed_programme())

    assert stages_for(from_file, division) == expected
    assert stages_for(None, division) == ["city"]


def test_it_is_approved_by_another_with_the_total_in_their_hand(desks):
    review_id = desks.submit()

    assert desks.sign(desks.approver, review_id, 90000) is ReviewState.APPROVING
    assert desks.run.stage is RunStage.IN_APPROVAL
    assert list_approving(desks.session) == [review_id]
    desks.approve_all(review_id)

    # This programme asks for no notice: it can be paid at once.
    assert (desks.run.stage, desks.run.approved_by) == (
        RunStage.PAYABLE,
        desks.approver.staff.id,
    )
    progress = queries.find_progress(desks.session, review_id)
    assert (progress.slices, progress.done, progress.total_fen) == (1, 1, 90000)


def test_whoever_submits_never_approves(session, run):
    desks = Desks(session, run)
    both = Office(session, Role.CITY_OFFICER, "1405")
    session.commit()
    with both.at_work() as entered:
        review_id = reviewing.submit_run(entered, run.id).id

    with pytest.raises((AnotherOffice, HadAPart)):
        desks.sign(both, review_id, 90000)


def test_another_total_is_refused(desks):
    review_id = desks.submit()

    with pytest.raises(TotalIsOther):
        desks.sign(desks.approver, review_id, 90001)


def test_twice_pressed_is_once(desks):
    review_id = desks.submit()
    desks.sign(desks.approver, review_id, 90000)

    with pytest.raises(SignedAlready):
        desks.sign(desks.other, review_id, 90000)


def test_a_line_held_out_stays_behind_and_a_later_run_may_pay_it(session):
    elder, version = make_resident(session), make_version(session)
    whose = {"resident_id": elder.id}
    run = make_run(session, [whose, {"amount_fen": 500}], version=version)
    desks = Desks(session, run)
    review_id = desks.submit()
    desks.hold(1)

    assert [row.number for row in queries.list_held(session, run.id)] == [1]
    desks.sign(desks.approver, review_id, 500)
    desks.approve_all(review_id)

    assert desks.run.stage is RunStage.PAYABLE
    assert make_run(session, [whose], version=version).lines == 1


def test_a_line_is_held_once_and_put_back_before_the_last_word(desks):
    review_id = desks.submit()
    desks.hold(1)
    with pytest.raises(LineIsNotSo):
        desks.hold(1)
    with desks.approver.at_work() as session:
        reviewing.put_line_back(session, desks.run_id, 1)

    desks.sign(desks.approver, review_id, 90000)
    with pytest.raises(LineIsNotSo):
        desks.hold(2)


def test_only_due_lines_are_held(desks):
    desks.submit()

    with pytest.raises(LineIsNotSo):
        desks.hold(3)


def test_returned_it_may_be_submitted_again(desks):
    review_id = desks.submit()
    with desks.approver.at_work() as session:
        reviewing.give_run_back(session, review_id, words="口径不符")

    assert desks.run.stage is RunStage.COMPUTED
    again = desks.submit()
    assert desks.sign(desks.approver, again, 90000) is ReviewState.APPROVING


def test_a_countys_run_is_signed_by_the_county_first(session):
    version = make_version(session, claimed_programme())
    desks = Desks(session, make_run(session, [{}], version=version, division_code=COUNTY))
    review_id = desks.submit()

    with pytest.raises(AnotherOffice):
        desks.sign(desks.approver, review_id, 30000)
    assert desks.sign(desks.county, review_id, 30000) is ReviewState.OPEN
    assert desks.sign(desks.approver, review_id, 30000) is ReviewState.APPROVING
    desks.approve_all(review_id)
    # Its programme asks for a notice first.
    assert desks.run.stage is RunStage.APPROVED


def test_a_trial_and_what_is_not_computed_are_never_submitted(session):
    trial = Desks(session, make_run(session, [{}], kind=RunKind.WHAT_IF))
    with pytest.raises(NotReviewed):
        trial.submit()
    done = make_run(session, [{}])
    move_run(session, done, RunStage.PAID)
    with pytest.raises(RunIsNotSo):
        Desks(session, done).submit()


def test_bands_say_how_many_and_how_much(session, run):
    bands = [(row.band, row.lines, row.total_fen) for row in queries.list_bands(session, run.id)]

    assert bands == [(4, 1, 30000), (5, 1, 60000)]
    lines = queries.list_lines(session, run.id, band=5)
    assert [row.number for row in lines] == [2]
    assert sum(row.total_fen for row in queries.list_sites(session, run.id)) == 90000


@contextmanager
def refused(match):
    with pytest.raises(IntegrityError, match=match):
        yield


def test_the_database_lets_no_run_out_of_its_approval(session, desks):
    desks.submit()

    with refused("nobody has approved"):
        move_run(session, desks.run, RunStage.APPROVED)


def test_a_slice_that_is_not_pressed_is_not_approved(session, desks):
    review_id = desks.submit()

    with refused("waits for nobody"):
        session.execute(
            text(
                "INSERT INTO subsidy_approval_slice (review_id, number, run_id, lines, held,"
                " total_fen, done_at) VALUES (:review, 1, :run, 0, 0, 0, now())"
            ),
            {"review": review_id, "run": desks.run_id},
        )


def test_what_is_in_question_is_settled_or_held_out_before_the_yes(session, desks):
    Plants(session).died(session.get(Resident, first_of(desks)), date(2025, 12, 20))
    session.commit()
    review_id = desks.submit()
    check_runs(session, [desks.run_id])
    session.commit()

    with pytest.raises(RunInQuestion) as refused:
        desks.sign(desks.approver, review_id, 90000)
    assert refused.value.facts["findings"] >= 1
    desks.hold(1, 2)
    assert desks.sign(desks.approver, review_id, 0) is ReviewState.APPROVING


def test_a_run_is_held_against_the_checks_before_anybody_decides(session, desks):
    """However it was reckoned: nobody has looked at it yet when it is submitted."""
    session.execute(text("UPDATE subsidy_run SET cross_checked_at = NULL"))
    Plants(session).died(session.get(Resident, first_of(desks)), date(2025, 12, 20))
    session.commit()
    assert desks.run.cross_checked_at is None
    review_id = desks.submit()

    assert desks.run.cross_checked_at is not None
    with pytest.raises(RunInQuestion):
        desks.sign(desks.approver, review_id, 90000)


def first_of(desks):
    query = select(SubsidyLine.resident_id).filter_by(run_id=desks.run_id, number=1)
    return desks.session.execute(query).scalar_one()
