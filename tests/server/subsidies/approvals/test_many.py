"""A hundred thousand lines are approved in one go: slice by slice, and on after a standstill."""

import pytest
from sqlalchemy import insert, select, text

from server import clock
from server.db.tables import table_of
from server.identity.models import Role
from server.subsidies.approvals import queries, reviewing
from server.subsidies.approvals.approving import approve_next
from server.subsidies.models import RunStage, SubsidyRun, SubsidySlice
from tests.factories.assessments import Office
from tests.factories.meals import make_site
from tests.factories.subsidies import make_run

pytestmark = pytest.mark.long

LINES, A_SLICE = 100_000, 20_000
FACTS = text(
    """
    INSERT INTO subsidy_fact (run_id, number, beneficiary_id, site_id, month, part, on_day,
                              subject, facts)
    SELECT :run, n, n, :site, DATE '2026-01-01', 0, DATE '2026-01-28', 'stay:' || n, '{}'
      FROM generate_series(1, :lines) n
    """
)
OUTCOMES = text(
    """
    INSERT INTO subsidy_line (run_id, number, family_no, beneficiary_id, site_id, month, part,
                              outcome, amount_fen, trace, holds)
    SELECT :run, n, :family, n, :site, DATE '2026-01-01', 0, 'due', 100 + n % 7, '{}', 0
      FROM generate_series(1, :lines) n
    """
)


def fill(session, run, site):
    """Rows as a run writes them, in slices."""
    asked = {"run": run.id, "site": site.id, "lines": LINES, "family": run.family_no}
    session.execute(text("UPDATE subsidy_run SET stage = 'gathering' WHERE id = :run"), asked)
    session.execute(FACTS, asked)
    session.execute(
        text("UPDATE subsidy_run SET stage = 'computing', facts = :lines WHERE id = :run"), asked
    )
    session.execute(OUTCOMES, asked)
    blank = {"lines": 0, "refused": 0, "total_fen": 0, "facts_digest": b"", "lines_digest": b""}
    slices = [
        {"run_id": run.id, "number": number, "first_no": first + 1, "last_no": first + A_SLICE,
         "done_at": clock.now()} | blank
        for number, first in enumerate(range(0, LINES, A_SLICE), start=1)
    ]  # fmt: skip
    session.execute(insert(table_of(SubsidySlice)), slices)
    finish = text("SELECT finish_run(:run, :at)")
    session.execute(finish, {"run": run.id, "at": clock.now()})


def test_a_hundred_thousand_lines_go_on_where_they_stopped(session):
    run, site = make_run(session, []), make_site(session)
    fill(session, run, site)
    maker = Office(session, Role.CITY_OFFICER, "1405")
    approver = Office(session, Role.APPROVER, "1405")
    session.commit()
    with maker.at_work() as entered:
        review_id = reviewing.submit_run(entered, run.id).id
    with approver.at_work() as entered:
        reviewing.hold_lines_out(entered, run.id, [7, 99_999], words="待核实")
        total = queries.sum_payable(entered, run.id)
        reviewing.sign_run(entered, review_id, control_fen=total)

    assert [approve_next(session, review_id) for _ in range(3)] == [True] * 3
    session.commit()
    part = queries.find_progress(session, review_id)
    assert (part.slices, part.done, part.approved) == (5, 3, 60_000)
    session.commit()
    while approve_next(session, review_id):
        session.commit()

    whole = queries.find_progress(session, review_id)
    assert (whole.done, whole.approved, whole.total_fen) == (5, LINES, total)
    stage = session.execute(select(table_of(SubsidyRun).c.stage).filter_by(id=run.id)).scalar_one()
    assert stage is RunStage.PAYABLE
