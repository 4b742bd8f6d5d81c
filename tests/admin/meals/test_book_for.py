"""代订: the pages by which a window or a canteen books for an elder."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.identity.models import Role
from server.meals.models import BookedBy, Booking, Meal
from server.meals.service import book_meal
from server.meals.standing.models import MealPause, StandingOrder
from server.meals.waiting.models import MealWaiting
from server.residents.models import CareLink
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.factories.meals import make_sitting
from tests.factories.people import LONG_AGO, make_resident
from tests.factories.standing import make_standing

OFFICES = {Role.CANTEEN_STAFF, Role.COMMUNITY_WORKER}


@pytest.fixture
def eater(session, canteen):
    """An elder of the village whom the canteen has fed."""
    eater = make_resident(session, name="李秀英")
    known = {"starts_on": LONG_AGO, "ends_on": clock.today() + timedelta(days=60)}
    session.add(CareLink(resident_id=eater.id, site_id=canteen.site_id, **known))
    session.flush()
    return eater


@pytest.fixture
def lunch(session, canteen):
    return make_sitting(session, canteen, in_days=2, dishes=())


@pytest.fixture
def full(session, canteen):
    return make_sitting(session, canteen, in_days=2, meal=Meal.DINNER, capacity=0, dishes=())


class TestSearch(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/meals/for"


class TestWeek(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, eater, lunch, full):
        return f"/meals/for/{eater.id}"


class TestBook(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self, eater):
        return f"/meals/for/{eater.id}/bookings"


def of(eater, part=""):
    return f"/meals/for/{eater.id}{part}"


def only(session, table):
    session.expire_all()
    return session.execute(select(table)).scalar_one()


def test_the_elder_is_found_by_initials(desk, eater):
    answer = desk.post("/meals/for/search", {"term": "lxy"})

    assert f"/admin/meals/for/{eater.id}" in answer.text


def test_a_canteen_finds_whom_it_fed_alone(desk, session):
    stranger = make_resident(session, name="李秀芬")

    assert "李秀芬" not in desk.post("/meals/for/search", {"term": "李"}).text
    assert desk.get(of(stranger)).status_code == 404


@pytest.mark.parametrize(
    ("role", "by"),
    [(Role.CANTEEN_STAFF, BookedBy.CANTEEN), (Role.COMMUNITY_WORKER, BookedBy.STAFF)],
)
def test_a_meal_is_booked_in_the_name_of_the_office(
    every_office, session, canteen, eater, lunch, role, by
):
    form = {"canteen": canteen.site_id, "sitting": lunch.id, "diet": "soft"}

    answer = every_office(role).post(of(eater, "/bookings"), form)

    assert answer.status_code == 303
    booking = only(session, Booking)
    assert (booking.booked_by, booking.diet) == (by, "soft")


def test_it_is_cancelled_with_what_the_elder_said(desk, session, canteen, eater, lunch):
    booking = book_meal(session, sitting_id=lunch.id, resident_id=eater.id, booked_by=BookedBy.SELF)
    form = {"canteen": canteen.site_id, "reason": "去女儿家"}

    answer = desk.post(of(eater, f"/bookings/{booking.id}/cancellation"), form)

    assert answer.status_code == 303
    assert only(session, Booking).cancel_reason == "去女儿家"


def test_a_refusal_is_told_above_the_week(desk, canteen, eater, full):
    form = {"canteen": canteen.site_id, "sitting": full.id}

    answer = desk.post(of(eater, "/bookings"), form)

    assert answer.status_code == 409
    assert "这一餐已经订满了" in answer.text


def test_the_elder_waits_and_waits_no_longer(desk, session, canteen, eater, full):
    desk.post(of(eater, "/waiting"), {"canteen": canteen.site_id, "sitting": full.id})
    waiting = only(session, MealWaiting)
    assert waiting.joined_by is BookedBy.CANTEEN

    desk.post(of(eater, f"/waiting/{waiting.id}/leaving"), {"canteen": canteen.site_id})

    assert only(session, MealWaiting).state == "left"


def test_a_meal_is_ordered_for_every_week_paused_and_ended(desk, session, canteen, eater):
    at = {"canteen": canteen.site_id}
    desk.post(of(eater, "/standing"), at | {"meal": "lunch", "weekdays": ["1", "2", "3"]})
    order = only(session, StandingOrder)
    assert (order.weekdays, order.made_by) == (7, BookedBy.CANTEEN)
    day = (clock.today() + timedelta(days=3)).isoformat()

    desk.post(of(eater, f"/standing/{order.id}/pauses"), at | {"starts_on": day, "last_day": day})
    paused = only(session, MealPause)
    assert (paused.ends_on - paused.starts_on).days == 1
    assert "本人暂停" in desk.get(of(eater)).text
    desk.post(of(eater, f"/pauses/{paused.id}/end"), at)
    assert only(session, MealPause).lifted_at is not None
    desk.post(of(eater, f"/standing/{order.id}/end"), at)
    assert only(session, StandingOrder).end_reason == "wished"


def test_what_is_another_elders_is_not_reached_by_this_ones_page(desk, session, canteen, eater):
    other = make_standing(session, make_resident(session), canteen)

    answer = desk.post(of(eater, f"/standing/{other.id}/end"), {"canteen": canteen.site_id})

    assert answer.status_code == 404


def test_a_canteen_books_at_itself_alone(desk, session, eater):
    elsewhere = make_sitting(session, in_days=2)
    form = {"canteen": elsewhere.canteen_id, "sitting": elsewhere.id}

    assert desk.post(of(eater, "/bookings"), form).status_code == 404
