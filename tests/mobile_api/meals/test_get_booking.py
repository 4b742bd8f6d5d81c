"""getBooking"""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from tests.factories.meals import make_sitting
from tests.mobile_api.refusals import refusal


@pytest.fixture
def booking(phone, session, resident):
    return phone.book(make_sitting(session), resident).json


def test_it_is_what_booking_answered(phone, booking):
    assert phone.get(f"/v1/bookings/{booking['id']}").json == booking


def test_somebody_elses_is_not_found(neighbours_phone, stranger, booking):
    path = f"/v1/bookings/{booking['id']}"

    assert refusal(neighbours_phone.get(path)) == (404, "not-found")
    assert refusal(stranger.get(path)) == (401, "sign-in-needed")


def test_what_was_not_fetched_is_shown_so_and_without_a_code(phone, booking, session):
    session.execute(text("UPDATE sign_in SET expires_at = expires_at + INTERVAL '9 days'"))
    midnight = datetime.fromisoformat(booking["cutoff_at"]) + timedelta(hours=14)

    with time_machine.travel(midnight, tick=False):
        shown = phone.get(f"/v1/bookings/{booking['id']}").json

    assert (shown["status"], shown["code"]) == ("not_collected", None)
