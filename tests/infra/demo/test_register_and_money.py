"""The demo's homes stand in the register in full, and their people's money adds up."""

from infra.demo.beginning import find_beginning
from infra.demo.money import put_money
from infra.demo.papers import put_papers
from server.db.acts import acting
from server.db.sessions import transaction
from tests.infra.demo.conftest import PLATFORM

HOMES = (
    "(SELECT id FROM site WHERE source_name = 'demo' AND kind IN ('care_home', 'township_home'))"
)


def test_every_home_has_papers_a_star_prices_photos_and_an_opening(demo, ask):
    for table in ("site_paper", "site_star", "site_price", "site_photo", "site_opening"):
        [lacking] = ask(
            f"SELECT count(*) AS homes FROM {HOMES} h"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.site_id = h.id)"
        )
        assert lacking.homes == 0, table


def test_some_papers_end_soon(demo, ask):
    [ending] = ask("SELECT count(*) AS papers FROM site_paper WHERE ends_on < current_date + 90")

    assert ending.papers > 0


def test_whoever_lives_in_a_home_has_a_contract_and_a_bill_of_last_month(demo, ask):
    [lacking] = ask(
        "SELECT count(*) AS stays FROM stay s WHERE s.status IN ('staying', 'away')"
        " AND s.kind <> 'home_care'"
        " AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.stay_id = s.id"
        "                  AND c.ends_on > current_date)"
    )
    months = ask("SELECT month, count(*) AS bills FROM stay_bill GROUP BY month ORDER BY month")

    assert lacking.stays == 0
    assert len(months) >= 2
    assert all(row.bills > 5 for row in months[:2])


def test_money_is_paid_in_advance_owed_and_given_back(demo, ask):
    kinds = {row.kind for row in ask("SELECT DISTINCT kind FROM ledger_posting")}
    [all_accounts] = ask("SELECT sum(amount_fen) AS fen FROM ledger_entry")

    assert {"deposit", "payment", "bill"} <= kinds
    assert all_accounts.fen == 0


def test_a_second_load_puts_nothing_more(demo):
    with acting(PLATFORM), transaction(writes=False) as session:
        beginning = find_beginning(session)
        assert put_papers(session, beginning) == 0
        assert put_money(session, beginning) == 0
