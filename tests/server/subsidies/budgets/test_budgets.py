"""A budget is raised and lowered by two people, and never below what is used of it."""

from datetime import date

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.subsidies.budgets import queries
from server.subsidies.budgets.errors import BudgetInUse
from server.subsidies.budgets.models import ChangeState
from server.subsidies.budgets.rules import forecast
from server.subsidies.budgets.service import ask_change, decide_change
from server.subsidies.errors import AlreadyDecided, NeedsAnotherPerson
from server.subsidies.payments.making import make_batch
from tests.factories.meals import make_site
from tests.factories.people import make_sign_in, make_staff
from tests.factories.subsidy_money import LINE, give_account, make_budget, make_payable

AMOUNT = text("SELECT amount_fen FROM subsidy_budget WHERE id = :budget")


def amount(session, budget_id):
    return session.execute(AMOUNT, {"budget": budget_id}).scalar_one()


def ask(session, delta_fen):
    return ask_change(
        session, line=LINE, year=clock.today().year, division_code="1405", delta_fen=delta_fen,
        document="市财预〔2026〕3号", holds_on=date(2026, 1, 5),
    )  # fmt: skip


def test_it_counts_once_another_person_accepted_it(session):
    change = ask(session, 500_000)
    assert amount(session, change.budget_id) == 0
    decide_change(session, change.id, is_right=True)
    assert amount(session, change.budget_id) == 500_000
    with pytest.raises(AlreadyDecided):
        decide_change(session, change.id, is_right=True)


def test_refused_it_does_not_count(session):
    change = ask(session, 500_000)
    decide_change(session, change.id, is_right=False, answer="无文件")

    assert change.state is ChangeState.REFUSED
    assert amount(session, change.budget_id) == 0


def test_changes_of_one_budget_add_up(session):
    budget_id = make_budget(session, 500_000)
    change = ask(session, -200_000)
    decide_change(session, change.id, is_right=True)

    assert change.budget_id == budget_id
    assert amount(session, budget_id) == 300_000


def test_it_is_not_lowered_below_what_is_reserved(session):
    budget_id = make_budget(session, 50_000)
    site = make_site(session)
    give_account(session, site)
    run = make_payable(session, [{"site_id": site.id}])
    make_batch(session, budget_id=budget_id, run_ids=[run.id])

    with pytest.raises(BudgetInUse):
        decide_change(session, ask(session, -20_001).id, is_right=True)
    decide_change(session, ask(session, -20_000).id, is_right=True)
    (row,) = queries.list_budgets(session, ["14"], year=clock.today().year)
    assert (row.amount_fen, row.reserved_fen, row.waiting) == (30_000, 30_000, 1)
    assert queries.months_paid(session, [budget_id]) == {budget_id: 1}


def test_who_asked_does_not_decide(session):
    staff = make_staff(session, Role.CITY_OFFICER, division_code="1405")
    token = make_sign_in(session, staff=staff)
    session.commit()
    with acting(Act(Face.CONSOLE, "tests", "one", token=token)), sessions.transaction() as own:
        change = ask(own, 100)
        with pytest.raises(NeedsAnotherPerson):
            decide_change(own, change.id, is_right=True)


@pytest.mark.parametrize("column", ["amount_fen", "reserved_fen", "paid_fen"])
def test_counted_amounts_are_nobodys_to_write(session, column):
    make_budget(session)

    with pytest.raises(Exception, match="permission denied"):
        session.execute(text(f"UPDATE subsidy_budget SET {column} = 1"))


@pytest.mark.parametrize(
    ("used", "months", "year"), [(300, 3, 1200), (100, 12, 100), (7, 5, 17), (7, 0, None)]
)
def test_a_year_is_forecast_from_the_months_paid(used, months, year):
    assert forecast(used, months) == year
