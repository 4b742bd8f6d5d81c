"""listSubsidyRecoveries: what I owe back, how much a payment, and what is left."""

from datetime import date, timedelta

import pytest

from server import clock
from server.subsidies.recoveries.models import SubsidyRecovery

THERE = "/v1/subsidy-recoveries"


def owed(phone):
    answer = phone.get(THERE)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_what_was_too_much_is_told_with_what_the_next_payment_gives_up(phone, owes):
    recovery = owes(20000, most_percent=30)

    assert owed(phone) == [
        {
            "id": recovery.id, "programme_name": "护理补贴", "person_name": "李秀英",
            "month": "2026-01", "made_on": "2026-02-10", "amount_fen": 20000, "left_fen": 20000,
            "netted_fen": 0, "received_fen": 0, "written_off_fen": 0, "most_percent": 30,
            "next_fen": 9000, "deferred_until": None, "office": "晋城市民政局",
        }
    ]  # fmt: skip


def test_without_a_limit_nothing_is_said_to_be_taken(phone, owes):
    owes(20000, most_percent=None)
    [one] = owed(phone)

    assert (one["most_percent"], one["next_fen"]) == (None, None)


def test_what_is_put_off_takes_nothing_of_the_next_payment(session, phone, owes):
    recovery = owes(20000, most_percent=30)
    until = clock.today() + timedelta(days=30)
    session.get_one(SubsidyRecovery, recovery.id).deferred_until = until
    [one] = owed(phone)

    assert (one["deferred_until"], one["next_fen"]) == (until.isoformat(), None)


def test_a_daughter_who_may_ask_is_told_and_one_for_meals_is_not(owes, help_within):
    owes(20000)

    assert len(owed(help_within("apply"))) == 1


def test_a_helper_for_meals_alone_is_told_nothing(owes, help_within):
    owes(20000)

    assert owed(help_within("book_meals")) == []


def test_a_neighbour_is_told_nothing(neighbours_phone, owes):
    owes(20000)

    assert owed(neighbours_phone) == []


def test_two_owed_share_one_limit_the_oldest_first(phone, owes):
    first, second = owes(20000), owes(20000, month=date(2025, 12, 1))
    told = {one["id"]: (one["left_fen"], one["next_fen"]) for one in owed(phone)}

    assert told == {first.id: (11000, 9000), second.id: (20000, None)}


def test_more_of_them_need_no_more_statements(phone, owes, count_statements):
    owes(5000)
    phone.get(THERE)
    with count_statements() as few:
        phone.get(THERE)
    owes(5000, month=date(2025, 12, 1))
    with count_statements() as more:
        phone.get(THERE)

    assert len(more) == len(few)


@pytest.mark.parametrize("query", ["open=true", "resident_id=1"])
def test_no_query_is_known(phone, query):
    assert phone.get(f"{THERE}?{query}").status_code == 422
