"""A bank's answer that is not what it should be: named row by row, and nothing is done."""

import pytest

from server.ledger.models import AccountKind
from server.ledger.queries import balances_of_office
from server.subsidies.payments import returning
from server.subsidies.payments.rules import Told, number_of
from tests.factories.meals import make_site
from tests.factories.subsidy_money import (
    answer,
    give_account,
    make_budget,
    make_payable,
    payments_of,
    send_batch,
)

HEADINGS = "发放编号,金额（元）,处理结果,失败代码,失败原因"


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def batch(session, budget):
    site = make_site(session)
    give_account(session, site)
    return send_batch(session, budget, make_payable(session, [{"site_id": site.id}]))


@pytest.fixture
def number(session, batch):
    return number_of(payments_of(session, batch)[0].id)


def take(session, batch, *rows):
    content = "\n".join([HEADINGS, *rows]).encode()
    return returning.import_return(
        session, batch.id, content, layout="generic", file_name="回盘.csv"
    )


@pytest.mark.parametrize("second", ["成功,,", "失败,E01,账号有误"])
def test_a_payment_named_twice_in_two_ways_of_writing_it_counts_for_nothing(
    session, budget, batch, number, second
):
    """One more nought before the number: the same payment all the same."""
    told = take(session, batch, f"{number},300.00,成功,,", f"YL0{number[2:]},300.00,{second}")

    assert [one.told for one in told.faults] == [Told.TWICE, Told.TWICE]
    balances = balances_of_office(session, "1405", [f"budget:{budget}"])
    assert balances[AccountKind.AT_BANK] == -30_000


@pytest.mark.parametrize(
    "amount",
    ["sNaN", "NaN", "Infinity", "1E+99999", "1E+999999", "1E+9999999", "3e2", "1e-9999999",
     "9" * 40, "300.001", "--300", ""],
)  # fmt: skip
def test_an_amount_that_is_none_is_unreadable(session, batch, number, amount):
    told = take(session, batch, f"{number},{amount},成功,,")

    assert [(one.told, one.row.amount_fen) for one in told.faults] == [(Told.UNREADABLE, None)]


@pytest.mark.parametrize("name", ["a\x00b.csv", "\x00", "", "长" * 500])
def test_a_file_may_be_called_anything(session, batch, number, name):
    content = f"{HEADINGS}\n{number},300.00,成功,,\n".encode()
    told = returning.import_return(session, batch.id, content, layout="generic", file_name=name)

    assert told.taken.paid == 1
    assert 0 < len(told.taken.file_name) <= 120


@pytest.mark.parametrize("amount", ["300", "300.0", "300.000", "¥300.00", "￥300.00", "300."])
def test_ways_of_writing_an_amount(session, batch, number, amount):
    assert take(session, batch, f"{number},{amount},成功,,").taken.paid == 1


def test_a_fen_more_or_less_is_another_amount(session, batch, number):
    for amount in ("300.01", "299.99", "-300.00", "0"):
        told = take(session, batch, f"{number},{amount},成功,,")
        assert [one.told for one in told.faults] == [Told.OTHER_AMOUNT]


def test_the_answer_about_another_batch_is_not_taken(session, budget, batch, number):
    site = make_site(session)
    give_account(session, site, "6228480000000000035")
    other = send_batch(session, budget, make_payable(session, [{"site_id": site.id}]))

    assert [one.told for one in take(session, other, f"{number},300.00,成功,,").faults] == [
        Told.UNKNOWN
    ]
    assert answer(session, other).taken.paid == 1
