"""A death that is told late, from the register to the last fen that comes back.

Reckoned from people in the register, paid, found out, put right in a difference run, and taken
back from what the home is paid later, never more of a payment than the policy allows.
"""

from datetime import date

import pytest
from sqlalchemy import text

from server.subsidies.differences.service import look, start
from server.subsidies.models import RunStage
from server.subsidies.payments.making import make_batch
from server.subsidies.reckoning import service
from tests.admin.subsidy_differences.conftest import dies, elder, make_home
from tests.factories.reckoning import reckon_all
from tests.factories.subsidies import make_version, move_run
from tests.factories.subsidy_facts import JANUARY
from tests.factories.subsidy_money import (
    answer,
    check_whole,
    give_account,
    make_budget,
    paid_to,
    payments_of,
    send_batch,
)

RECOVERIES = text(
    "SELECT amount_fen, netted_fen, amount_fen - netted_fen AS left_fen FROM subsidy_recovery"
    " ORDER BY id"
)


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def home(session):
    site = make_home(session)
    give_account(session, site)
    return site


def payable(session, month, months=1):
    """A run over what the register says, as if it had been approved and published."""
    wanted = service.Wanted("facility_operation", month, months, "1405")
    run = reckon_all(session, service.start_run(session, wanted))
    return move_run(session, run, RunStage.PAYABLE)


def paid_fen(session, batch):
    return [one.amount_fen for one in payments_of(session, batch)]


def test_what_a_late_death_made_too_much_comes_back_within_the_limit(session, budget, home):
    make_version(session, paid_to("site", most_percent=50))
    wang, zhao = elder(session, home), elder(session, home)
    run = payable(session, JANUARY, 3)
    batch = send_batch(session, budget, run)
    answer(session, batch)
    assert paid_fen(session, batch) == [6 * 30_000]

    dies(session, wang, date(2026, 1, 31))
    assert look(session, run.id) == 2
    made = start(session, run.id)
    assert made.total_fen == -2 * 30_000
    move_run(session, made, RunStage.PAYABLE)
    assert make_batch(session, budget_id=budget, run_ids=[made.id]) is None
    recovered = []
    for month in (4, 5, 6, 7, 8):
        batch = send_batch(session, budget, payable(session, date(2026, month, 1)))
        answer(session, batch)
        recovered.append((paid_fen(session, batch), sum(
            row.left_fen for row in session.execute(RECOVERIES)
        )))  # fmt: skip

    assert recovered == [
        ([15_000], 45_000), ([15_000], 30_000), ([15_000], 15_000), ([15_000], 0), ([30_000], 0),
    ]  # fmt: skip
    assert [row.amount_fen for row in session.execute(RECOVERIES)] == [30_000, 30_000]
    assert zhao.died_on is None
    assert look(session, run.id) == 0
    check_whole(session)
