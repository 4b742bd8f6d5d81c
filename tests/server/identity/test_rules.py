"""Phones, windows and waits, as plain functions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.identity import rules
from server.identity.errors import PhoneNumberUnusable

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
SEPARATORS = ["", " ", "-", ".", "\u3000", "(", ")", "（", "）"]
INSTANTS = st.builds(BEGINNING.__add__, st.timedeltas(timedelta(), timedelta(days=15_000)))


def mobile_numbers():
    """Numbers of the ranges that mainland operators give out."""
    return st.builds(
        "{}{:08d}".format,
        st.sampled_from(["133", "138", "150", "159", "177", "186", "199"]),
        st.integers(0, 99_999_999),
    )


@given(
    number=mobile_numbers(),
    prefix=st.sampled_from(["", "+86", "0086", "+86 ", "0086-"]),
    separator=st.sampled_from(SEPARATORS),
    is_wide=st.booleans(),
)
def test_a_mobile_number_is_read_however_it_is_written(number, prefix, separator, is_wide):
    written = f"{prefix}{number[:3]}{separator}{number[3:7]}{separator}{number[7:]}"
    if is_wide:
        written = "".join(chr(ord(c) + 0xFEE0) if c in "+0123456789" else c for c in written)

    assert rules.read_phone(written) == f"+86{number}"


@given(number=mobile_numbers())
def test_reading_a_number_again_changes_nothing(number):
    once = rules.read_phone(number)

    assert rules.read_phone(once) == once


@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_is_refused(text):
    try:
        read = rules.read_phone(text)
    except PhoneNumberUnusable:
        return
    assert read.startswith("+")
    assert read[1:].isdigit()
    assert len(read) <= 20


@pytest.mark.parametrize(
    "number", ["+852 9123 4567", "+886 912 345 678", "+1 650 253 0000", "+44 7700 900123"]
)
def test_a_daughter_abroad_can_sign_in(number):
    assert rules.read_phone(number) == number.replace(" ", "")


@pytest.mark.parametrize("number", ["0356-2221111", "+86 10 6552 9988", "02161234567"])
def test_a_landline_is_refused(number):
    with pytest.raises(PhoneNumberUnusable):
        rules.read_phone(number)


@given(instant=INSTANTS, minutes=st.integers(1, 1440))
def test_an_instant_lies_in_its_window(instant, minutes):
    length = timedelta(minutes=minutes)
    began = rules.window_of(instant, length)

    assert began <= instant < began + length
    assert rules.window_of(began, length) == began
    assert rules.window_of(began + length, length) == began + length


@given(instant=INSTANTS, wait=st.timedeltas(timedelta(), timedelta(days=1)))
def test_after_the_seconds_to_wait_the_door_is_open(instant, wait):
    seconds = rules.seconds_until(instant + wait, now=instant)

    assert seconds >= 1
    assert instant + timedelta(seconds=seconds) >= instant + wait
    assert seconds - 1 <= wait.total_seconds()
