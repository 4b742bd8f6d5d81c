"""What was approved goes through by itself, and a notice that is over lets its run be paid."""

from datetime import date, timedelta
from threading import Event

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from scheduler import subsidies
from scheduler.runs import Run
from scheduler.timetable import TIMETABLE
from server import clock
from server.errors import NotFound
from server.identity.models import Role
from server.subsidies.approvals import reviewing
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.notices import publishing
from server.subsidies.reckoning.service import discard
from tests.admin.subsidy_differences.conftest import dies, elder, make_home
from tests.factories.assessments import Office
from tests.factories.claims import claimed_programme, in_february, make_cases, make_claim
from tests.factories.differences import reckoned_run
from tests.factories.meals import make_site
from tests.factories.subsidies import make_run, make_version, move_run

CLOSES_SOON = [{"opens": "02-01", "closes": "02-12"}]


def run():
    return Run("tests", clock.now(), Event(), is_recorded=False)


def stage(session, made):
    found = session.get(SubsidyRun, made.id, populate_existing=True).stage
    session.commit()
    return found


def test_a_run_is_approved_after_its_last_word(session):
    made = make_run(session, [{}, {}])
    maker = Office(session, Role.CITY_OFFICER, "1405")
    approver = Office(session, Role.APPROVER, "1405")
    session.commit()
    with maker.at_work() as entered:
        review_id = reviewing.submit_run(entered, made.id).id

    assert subsidies.approve_runs(run()) == 0
    with approver.at_work() as entered:
        reviewing.sign_run(entered, review_id, control_fen=60000)

    assert subsidies.approve_runs(run()) == 1
    assert stage(session, made) is RunStage.PAYABLE
    assert subsidies.approve_runs(run()) == 0


def test_a_notice_that_is_over_ends_once(session):
    version = make_version(session, claimed_programme())
    made = move_run(session, make_run(session, [{}], version=version), RunStage.APPROVED)
    publishing.publish_notice(session, made.id)
    session.commit()

    assert subsidies.end_notices(run()) == 0
    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert subsidies.end_notices(run()) == 1
        assert subsidies.end_notices(run()) == 0
    assert stage(session, made) is RunStage.PAYABLE


def in_notice(session, version):
    made = move_run(session, make_run(session, [{}], version=version), RunStage.APPROVED)
    publishing.publish_notice(session, made.id)
    return made


def test_a_notice_whose_run_was_let_go_holds_no_other_up(session):
    version = make_version(session, claimed_programme())
    gone, made = in_notice(session, version), in_notice(session, version)
    discard(session, gone.id, words="重新核算")
    session.commit()

    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert subsidies.end_notices(run()) == 1
    assert stage(session, made) is RunStage.PAYABLE


def test_what_breaks_in_the_database_is_told_when_the_others_are_done():
    done = []

    def do(number):
        if number == 1:
            raise IntegrityError("", {}, Exception("broken"))
        if number == 2:
            raise NotFound
        done.append(number)
        return 1

    with pytest.raises(IntegrityError):
        subsidies._each([1, 2, 3], do)
    assert done == [3]
    assert subsidies._each([2, 3, 3], do) == 2


def test_an_approval_whose_run_was_let_go_is_not_carried_on(session):
    made = make_run(session, [{}, {}])
    maker, approver = (Office(session, role, "1405") for role in (Role.CITY_OFFICER, Role.APPROVER))
    session.commit()
    with maker.at_work() as entered:
        review_id = reviewing.submit_run(entered, made.id).id
    with approver.at_work() as entered:
        reviewing.sign_run(entered, review_id, control_fen=60000)
    with maker.at_work() as entered:
        discard(entered, made.id, words="重新核算")

    assert subsidies.approve_runs(run()) == 0
    assert stage(session, made) is RunStage.DISCARDED


def checked(session, made):
    found = session.get(SubsidyRun, made.id, populate_existing=True).cross_checked_at
    session.commit()
    return found is not None


def test_a_run_that_was_reckoned_elsewhere_is_held_against_the_checks(session):
    """As one that the command line reckoned, and was killed right after."""
    made = make_run(session, [{}], cross_checked_at=None)
    gone = make_run(session, [{}], kind=RunKind.WHAT_IF, cross_checked_at=None)
    session.commit()

    subsidies.go_on_with_runs(run())

    assert (checked(session, made), checked(session, gone)) == (True, False)


def test_drafts_are_told_of_once(session):
    with in_february():
        site = make_site(session)
        version = make_version(session, claimed_programme(windows=CLOSES_SOON))
        make_cases(session, site, version=version)
        operator = Office(session, Role.FACILITY_OPERATOR, site_id=site.id)
        session.commit()
        with operator.at_work() as entered:
            make_claim(entered, site)

        assert subsidies.tell_of_claims(run()) == 1
        assert subsidies.tell_of_claims(run()) == 0


def test_what_is_to_be_put_right_is_looked_for_at_night_and_one_run_holds_no_other_up(
    session, monkeypatch
):
    one = elder(session, make_home(session))
    made = reckoned_run(session, make_version(session), months=2)
    dies(session, one, date(2026, 1, 10))
    run_ids = [make_run(session, [], kind=RunKind.WHAT_IF).id, made.id]
    session.commit()
    monkeypatch.setattr(subsidies, "list_runs_to_look_at", lambda session: run_ids)

    assert subsidies.look_for_differences(run()) == 2
    assert subsidies.look_for_differences(run()) == 2


def test_they_stand_in_the_timetable():
    jobs = {entry.job for entry in TIMETABLE}

    assert {"approve_runs", "end_notices", "tell_of_claims", "look_for_differences"} <= jobs
