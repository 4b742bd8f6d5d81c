"""What is found is put down once with its lines, and keeps a run from approval until settled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.db.tables import table_of
from server.findings import service as findings
from server.findings.errors import FindingIsSettled
from server.findings.models import Finding, FindingKind, FindingState
from server.subsidies.approvals.reviewing import hold_lines_out, submit_run
from server.subsidies.checks.models import FindingLine
from server.subsidies.checks.reading import list_lines
from server.subsidies.checks.service import blocking_findings, check_lately, check_runs
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from tests.factories.people import make_resident, make_sign_in, make_staff
from tests.factories.subsidies import make_run, make_version, move_run
from tests.factories.subsidy_faults import IN_BED, Plants

DEATH = FindingKind.SUBSIDY_AFTER_DEATH


@pytest.fixture
def elder(session):
    """Somebody who died before the month that is paid for, and of whom all else fits."""
    elder = make_resident(session)
    plants = Plants(session)
    plants.lay(elder, date(2025, 3, 1), date(2026, 5, 1))
    plants.filed(plants.site, 40)
    plants.assessed(elder)
    plants.died(elder, date(2025, 12, 20))
    return elder, plants.site


@pytest.fixture
def run(session, elder):
    resident, site = elder
    return make_run(session, [{"resident_id": resident.id, "site_id": site.id, "facts": IN_BED}])


def of_kind(session, kind=DEATH):
    return session.execute(select(Finding).where(Finding.kind == kind)).scalar_one()


def test_a_second_night_finds_nothing_new(session, run):
    first = check_runs(session, [run.id])

    assert first[DEATH] == 1
    assert sum(check_runs(session, [run.id]).values()) == 0
    finding = of_kind(session)
    assert finding.subject == f"line:{run.id}:1"
    assert (finding.evidence["amount_fen"], finding.evidence["lines"]) == (30000, [[run.id, 1]])
    [line] = list_lines(session, finding.id)
    assert (line.run_id, line.number, line.amount_fen) == (run.id, 1, 30000)


@pytest.mark.parametrize(("is_held", "found"), [(False, 0), (True, 1)])
def test_a_correction_that_was_held_out_corrects_nothing(session, elder, run, is_held, found):
    resident, site = elder
    line = {"resident_id": resident.id, "site_id": site.id, "amount_fen": -30_000}
    back = make_run(
        session, [line | {"of_run_id": run.id, "of_number": 1}], kind=RunKind.DIFFERENCE,
        of_run_id=run.id,
    )  # fmt: skip
    if is_held:
        submit_run(session, back.id)
        hold_lines_out(session, back.id, [1], words="待核实")

    assert check_runs(session, [run.id]).get(DEATH, 0) == found


def test_a_finding_keeps_its_run_from_approval_until_it_is_settled(session, run):
    check_runs(session, [run.id])

    assert DEATH in [row.kind for row in blocking_findings(session, run.id)]
    session.execute(
        update(Finding).values(
            state=FindingState.FALSE_ALARM, note="x", settled_at=clock.now(), taken_at=clock.now(),
            due_on=clock.today(), owner_id=run.made_by,
        )
    )  # fmt: skip
    assert blocking_findings(session, run.id) == []


def test_what_a_difference_run_took_back_is_in_question_no_more(session, run, elder):
    resident, site = elder
    given = {"resident_id": resident.id, "site_id": site.id, "amount_fen": -30000,
             "of_run_id": run.id, "of_number": 1}  # fmt: skip
    version = make_version(session)
    make_run(session, [given], version=version, kind=RunKind.DIFFERENCE, of_run_id=run.id)

    assert check_runs(session, [run.id])[DEATH] == 0


def test_nightly_runs_are_of_a_year_and_those_of_a_discarded_run_are_withdrawn(session, run):
    assert check_lately(session) > 0
    session.execute(
        update(table_of(SubsidyRun))
        .where(table_of(SubsidyRun).c.id == run.id)
        .values(stage=RunStage.DISCARDED, discarded_at=clock.now(), discarded_by=run.made_by)
    )

    assert check_lately(session) == 0
    assert of_kind(session).state is FindingState.WITHDRAWN
    assert blocking_findings(session, run.id) == []


def test_a_run_of_long_ago_and_a_trial_are_let_be(session, elder):
    resident, site = elder
    given = [{"resident_id": resident.id, "site_id": site.id}]
    version = make_version(session)
    long_ago = clock.now() - timedelta(days=401)
    make_run(session, given, version=version, made_at=long_ago)
    make_run(session, given, version=version, kind=RunKind.WHAT_IF)

    assert check_lately(session) == 0


def test_money_is_asked_back_for_what_is_true_and_then_it_is_closed(session, run):
    check_runs(session, [run.id])
    finding = of_kind(session)
    auditor = make_staff(session, "auditor", division_code="1405")
    token = make_sign_in(session, staff=auditor)
    number = finding.id
    session.commit()

    with acting(Act(Face.CONSOLE, "test", "r", token=token)), transaction() as at_work:
        findings.take_finding(at_work, number, due_on=clock.today())
        findings.settle_finding(at_work, number, is_true=True, note="火化记录相符")
        findings.recover_by_finding(at_work, number, fen=30000, note="由机构退回")
        with pytest.raises(FindingIsSettled):
            findings.recover_by_finding(at_work, number, fen=1, note="再退")
        assert blocking_findings(at_work, run.id) == []
        findings.close_finding(at_work, number, note="已退回")

    session.expire_all()
    assert (finding.state, finding.recover_fen) == (FindingState.CLOSED, 30000)


@pytest.mark.parametrize(
    "change", ["UPDATE finding_line SET number = 2", "DELETE FROM finding_line"]
)
def test_the_lines_of_a_finding_are_never_rewritten(session, run, change):
    check_runs(session, [run.id])
    assert session.execute(select(table_of(FindingLine))).all()

    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(change))


def test_a_run_that_is_paid_is_looked_at_still(session, run):
    move_run(session, run, RunStage.PAID)

    assert check_lately(session) > 0
