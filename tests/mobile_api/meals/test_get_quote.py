"""getQuote"""

from sqlalchemy import text

from server import clock
from server.residents.models import HardshipTier
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_hardship
from tests.mobile_api.refusals import refusal, standing


def quote(phone, sitting, resident):
    return phone.get(f"/v1/sittings/{sitting.id}/quote?resident_id={resident.id}")


def test_it_says_who_would_pay_what_and_why(phone, resident, session):
    make_hardship(session, resident, HardshipTier.DIBAO)
    canteen = make_canteen(session, discount_percent=10, charity_fen=100)
    sitting = make_sitting(session, canteen, list_price_fen=1500)

    assert quote(phone, sitting, resident).json == {
        "sitting_id": sitting.id,
        "resident_id": resident.id,
        "list_price_fen": 1500,
        "operator_discount_fen": 150,
        "subsidy_fen": 500,
        "charity_fen": 100,
        "own_pay_fen": 750,
        "reasons": [
            {"code": "operator-discount", "text": "食堂优惠", "amount_fen": 150},
            {"code": "subsidy-by-age", "text": "按年龄的补贴", "amount_fen": 300},
            {"code": "subsidy-by-hardship", "text": "困难补贴", "amount_fen": 200},
            {"code": "charity", "text": "慈善补助", "amount_fen": 100},
        ],
        "places_left": 20,
        "state": "open",
        "already_booked_id": None,
        "usual_diet": "normal",
        "harmful_dishes": [],
        "disliked_dishes": [],
    }


def test_what_does_not_suit_the_eater_is_said_before_booking(phone, resident, session):
    sitting = make_sitting(session, dishes=("香菜拌豆腐", "花生米"))
    peanuts = "UPDATE dish SET allergens = '{peanut}' WHERE name = '花生米'"
    session.execute(text(peanuts))
    needs = {"usual_diet": "soft", "allergens": ["peanut"], "dislikes": ["香菜"]}
    phone.send("PUT", f"/v1/residents/{resident.id}/eating-needs", needs)

    shown = quote(phone, sitting, resident).json

    assert shown["usual_diet"] == "soft"
    assert (shown["harmful_dishes"], shown["disliked_dishes"]) == (["花生米"], ["香菜拌豆腐"])


def test_the_reasons_are_told_in_the_readers_language(phone, resident, session):
    phone.language = "en"

    [reason] = quote(phone, make_sitting(session), resident).json["reasons"]

    assert reason["text"] == "Subsidy by age"


def test_it_changes_nothing(phone, resident, session):
    sitting = make_sitting(session)
    before = standing(session)

    quote(phone, sitting, resident)

    assert standing(session) == before


def test_it_names_a_booking_that_is_there_and_the_state(phone, resident, session):
    sitting = make_sitting(session, capacity=1)
    booking = phone.book(sitting, resident).json

    shown = quote(phone, sitting, resident).json

    assert (shown["already_booked_id"], shown["state"], shown["places_left"]) == (
        booking["id"],
        "full",
        0,
    )


def test_past_the_cut_off_it_still_says_the_price(phone, resident, session):
    shown = quote(phone, make_sitting(session, cutoff_at=clock.now()), resident).json

    assert (shown["state"], shown["own_pay_fen"]) == ("past_cutoff", 900)


def test_for_a_stranger_nothing_is_found(phone, neighbour, session):
    assert refusal(quote(phone, make_sitting(session), neighbour)) == (404, "not-found")
