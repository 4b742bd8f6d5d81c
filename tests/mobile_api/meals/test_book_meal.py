"""bookMeal"""

from tests.factories.meals import make_sitting


def test_it_books_and_answers_with_the_split_and_the_code(phone, resident, session):
    sitting = make_sitting(session)

    response = phone.post("/v1/bookings", {"sitting_id": sitting.id, "resident_id": resident.id})

    assert response.status_code == 201, response.text
    booking = response.json
    assert (booking["list_price_fen"], booking["subsidy_fen"], booking["own_pay_fen"]) == (
        1200,
        300,
        900,
    )
    assert booking["status"] == "booked"
    assert booking["booked_by"] == "self"
    assert len(booking["code"]) == 6
    assert len(booking["qr_modules"]) == len(booking["qr_modules"][0])
