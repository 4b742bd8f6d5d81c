"""Money into a wallet and out of it: posted twice over, receipted once, taken back by two."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.errors import NotFound
from server.ledger.errors import AmountImpossible
from server.ledger.models import AccountKind
from server.ledger.queries import balances_of
from server.meals.collecting import collect_meal
from server.meals.counter.models import How
from server.meals.counter.receiving import Telling, receive
from server.meals.counter.undoing import undo_collection
from server.meals.wallets import rules
from server.meals.wallets.errors import (
    AskedAlready,
    CanteenTakesNoMoney,
    NothingToRefund,
    NotReversible,
    RequestDecided,
    SamePersonDecides,
    WalletTooFull,
    WalletTooLow,
)
from server.meals.wallets.keeping import (
    ask_for_refund,
    ask_for_reversal,
    decide_reversal,
    refund,
    top_up,
    withdraw,
)
from server.meals.wallets.paying import pay_for
from server.meals.wallets.queries import find_diners, get_wallet, list_statement, list_wallets_of
from server.providers.models import OpeningState, Site
from tests.factories.meals import make_canteen
from tests.factories.wallets import make_wallet

AT_ONCE = text("SET CONSTRAINTS ALL IMMEDIATE")
LATER = text("SET CONSTRAINTS ALL DEFERRED")


def balance(session, wallet_id):
    return get_wallet(session, wallet_id).balance_fen


def test_what_is_paid_in_stands_in_the_wallet_and_in_the_ledger(session, canteen, elder):
    wallet_id = make_wallet(session, elder, canteen, 5000)
    session.execute(AT_ONCE)

    posted = balances_of(session, canteen.site_id, rules.subject_of(wallet_id))
    assert balance(session, wallet_id) == 5000
    assert dict(posted) == {AccountKind.CASH: 5000, AccountKind.PREPAID: -5000}


def test_the_same_receipt_is_noted_once(session, canteen, elder):
    paid = {"site_id": canteen.site_id, "resident_id": elder.id, "amount_fen": 5000, "key": "k"}
    first = top_up(session, **paid)

    assert top_up(session, **paid).id == first.id
    assert balance(session, first.wallet_id) == 5000


def test_a_receipt_names_canteen_day_and_a_number_of_its_own(session, canteen, elder):
    wallet_id = make_wallet(session, elder, canteen)
    [entry] = list_statement(session, wallet_id)

    number = rules.receipt_number(entry.site_id, entry.made_on, entry.id)
    assert number == f"{canteen.site_id}-{clock.today():%y%m%d}-{entry.id:06d}"


@pytest.mark.parametrize("amount", [0, -100])
def test_no_money_is_no_top_up(session, canteen, elder, amount):
    with pytest.raises(AmountImpossible):
        make_wallet(session, elder, canteen, amount)


def test_a_wallet_has_a_most(session, canteen, elder):
    make_wallet(session, elder, canteen, 100_000)

    with pytest.raises(WalletTooFull) as refused:
        make_wallet(session, elder, canteen, 1)
    assert refused.value.facts == {"most_fen": 100_000}


def test_a_canteen_that_is_not_open_takes_no_money(session, canteen, elder):
    session.get_one(Site, canteen.site_id).opening_state = OpeningState.SUSPENDED

    with pytest.raises(CanteenTakesNoMoney):
        make_wallet(session, elder, canteen)


def test_whoever_pays_in_is_known_to_the_canteen_for_two_years(session, canteen, elder):
    make_wallet(session, elder, canteen)

    ends = session.execute(text("SELECT ends_on FROM care_link")).scalar_one()
    assert ends == clock.today().replace(day=1, year=clock.today().year + 2)
    [found] = find_diners(session, canteen.site_id, "李秀")
    assert (found.resident_id, found.balance_fen) == (elder.id, 5000)


def test_a_counter_takes_no_money_from_whom_the_canteen_does_not_know(canteen, elder, desk):
    with pytest.raises(NotFound), desk.at_work() as own:
        make_wallet(own, elder, canteen)


def test_a_refund_gives_all_of_it_back_and_answers_the_request(session, canteen, elder):
    wallet_id = make_wallet(session, elder, canteen)
    request = ask_for_refund(session, wallet_id, reason="搬家")

    entry = refund(session, wallet_id, key="k")

    assert (entry.amount_fen, entry.balance_fen, balance(session, wallet_id)) == (-5000, 0, 0)
    assert request.state == "done"
    assert refund(session, wallet_id, key="k").id == entry.id
    with pytest.raises(NothingToRefund):
        refund(session, wallet_id, key="another")


def test_a_refund_is_asked_for_once_and_may_be_withdrawn(session, canteen, elder):
    wallet_id = make_wallet(session, elder, canteen)
    request = ask_for_refund(session, wallet_id)
    with pytest.raises(AskedAlready):
        ask_for_refund(session, wallet_id)

    withdraw(session, request.id)

    with pytest.raises(RequestDecided):
        withdraw(session, request.id)
    ask_for_refund(session, wallet_id)


def test_an_empty_wallet_has_nothing_to_ask_for(session, canteen, elder):
    wallet_id = make_wallet(session, elder, canteen)
    refund(session, wallet_id, key="k")

    with pytest.raises(NothingToRefund):
        ask_for_refund(session, wallet_id)


class TestReversal:
    """A top-up of ten times too much."""

    @pytest.fixture
    def entry_id(self, session, canteen, elder):
        [entry] = list_statement(session, make_wallet(session, elder, canteen, 50_000))
        return entry.id

    @pytest.fixture
    def request_id(self, desk, entry_id):
        with desk.at_work() as session:
            return ask_for_reversal(session, entry_id, reason="多按了一个零").id

    def test_is_made_by_another_person(self, session, elder, other_desk, request_id):
        with other_desk.at_work() as own:
            decide_reversal(own, request_id, agrees=True)

        [wallet] = list_wallets_of(session, [elder.id])
        back, first = list_statement(session, wallet.id)
        assert wallet.balance_fen == 0
        assert (back.move, back.amount_fen, back.note) == ("reversal", -50_000, "多按了一个零")
        assert first.is_reversed
        assert not back.is_reversed

    def test_is_not_decided_by_who_asked(self, desk, request_id):
        with pytest.raises(SamePersonDecides), desk.at_work() as own:
            decide_reversal(own, request_id, agrees=True)

    def test_the_database_says_so_too(self, session, desk, request_id):
        with pytest.raises(DBAPIError, match="not_decided_by_who_asked"):
            session.execute(
                text("UPDATE wallet_request SET state = 'done', decided_by = asked_by,"
                     " decided_at = asked_at WHERE id = :id"),
                {"id": request_id},
            )  # fmt: skip

    def test_happens_once(self, desk, other_desk, entry_id, request_id):
        with other_desk.at_work() as own:
            decide_reversal(own, request_id, agrees=True)
        with pytest.raises(RequestDecided), other_desk.at_work() as own:
            decide_reversal(own, request_id, agrees=True)
        with pytest.raises(NotReversible), desk.at_work() as own:
            ask_for_reversal(own, entry_id, reason="再来")

    def test_what_was_spent_cannot_be_taken_back(self, session, elder, other_desk, request_id):
        [wallet] = list_wallets_of(session, [elder.id])
        refund(session, wallet.id, key="k")

        with pytest.raises(WalletTooLow), other_desk.at_work() as own:
            decide_reversal(own, request_id, agrees=True)

    def test_may_be_refused_with_a_word(self, session, elder, other_desk, request_id):
        with other_desk.at_work() as own:
            decide_reversal(own, request_id, agrees=False, note="数目是对的")

        assert list_wallets_of(session, [elder.id])[0].balance_fen == 50_000


def test_a_refund_is_not_reversed(session, canteen, elder):
    wallet_id = make_wallet(session, elder, canteen)
    entry = refund(session, wallet_id, key="k")

    with pytest.raises(NotReversible):
        ask_for_reversal(session, entry.id, reason="错")


def test_the_application_cannot_write_a_balance(session, canteen, elder):
    make_wallet(session, elder, canteen)

    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE wallet SET balance_fen = 9"))


def test_a_wallet_that_is_not_there_is_not_found(session):
    with pytest.raises(NotFound):
        refund(session, 2**62, key="k")


@given(
    moves=st.lists(st.tuples(st.sampled_from("tcr"), st.integers(1, 3000)), min_size=1, max_size=9)
)
@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_wallet_statement_and_ledger_always_agree(session, canteen, elder, moves):
    wallet_id = make_wallet(session, elder, canteen, 1)
    for number, (what, amount) in enumerate(moves):
        room = 100_000 - balance(session, wallet_id)
        if what == "t" and amount <= room:
            make_wallet(session, elder, canteen, amount)
        elif what == "r" and balance(session, wallet_id):
            refund(session, wallet_id, key=f"{wallet_id}-{number}-{amount}-{clock.now()}"[-60:])
    session.execute(AT_ONCE)
    session.execute(LATER)
    statement = list_statement(session, wallet_id)
    posted = balances_of(session, canteen.site_id, rules.subject_of(wallet_id))
    assert balance(session, wallet_id) == -posted[AccountKind.PREPAID]
    assert sum(one.amount_fen for one in statement) == statement[0].balance_fen
    assert posted[AccountKind.CASH] == balance(session, wallet_id)


class TestPaying:
    """A lunch of twelve yuan, of which the elder pays nine."""

    def paid(self, session, booking):
        query = text("SELECT paid_how, paid_to FROM booking WHERE id = :id")
        return session.execute(query, {"id": booking.id}).one()

    def test_the_wallet_pays_where_it_suffices(self, session, canteen, elder, book):
        wallet_id, booking = make_wallet(session, elder, canteen, 900), book()

        collect_meal(session, canteen_id=canteen.site_id, code=booking.code)
        session.execute(AT_ONCE)

        assert self.paid(session, booking).paid_how == "wallet"
        meal, _ = list_statement(session, wallet_id)
        assert (meal.move, meal.amount_fen, meal.balance_fen) == ("meal", -900, 0)
        posted = balances_of(session, canteen.site_id, rules.subject_of(wallet_id))
        assert (posted[AccountKind.PREPAID], posted[AccountKind.INCOME]) == (0, -900)

    def test_else_it_is_paid_at_the_counter_and_the_wallet_left_alone(
        self, session, canteen, elder, desk, book
    ):
        wallet_id, booking = make_wallet(session, elder, canteen, 899), book()

        with desk.at_work() as own:
            collect_meal(own, canteen_id=canteen.site_id, code=booking.code)

        assert self.paid(session, booking) == ("cash", desk.staff.id)
        assert balance(session, wallet_id) == 899

    def test_the_money_of_another_canteen_does_not_pay(self, session, canteen, elder, book):
        other = make_wallet(session, elder, make_canteen(session), 5000)
        booking = book()

        collect_meal(session, canteen_id=canteen.site_id, code=booking.code)

        assert self.paid(session, booking).paid_how == "cash"
        assert balance(session, other) == 5000

    def test_a_meal_is_paid_once(self, session, canteen, elder, book):
        make_wallet(session, elder, canteen)
        booking = book()
        collect_meal(session, canteen_id=canteen.site_id, code=booking.code)

        assert pay_for(session, [booking.id]) == {}

    def test_a_meal_taken_back_gives_its_money_back_and_is_charged_anew(
        self, session, canteen, elder, book
    ):
        wallet_id = make_wallet(session, elder, canteen)
        booking = book()

        def hand_out(key):
            told = Telling(key, clock.now(), How.CODE, code=booking.code)
            [receipt] = receive(session, canteen.site_id, [told])
            assert receipt.refusal is None
            return balance(session, wallet_id)

        paid = hand_out("first-key-of-a-meal")
        undo_collection(session, "first-key-of-a-meal", at=clock.now(), reason="认错人了")
        session.expire_all()
        assert (paid < 5000, balance(session, wallet_id)) == (True, 5000)
        assert self.paid(session, booking).paid_how is None

        assert hand_out("second-key-of-a-meal") == paid
        assert self.paid(session, booking).paid_how == "wallet"

    def test_a_meal_that_was_not_handed_out_is_not_paid(self, session, canteen, elder, book):
        wallet_id = make_wallet(session, elder, canteen)

        assert pay_for(session, [book().id]) == {}
        assert balance(session, wallet_id) == 5000

    def test_it_costs_one_statement_for_whoever_has_no_wallet(self, session, book, statements):
        booking = book()
        session.execute(
            text(
                "UPDATE booking SET status = 'collected', collected_at = booked_at WHERE id = :id"
            ),
            {"id": booking.id},
        )
        with statements() as said:
            pay_for(session, [booking.id])
        assert len(said) == 1
