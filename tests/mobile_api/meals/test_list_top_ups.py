"""listTopUps"""

from tests.factories.meals import make_canteen
from tests.factories.payments import make_payment


def test_ones_own_are_listed_and_nobody_elses(phone, neighbour, resident, session):
    canteen = make_canteen(session)
    first, second = (make_payment(session, resident, canteen) for _ in range(2))
    make_payment(session, neighbour, canteen)

    listed = phone.get("/v1/top-ups").json["items"]

    assert [one["id"] for one in listed] == [second.id, first.id]
