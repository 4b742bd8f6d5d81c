"""The drawer at the end of a day, and everybody's money back when a canteen closes."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.errors import NotAllowed
from server.ledger.models import AccountKind
from server.ledger.queries import balances_of
from server.meals.collecting import collect_meal
from server.meals.wallets.cash_queries import expected_cash, list_cash, list_counts
from server.meals.wallets.counting import count_cash
from server.meals.wallets.errors import CanteenIsOpen, DifferenceUnexplained
from server.meals.wallets.keeping import ask_for_refund, refund
from server.meals.wallets.queries import list_due, list_statement, list_wallets
from server.meals.wallets.refunding import refund_everybody
from server.providers.models import OpeningState, Site
from tests.factories.meals import make_canteen
from tests.factories.people import make_resident
from tests.factories.wallets import make_wallet


@pytest.fixture
def a_days_cash(session, canteen, elder, desk, book):
    """Fifty yuan paid in by one, nine paid for a lunch by another, twenty given back to a third."""
    third = make_resident(session)
    lunch, _, _ = book(make_resident(session)), book(third), book(elder)
    with desk.at_work() as own:
        make_wallet(own, elder, canteen, 5000)
        collect_meal(own, canteen_id=canteen.site_id, code=lunch.code)
        refund(own, make_wallet(own, third, canteen, 2000), key="k")
    return 5900


def test_the_sheet_names_every_move_of_cash_and_who_made_it(session, canteen, desk, a_days_cash):
    rows = list_cash(session, canteen.site_id, clock.today())

    assert sorted(row.amount_fen for row in rows) == [-2000, 900, 2000, 5000]
    assert {row.by_name for row in rows} == {desk.staff.display_name}
    assert expected_cash(session, canteen.site_id, clock.today()) == a_days_cash
    assert not list_cash(session, canteen.site_id, clock.today() - timedelta(days=1))


def test_a_count_enters_the_meals_into_the_ledger_once(session, canteen, desk, a_days_cash):
    for _ in range(2):
        with desk.at_work() as own:
            count_cash(own, canteen.site_id, day=clock.today(), counted_fen=a_days_cash)

    posted = balances_of(session, canteen.site_id, f"counter:{canteen.site_id}")
    assert dict(posted) == {AccountKind.CASH: 900, AccountKind.INCOME: -900}
    second, first = list_counts(session, canteen.site_id, clock.today())
    assert (second.number, first.number, second.difference_fen) == (2, 1, 0)


def test_a_difference_is_explained(session, canteen, desk, a_days_cash):
    with pytest.raises(DifferenceUnexplained), desk.at_work() as own:
        count_cash(own, canteen.site_id, day=clock.today(), counted_fen=a_days_cash - 100)
    with desk.at_work() as own:
        count_cash(
            own, canteen.site_id, day=clock.today(), counted_fen=a_days_cash - 100, note="找错一元"
        )

    [count] = list_counts(session, canteen.site_id, clock.today())
    assert (count.difference_fen, count.note) == (-100, "找错一元")


def test_a_drawer_is_counted_by_somebody(session, canteen):
    with pytest.raises(NotAllowed):
        count_cash(session, canteen.site_id, day=clock.today(), counted_fen=0)


def test_a_count_is_never_rewritten(session, canteen, desk):
    with desk.at_work() as own:
        count_cash(own, canteen.site_id, day=clock.today(), counted_fen=0)

    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE cash_count SET counted_fen = 1"))


class TestClosing:
    """Three elders with money at a canteen that does not open again."""

    @pytest.fixture
    def wallets(self, session, canteen):
        amounts = (1000, 2000, 3000)
        ids = [make_wallet(session, make_resident(session), canteen, fen) for fen in amounts]
        ask_for_refund(session, ids[0])
        return ids

    def close(self, session, canteen):
        session.get_one(Site, canteen.site_id).opening_state = OpeningState.CLOSED
        session.flush()

    def test_gives_everybody_all_of_it(self, session, canteen, wallets):
        self.close(session, canteen)

        refunded = refund_everybody(session, canteen.site_id)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

        assert (refunded.wallets, refunded.amount_fen) == (3, 6000)
        assert not list_wallets(session, canteen.site_id, is_filled=True)
        last = [list_statement(session, one, at_most=1)[0] for one in wallets]
        assert [one.amount_fen for one in last] == [-1000, -2000, -3000]
        assert {one.note for one in last} == {"canteen-closes"}
        open_ones = session.execute(text("SELECT count(*) FROM wallet_request WHERE state='open'"))
        assert open_ones.scalar_one() == 0

    def test_a_second_time_gives_nothing(self, session, canteen, wallets):
        self.close(session, canteen)
        refund_everybody(session, canteen.site_id)

        assert refund_everybody(session, canteen.site_id).wallets == 0

    def test_is_not_for_a_canteen_that_is_open(self, session, canteen, wallets):
        with pytest.raises(CanteenIsOpen):
            refund_everybody(session, canteen.site_id)

    def test_takes_as_many_statements_for_three_as_for_one(
        self, session, canteen, wallets, statements
    ):
        alone = make_canteen(session)
        make_wallet(session, make_resident(session), alone)
        self.close(session, canteen)
        self.close(session, alone)
        with statements() as three:
            refund_everybody(session, canteen.site_id)
        with statements() as one:
            refund_everybody(session, alone.site_id)
        assert len(three) == len(one)

    def test_what_is_due_is_known_by_canteen(self, session, canteen, wallets):
        rows = list_due(session, prefixes=["1405"], site_ids=[])

        due = {row.site_id: (row.wallets, row.due_fen) for row in rows}
        assert due[canteen.site_id] == (3, 6000)
