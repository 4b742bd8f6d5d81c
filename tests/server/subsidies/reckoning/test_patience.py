"""What was written a moment ago is known to the planner; of a few rows it need not be."""

from sqlalchemy import func, select, text

from server.db.tables import table_of
from server.subsidies.models import SubsidyFact, SubsidyLine
from server.subsidies.payments.making import make_batch
from server.subsidies.payments.models import SubsidyPayment, SubsidyPaymentLine
from server.subsidies.reckoning import patience
from tests.factories.meals import make_site
from tests.factories.reckoning import make_cases, reckon_all
from tests.factories.subsidy_money import give_account, make_budget, make_payable

COUNTED = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:table)")
OF_RUNS = [table_of(SubsidyLine), table_of(SubsidyFact)]
PAYMENTS = [table_of(SubsidyPayment), table_of(SubsidyPaymentLine)]


def known_rows(session, tables=OF_RUNS):
    """How many rows the planner thinks there are; it keeps that when the rows are taken back."""
    return [session.execute(COUNTED, {"table": one.name}).scalar_one() for one in tables]


def rows_there(session, tables=OF_RUNS):
    return [session.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]


def test_after_a_long_run_the_planner_knows_its_rows(session, monkeypatch):
    monkeypatch.setattr(patience, "MANY", 7)
    assert known_rows(session) != [7, 7]

    reckon_all(session, make_cases(session, [{}] * 7))

    assert known_rows(session) == rows_there(session) == [7, 7]


def test_a_short_run_is_not_counted(session):
    before = known_rows(session)

    reckon_all(session, make_cases(session, [{}] * 9))

    assert known_rows(session) == before


def test_after_a_batch_of_many_lines_the_planner_knows_its_payments(session, monkeypatch):
    monkeypatch.setattr(patience, "MANY", 5)
    home = make_site(session)
    give_account(session, home)
    run = make_payable(session, [{"site_id": home.id}] * 5)

    make_batch(session, budget_id=make_budget(session), run_ids=[run.id])

    assert known_rows(session, PAYMENTS) == rows_there(session, PAYMENTS) == [1, 5]
