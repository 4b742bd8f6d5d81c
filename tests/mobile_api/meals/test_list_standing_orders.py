"""listStandingOrders"""

from server import clock
from server.meals.standing.models import MealPause, StandingRefusal


def test_each_has_its_pauses_and_the_days_that_failed(phone, session, resident, canteen, order):
    today, now = clock.today(), clock.now()
    of_it = {"order_id": order.id, "resident_id": resident.id}
    session.add_all(
        [
            MealPause(resident_id=resident.id, cause="in_hospital", starts_on=today, noted_at=now),
            StandingRefusal(
                **of_it, canteen_id=canteen.site_id, service_on=today, code="sitting-full",
                first_at=now, tried_at=now,
            ),
        ]
    )  # fmt: skip

    [shown] = phone.get("/v1/standing-orders").json["items"]

    assert [(one["cause"], one["ends_on"]) for one in shown["pauses"]] == [("in_hospital", None)]
    [refused] = shown["refused"]
    assert (refused["code"], refused["text"][:7]) == ("sitting-full", "这一天已经订满")


def test_a_stranger_sees_none(neighbours_phone, resident, order):
    assert neighbours_phone.get("/v1/standing-orders").json["items"] == []
    path = f"/v1/standing-orders?resident_id={resident.id}"
    assert neighbours_phone.get(path).status_code == 404
