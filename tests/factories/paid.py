"""A row of every table of subsidies' money, of one home in one county."""

from datetime import timedelta

from sqlalchemy import text

from server import clock
from server.subsidies.payments import filing
from server.subsidies.payments.accounts import tell_account
from server.subsidies.payments.making import make_batch
from server.subsidies.recoveries import settling
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    LONG_AGO,
    answer,
    ask_change,
    give_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

RECOVERY = text("SELECT id FROM subsidy_recovery WHERE payee_kind = 'site' AND payee_id = :site")


def make_paid(session, site, resident, county):
    """A home that was paid, answered about and owes some of it back; returns the keys."""
    give_account(session, site)
    version = make_version(session, paid_to("site", most_percent=50, family="nursing_beds"))
    budget_id = make_budget(session, division_code=county)
    line = {"site_id": site.id, "resident_id": resident.id}
    run = make_payable(session, [line], version=version, division_code=county)
    batch = send_batch(session, budget_id, run)
    bank_return_id = answer(session, batch).taken.id
    filing.open_file(session, batch.id, reason="送银行")
    back = make_difference(session, run, 1, -20000, version, **line, division_code=county)
    make_batch(session, budget_id=budget_id, run_ids=[back.id])
    recovery_id = session.execute(RECOVERY, {"site": site.id}).scalar_one()
    today = clock.today()
    settling.receive(session, recovery_id, fen=1000, receipt="HD-1", on_day=today)
    later = today + timedelta(days=30)
    decision = settling.ask_deferment(session, recovery_id, until=later, words="经营困难")
    change = ask_change(
        session, line="养老机构运营补贴", year=today.year, division_code=county, delta_fen=100,
        document="市财预〔2026〕3号", holds_on=LONG_AGO,
    )  # fmt: skip
    account = tell_account(
        session, site.id, bank="农业银行", account="6228480000000000555",
        holder_name=site.name, starts_on=today,
    )  # fmt: skip
    payment_id = payments_of(session, batch)[0].id
    return {
        "budget_id": budget_id,
        "budget_change_id": change.id,
        "batch_id": batch.id,
        "bank_return_id": bank_return_id,
        "subsidy_payment_id": payment_id,
        "received_id": payment_id,
        "recovery_id": recovery_id,
        "recovery_decision_id": decision.id,
        "site_account_id": account.id,
    }
