"""What the number of a certificate says, and what is a number of an account."""

import pytest

from server.residents.facts.errors import (
    AccountNumberUnusable,
    CertificateDisagrees,
    CertificateIncomplete,
    CertificateNumberUnusable,
)
from server.residents.facts.models import DisabilityCategory
from server.residents.facts.rules import read_account, read_certificate, settle_certificate
from tests.factories.people import an_id_number

NUMBER = an_id_number(7)


@pytest.mark.parametrize("tail", ["43", "43B1"])
def test_a_certificate_says_category_and_grade(tail):
    spaced = f" {NUMBER[:6]} {NUMBER[6:]}{tail} ".lower()

    read = read_certificate(spaced)

    assert read == (NUMBER + tail, DisabilityCategory.PHYSICAL, 3)


@pytest.mark.parametrize(
    "text", ["", NUMBER, NUMBER + "83", NUMBER + "45", NUMBER[:-1] + "a43", "1" * 20, "👵" * 20]
)
def test_what_is_no_certificate_is_refused(text):
    with pytest.raises(CertificateNumberUnusable):
        read_certificate(text)


def test_a_wrong_check_digit_is_noticed():
    digit = "2" if NUMBER[-1] != "2" else "3"

    with pytest.raises(CertificateNumberUnusable):
        read_certificate(NUMBER[:-1] + digit + "43")


def test_what_the_number_says_the_others_may_not_deny():
    number = NUMBER + "43"

    assert settle_certificate(number, None, None)[1:] == (DisabilityCategory.PHYSICAL, 3)
    assert settle_certificate(number, None, 3)[1:] == (DisabilityCategory.PHYSICAL, 3)
    with pytest.raises(CertificateDisagrees):
        settle_certificate(number, DisabilityCategory.VISION, 3)
    with pytest.raises(CertificateDisagrees):
        settle_certificate(number, None, 1)


def test_without_a_number_both_are_said():
    assert settle_certificate(None, DisabilityCategory.VISION, 1)[2] == 1
    with pytest.raises(CertificateIncomplete):
        settle_certificate(None, DisabilityCategory.VISION, None)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("6228 4804 0256 4890 018", "6228480402564890018"), ("１２３４５６７８", "12345678")],
)
def test_an_account_is_its_digits(text, digits):
    assert read_account(text) == digits


@pytest.mark.parametrize("text", ["", "1234567", "6228x4804", "1" * 31])
def test_what_is_no_account_is_refused(text):
    with pytest.raises(AccountNumberUnusable):
        read_account(text)
