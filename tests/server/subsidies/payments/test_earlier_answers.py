"""Answers of banks that were taken in before anybody confirmed one: they were acted on."""

from pathlib import Path

import psycopg
import pytest

from infra.database_roles import libpq_url
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.migrations import sql
from server.subsidies.payments.making import make_batch
from tests.concurrency.racing import SCHEMA, look
from tests.factories.meals import make_site
from tests.factories.subsidy_money import (
    answer,
    give_account,
    make_budget,
    make_payable,
    payments_of,
    send_batch,
)

STEP = (Path(sql.__file__).parent / "0065_confirmed_returns.sql").read_text()
BEFORE_IT = """
    DROP TRIGGER frozen ON subsidy_bank_return;
    DROP TRIGGER confirmed_later ON subsidy_bank_return;
    DROP TRIGGER failed_by_an_answer ON subsidy_payment;
    DROP TRIGGER is_confirmed ON subsidy_payment_line;
    DROP FUNCTION keep_failed_by_answer(), keep_confirmed();
    ALTER TABLE subsidy_bank_return DROP COLUMN confirmed_by, DROP COLUMN confirmed_at;
    CREATE TRIGGER frozen BEFORE UPDATE ON subsidy_bank_return FOR EACH STATEMENT
        EXECUTE FUNCTION keep_paid();
"""
CONFIRMED = "SELECT confirmed_at = imported_at, confirmed_by IS NULL FROM subsidy_bank_return"
TOLD = "SELECT count(*) FROM trail_entry WHERE table_name = 'subsidy_bank_return'"


@pytest.fixture
def retry(own_city):
    """Try a payment again that failed before the step; returns how many it tried."""
    act = Act(Face.COMMAND, "tests", "test", service=True)
    with acting(act), sessions.transaction() as session:
        site = make_site(session)
        give_account(session, site)
        run, budget_id = make_payable(session, [{"site_id": site.id}]), make_budget(session)
        batch, run_id = send_batch(session, budget_id, run), run.id
        answer(session, batch, failed={one.id for one in payments_of(session, batch)})

    def retry():
        with acting(act), sessions.transaction() as session:
            again = {"run_ids": [run_id], "again_unchanged": True}
            return make_batch(session, budget_id=budget_id, **again).payments

    return retry


def run_step(database):
    """As a new version of the program does it, in a database that has not seen the step."""
    with psycopg.connect(libpq_url(database.owner_url)) as owner:
        owner.execute(f"SET search_path TO {SCHEMA}, public")
        owner.execute(BEFORE_IT)
        owner.execute(STEP)


def test_count_as_confirmed_by_nobody_and_the_trail_stays_as_it_was(own_city, retry):
    before = look(own_city, TOLD)
    run_step(own_city)

    assert look(own_city, CONFIRMED) == [(True, True)]
    assert look(own_city, TOLD) == before
    assert retry() == 1
