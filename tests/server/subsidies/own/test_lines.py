"""Own lines are found by whom they are about, without a look at everybody's."""

from datetime import date

from sqlalchemy import text

from server.subsidies.models import RunStage
from server.subsidies.own.lines import LINES, MOST, Whose, list_own
from tests.factories.subsidies import make_run, move_run

ASKED = {"residents": [1, 2], "caregiver": 3, "since": date(2025, 1, 1), "most": MOST}


def test_the_latest_month_comes_first_and_only_those_about_them(session):
    first = make_run(session, [{}, {}])
    about = session.execute(
        text("SELECT resident_id FROM subsidy_line WHERE run_id = :run AND number = 1"),
        {"run": first.id},
    ).scalar_one()
    later = make_run(
        session, [{"resident_id": about}], version=None, first_month=date(2026, 2, 1),
        programme="another",
    )  # fmt: skip
    for run in (first, later):
        move_run(session, run, RunStage.APPROVED)

    found = list_own(session, Whose([about]), date(2025, 1, 1))

    assert [(row.run_id, row.number) for row in found] == [(later.id, 1), (first.id, 1)]
    assert list_own(session, Whose([about]), date(2026, 2, 1)) == found[:1]
    assert list_own(session, Whose([]), date(2025, 1, 1)) == []


def test_the_indexes_over_whom_lines_are_about_are_used(session):
    # Of next to no rows any way will do: what is asked is whether there is one by whose they are.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("SET LOCAL enable_nestloop = off"))
    plan = session.execute(text(f"EXPLAIN {LINES.text}"), ASKED).scalars().all()

    assert any("ix_subsidy_line_resident_id" in line for line in plan)
    assert any("ix_subsidy_line_caregiver_id" in line for line in plan)
