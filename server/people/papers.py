"""Names made findable, ID numbers and phone numbers checked, as plain functions of plain values."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import phonenumbers
from pypinyin import Style, lazy_pinyin
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from server.people.errors import ContactPhoneUnusable, IdNumberUnusable

LAST_CHARACTERS = 6
_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)


def has_form_of_id_number(text: str) -> bool:
    """True for eighteen characters that could be an ID number, right or wrong."""
    return bool(_FORM.fullmatch("".join(text.split()).upper()))


def check_id_number(text: str) -> str:
    """Return the eighteen characters of a mainland ID number; raises `IdNumberUnusable`.

    Spaces and full-width characters are understood. Checked are form, birthday and check digit
    (GB 11643). Not checked is whether the county's code was in use in the year of birth, as
    `ric.validate` does: first numbers were issued from 1984 on by the counties of that time, and
    an elder born in 1944 may well hold a number of a younger one.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not _FORM.fullmatch(number) or number[-1] != ric.calc_check_digit(number):
        raise IdNumberUnusable()
    try:
        ric.get_birth_date(number)
    except ValidationError as error:
        raise IdNumberUnusable() from error
    return number


def ends_one_of(typed: str, numbers: Sequence[str]) -> bool:
    """True where these are the last six characters of one of the ID numbers, however typed."""
    wanted = "".join(unicodedata.normalize("NFKC", typed).split()).upper().encode()
    ends = [number[-LAST_CHARACTERS:].encode() for number in numbers]
    return any(hmac.compare_digest(wanted, end) for end in ends)


def read_contact_phone(text: str) -> str:
    """Return a number, mobile or landline, as E.164; raises `ContactPhoneUnusable`."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as error:
        raise ContactPhoneUnusable() from error
    if not phonenumbers.is_possible_number(number):
        raise ContactPhoneUnusable()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=20_000)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return the full pinyin and the initials of a name, in small letters without spaces."""
    full = "".join(lazy_pinyin(name, errors="ignore")).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()
    return full, initials
