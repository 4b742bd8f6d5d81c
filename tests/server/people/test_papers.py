"""ID numbers and names, as plain functions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people.errors import IdNumberUnusable
from server.people.papers import check_id_number, pinyin_of
from tests.factories.people import an_id_number

NUMBERS = st.builds(an_id_number, st.integers(0, 999), st.dates(date(1900, 1, 1), date(2026, 1, 1)))


@given(number=NUMBERS)
def test_a_number_with_its_check_digit_is_taken(number):
    assert check_id_number(number) == number
    assert check_id_number(f" {number[:6]} {number[6:14]} {number[14:]} ".lower()) == number
    assert check_id_number("".join(chr(ord(c) + 0xFEE0) for c in number)) == number


@given(number=NUMBERS, at=st.integers(0, 16), step=st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(number, at, step):
    digit = str((int(number[at]) + step) % 10)

    with pytest.raises(IdNumberUnusable):
        check_id_number(number[:at] + digit + number[at + 1 :])


@given(text=st.text(max_size=30))
def test_whatever_is_typed_is_a_number_or_is_refused(text):
    try:
        read = check_id_number(text)
    except IdNumberUnusable:
        return
    assert len(read) == 18


@pytest.mark.parametrize(
    "text",
    [
        "",
        "140502194402300012",
        "14050219440506001",
        "１４０５０２１９４４０５０６００１１",
        "x" * 18,
        "👵" * 18,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(IdNumberUnusable):
        check_id_number(text)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("李秀英", "lixiuying", "lxy"),
        ("欧阳建国", "ouyangjianguo", "oyjg"),
        ("𠮷田", "tian", "t"),
        ("Anna", "", ""),
        ("👵", "", ""),
    ],
)
def test_a_name_can_be_looked_for_by_its_sound(name, full, initials):
    found = pinyin_of(name)

    if full:
        assert found == (full, initials)
    assert all(part == part.lower() for part in found)
