"""bookMeal"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.meals.models import Meal
from server.residents.models import GrantKind, HardshipTier
from tests.cities import NEIGHBOUR_VILLAGE, OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account, make_hardship, make_resident, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal, sentences, standing

PARTS = ("list_price_fen", "operator_discount_fen", "subsidy_fen", "charity_fen", "own_pay_fen")


def parts(split):
    return tuple(split[name] for name in PARTS)


def test_it_books_and_answers_with_the_split_and_the_code(phone, resident, session):
    sitting = make_sitting(session)

    response = phone.book(sitting, resident)

    assert response.status_code == 201, response.text
    booking = response.json
    assert parts(booking) == (1200, 0, 300, 0, 900)
    assert (booking["status"], booking["booked_by"]) == ("booked", "self")
    assert len(booking["code"]) == 6
    assert len(booking["qr_modules"]) == len(booking["qr_modules"][0])
    assert standing(session) | {"sign_ins": 0} == {
        "bookings": {"booked": 1},
        "places": 1,
        "answers": 1,
        "links": 1,
        "sign_ins": 0,
        "messages": 0,
        "choices": 0,
    }


def test_a_helper_books_for_her_father(app, session):
    father = make_resident(session, name="陈大明")
    token = make_sign_in(session, account=make_account(session, father, kind=GrantKind.HELPER))
    daughter = Phone(app.test_client(), session, token)

    assert daughter.book(make_sitting(session), father).json["booked_by"] == "helper"


@pytest.mark.parametrize(
    ("tier", "born_on", "price"),
    [
        (None, "1944-05-06", {}),
        (HardshipTier.DIBAO, "1944-05-06", {"discount_percent": 10}),
        (None, "1990-01-01", {"discount_percent": 15, "charity_fen": 50}),
        (HardshipTier.TEKUN, "1960-02-29", {"charity_fen": 5000}),
        (None, "1962-01-01", {"discount_percent": 100}),
    ],
)
def test_the_split_of_the_booking_is_the_split_that_was_shown(
    phone, resident, session, tier, born_on, price
):
    resident.born_on = born_on
    if tier:
        make_hardship(session, resident, tier)
    sitting = make_sitting(session, make_canteen(session, **price), list_price_fen=1235)
    quote = phone.get(f"/v1/sittings/{sitting.id}/quote?resident_id={resident.id}").json

    booking = phone.book(sitting, resident).json

    assert parts(booking) == parts(quote)
    assert booking["list_price_fen"] == sum(parts(booking)[1:]) == 1235


def refused(phone, session, sitting, resident):
    """Ask, prove that nothing has changed, and return the refusal with its two sentences."""
    before = standing(session)
    response = phone.book(sitting, resident)
    said = sentences(phone, lambda: phone.book(sitting, resident))
    assert standing(session) == before
    return response, said


def test_a_full_sitting_names_what_is_nearby(phone, resident, session):
    sitting = make_sitting(session, capacity=0)
    far = make_sitting(
        session, make_canteen(session, name="远", division_code=OTHER_COUNTY_VILLAGE)
    )
    near = make_sitting(
        session, make_canteen(session, name="近", division_code=NEIGHBOUR_VILLAGE), capacity=7
    )
    make_sitting(session, capacity=0)
    make_sitting(session, meal=Meal.DINNER)
    make_sitting(session, in_days=2)
    make_sitting(session, closed_at=clock.now())
    make_sitting(session, published_at=None)
    make_sitting(session, cutoff_at=clock.now())

    response, said = refused(phone, session, sitting, resident)

    assert refusal(response) == (409, "sitting-full")
    assert response.json["nearby"] == [
        {"canteen_id": near.canteen_id, "name": "近", "sitting_id": near.id, "places_left": 7},
        {"canteen_id": far.canteen_id, "name": "远", "sitting_id": far.id, "places_left": 20},
    ]
    assert said == [
        "这一餐已经订满了。您可以看看附近的食堂。",
        "This meal is fully booked. You may like to look at a canteen nearby.",
    ]


def test_past_the_cut_off_nothing_is_booked(phone, resident, session):
    cutoff_at = clock.now().replace(month=3, day=9, hour=8, minute=5)
    sitting = make_sitting(session, cutoff_at=cutoff_at)

    response, said = refused(phone, session, sitting, resident)

    assert refusal(response) == (409, "past-cut-off")
    assert response.json["cutoff_at"] == cutoff_at.isoformat()
    assert said == [
        "这一餐在 3月9日 16:05 已经截止，食堂正在按人数备餐。要改动请直接给食堂打电话。",
        "This meal closed on March 9 at 16:05; the kitchen is already preparing it."
        " To change anything, please call the canteen.",
    ]


@pytest.mark.parametrize("given", [{"closed_at": clock.now()}, {"published_at": None}])
def test_a_closed_sitting_is_not_booked(phone, resident, session, given):
    response, said = refused(phone, session, make_sitting(session, **given), resident)

    assert refusal(response) == (409, "sitting-closed")
    assert said == [
        "食堂这一餐不供应了。请选别的餐次或别的食堂。",
        "The canteen does not serve this meal. Please choose another meal or another canteen.",
    ]


def test_one_meal_of_a_day_is_booked_once_wherever_it_is(phone, resident, session):
    booking = phone.book(make_sitting(session), resident).json

    response, said = refused(phone, session, make_sitting(session), resident)

    assert refusal(response) == (409, "already-booked")
    assert response.json["booking_id"] == booking["id"]
    assert said == [
        "这一餐已经订过了，不用再订。可以在“我的订餐”里查看。",
        "This meal is booked already, so nothing more is needed."
        " You will find it under your bookings.",
    ]


@pytest.mark.parametrize("event", ["died_on", "moved_away_on"])
def test_for_someone_who_is_gone_nothing_is_booked(phone, resident, session, event):
    sitting = make_sitting(session)
    setattr(resident, event, sitting.service_on - timedelta(days=1))

    response, said = refused(phone, session, sitting, resident)

    assert refusal(response) == (409, "resident-not-here")
    assert said == [
        "登记信息显示这位老人已经去世或迁出，不能订餐。如果有误，请联系社区更正。",
        "The register says that this person has died or moved away, so no meal can be booked."
        " If that is wrong, please tell the community office.",
    ]


@pytest.mark.parametrize("event", ["died_on", "moved_away_on"])
def test_on_the_day_itself_meals_are_still_booked(phone, resident, session, event):
    sitting = make_sitting(session)
    setattr(resident, event, sitting.service_on)

    assert phone.book(sitting, resident).status_code == 201


def test_nobody_books_for_a_stranger(phone, neighbour, session):
    response, _ = refused(phone, session, make_sitting(session), neighbour)

    assert refusal(response) == (404, "not-found")


def test_a_grant_that_has_ended_books_nothing(phone, resident, session):
    sitting = make_sitting(session)
    session.execute(text("UPDATE resident_grant SET ends_on = :t"), {"t": clock.today()})

    response, _ = refused(phone, session, sitting, resident)

    assert refusal(response) == (404, "not-found")


def test_a_sitting_that_is_not_there_is_not_found(phone, resident, session):
    wish = {"sitting_id": 2**63 - 1, "resident_id": resident.id}

    assert refusal(phone.post("/v1/bookings", wish)) == (404, "not-found")


def test_where_no_document_sets_a_rate_nothing_is_booked(phone, resident, session):
    sitting = make_sitting(session)
    session.execute(
        text("UPDATE parameter SET ends_on = :day WHERE key = 'meals.subsidy_by_age'"),
        {"day": sitting.service_on},
    )

    response, said = refused(phone, session, sitting, resident)

    assert refusal(response) == (409, "rule-missing")
    assert response.json["parameter"] == "meals.subsidy_by_age"
    assert said[0].startswith(f"{sitting.service_on} 的补贴标准还没有公布")


class TestTheDailyCap:
    """Two subsidised meals a day; the third is paid in full."""

    @pytest.fixture
    def day(self, session):
        canteen = make_canteen(session)
        return {meal: make_sitting(session, canteen, meal=meal) for meal in Meal}

    def subsidies(self, phone, resident, day, *meals):
        return [phone.book(day[meal], resident).json["subsidy_fen"] for meal in meals]

    def test_the_third_meal_of_a_day_is_not_subsidised(self, phone, resident, day):
        assert self.subsidies(phone, resident, day, *Meal) == [300, 300, 0]

    def test_the_quote_says_so_beforehand(self, phone, resident, day):
        self.subsidies(phone, resident, day, Meal.LUNCH, Meal.DINNER)

        path = f"/v1/sittings/{day[Meal.BREAKFAST].id}/quote?resident_id={resident.id}"
        quote = phone.get(path).json

        assert quote["subsidy_fen"] == 0
        assert quote["reasons"] == [
            {"code": "daily-cap-reached", "text": "今天的补贴餐次已经用完", "amount_fen": 0}
        ]

    def test_a_cancelled_meal_gives_its_subsidy_to_the_next(self, phone, resident, day):
        booking = phone.book(day[Meal.BREAKFAST], resident).json
        self.subsidies(phone, resident, day, Meal.LUNCH)
        phone.post(f"/v1/bookings/{booking['id']}/cancellation")

        assert self.subsidies(phone, resident, day, Meal.DINNER, Meal.BREAKFAST) == [300, 0]

    def test_another_day_has_a_cap_of_its_own(self, phone, resident, day, session):
        self.subsidies(phone, resident, day, *Meal)

        assert phone.book(make_sitting(session, in_days=2), resident).json["subsidy_fen"] == 300

    def test_a_meal_without_subsidy_does_not_count(self, phone, resident, day, session):
        session.execute(
            text("UPDATE canteen SET discount_percent = 100 WHERE site_id = :id"),
            {"id": day[Meal.BREAKFAST].canteen_id},
        )
        assert self.subsidies(phone, resident, day, Meal.BREAKFAST) == [0]
        session.execute(text("UPDATE canteen SET discount_percent = 0"))

        assert self.subsidies(phone, resident, day, Meal.LUNCH, Meal.DINNER) == [300, 300]
