"""Signed meal codes: short enough for a cheap camera, and nobody else's."""

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from server.meals.counter import codes
from server.meals.counter.errors import MealCodeForged
from server.meals.models import Meal

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = {7: KEY.public_key().public_bytes_raw()}
CLAIM = codes.Claim(7, 123456789, 42, date(2026, 11, 23), Meal.LUNCH, "004217")

claims = st.builds(
    codes.Claim,
    key_number=st.just(7),
    booking_id=st.integers(1, 2**40 - 1),
    canteen_id=st.integers(1, 2**32 - 1),
    service_on=st.dates(date(2000, 1, 1), date(2169, 12, 31)),
    meal=st.sampled_from(codes.MEALS),
    code=st.integers(0, 999_999).map("{:06d}".format),
)


@given(claims)
def test_what_was_signed_is_read_again(claim):
    assert codes.read(codes.sign(claim, KEY), PUBLIC) == claim


@given(st.binary(max_size=80))
def test_base45_goes_there_and_back(raw):
    assert codes.from_base45(codes.to_base45(raw)) == raw


def test_base45_is_that_of_the_standard():
    """RFC 9285, 4.3."""
    assert codes.to_base45(b"AB") == "BB8"
    assert codes.to_base45(b"Hello!!") == "%69 VD92EX0"
    assert codes.from_base45("QED8WEX0") == b"ietf!"


def test_a_code_fits_a_small_qr_code():
    text = codes.sign(CLAIM, KEY)

    assert len(text) == 122
    assert set(text) <= set(codes.SIGNS)


@pytest.mark.parametrize("at", [3, 8, 20, 40, 121])
def test_a_code_with_one_sign_changed_is_forged(at):
    text = codes.sign(CLAIM, KEY)
    other = "A" if text[at] != "A" else "B"

    with pytest.raises(MealCodeForged):
        codes.read(text[:at] + other + text[at + 1 :], PUBLIC)


def test_a_code_of_somebody_elses_key_is_forged():
    another = Ed25519PrivateKey.from_private_bytes(b"x" * 32)

    with pytest.raises(MealCodeForged):
        codes.read(codes.sign(CLAIM, another), PUBLIC)


def test_a_code_of_a_key_that_is_not_held_is_forged():
    with pytest.raises(MealCodeForged):
        codes.read(codes.sign(CLAIM, KEY), {8: PUBLIC[7]})


@pytest.mark.parametrize(
    "text", ["", "Y2:", "Y2:::::::", "YL1:42:004217", "Y2:" + "Z" * 119, "Y2:é"]
)
def test_what_is_no_code_is_refused_and_breaks_nothing(text):
    with pytest.raises(MealCodeForged):
        codes.read(text, PUBLIC)
