"""The demo's first paid month: two payments fail, are tried again, and all of it is reconciled."""

from sqlalchemy import text

from infra.demo.paid_month import is_month_paid, put_paid_month
from server.subsidies.models import RunStage
from tests.factories.meals import make_site
from tests.factories.subsidy_money import check_whole, make_payable

BATCHES = text("SELECT state, payments, failed, paid FROM subsidy_batch ORDER BY id")


def test_two_fail_and_are_paid_with_the_next_batch(session):
    run = make_payable(session, [{"site_id": make_site(session).id} for _ in range(4)])

    assert put_paid_month(session) == 2
    assert put_paid_month(session) == 0
    check_whole(session)
    assert [tuple(one) for one in session.execute(BATCHES)] == [
        ("reconciled", 4, 2, 2),
        ("reconciled", 2, 0, 2),
    ]
    session.refresh(run)
    assert run.stage is RunStage.PAID


def test_without_a_run_that_waits_nothing_is_made(session):
    assert put_paid_month(session) == 0
    assert is_month_paid(session)
