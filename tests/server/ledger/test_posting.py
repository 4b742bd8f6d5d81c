"""Entries sum to nought, whoever writes them; nothing posted is changed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.ledger.errors import AmountImpossible
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_of, find_posting, list_entries
from server.ledger.service import Draft, post
from tests.factories.meals import make_site

AT_ONCE = text("SET CONSTRAINTS ALL IMMEDIATE")


def put(session, site_id, amounts, reference="payment:1", subject="stay:1"):
    draft = Draft(subject, PostingKind.PAYMENT, reference, amounts)
    return post(session, draft, site_id=site_id, posted_on=clock.today())


@pytest.fixture
def site_id(session):
    return make_site(session).id


def test_a_posting_moves_money_between_accounts(session, site_id):
    put(session, site_id, {AccountKind.CASH: 500, AccountKind.PREPAID: -500})
    session.execute(AT_ONCE)

    balances = balances_of(session, site_id, "stay:1")
    assert (balances[AccountKind.CASH], balances[AccountKind.PREPAID]) == (500, -500)
    assert balances[AccountKind.DEPOSIT] == 0
    assert len(list_entries(session, site_id, "stay:1")) == 2
    assert find_posting(session, "payment:1").site_id == site_id


def test_subjects_are_kept_apart(session, site_id):
    put(session, site_id, {AccountKind.CASH: 5, AccountKind.PREPAID: -5})
    put(session, site_id, {AccountKind.CASH: 7, AccountKind.PREPAID: -7}, "payment:2", "stay:2")

    assert balances_of(session, site_id, "stay:1")[AccountKind.CASH] == 5


@pytest.mark.parametrize(
    "amounts",
    [{AccountKind.CASH: 500, AccountKind.PREPAID: -499}, {AccountKind.CASH: 500}],
)
def test_what_does_not_sum_to_nought_is_refused_at_the_end(session, site_id, amounts):
    put(session, site_id, amounts)

    with pytest.raises(DBAPIError, match="entries that sum to"):
        session.execute(AT_ONCE)


def test_a_posting_without_entries_is_refused_at_the_end(session, site_id):
    session.execute(
        text(
            "INSERT INTO ledger_posting (site_id, kind, reference, posted_on, posted_at, note)"
            " VALUES (:site, 'payment', 'x', current_date, current_timestamp, '')"
        ),
        {"site": site_id},
    )

    with pytest.raises(DBAPIError, match="0 entries"):
        session.execute(AT_ONCE)


def test_an_amount_that_is_none_is_refused(session, site_id):
    for amounts in ({}, {AccountKind.CASH: 0}, {AccountKind.CASH: 10**12}):
        with pytest.raises(AmountImpossible):
            put(session, site_id, amounts)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET amount_fen = 1",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_posting SET posted_on = current_date",
        "DELETE FROM ledger_account",
    ],
)
def test_nothing_posted_is_changed_or_taken_out(session, site_id, statement):
    put(session, site_id, {AccountKind.CASH: 5, AccountKind.PREPAID: -5})

    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(list(AccountKind)), st.integers(-(10**6), 10**6)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_posted_all_accounts_together_hold_nought(session, moves):
    with session.begin_nested() as unkept:
        site_id = make_site(session).id
        for number, move in enumerate(moves):
            rest = -sum(fen for account, fen in move.items() if account is not AccountKind.CASH)
            amounts = {**move, AccountKind.CASH: rest}
            if any(amounts.values()):
                put(session, site_id, amounts, f"payment:{number}")
        session.execute(AT_ONCE)

        assert sum(balances_of(session, site_id, "stay:1").values()) == 0
        unkept.rollback()
