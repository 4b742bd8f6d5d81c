"""Names made findable and ID numbers checked, as plain functions of plain values."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

import phonenumbers
from pypinyin import Style, lazy_pinyin
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from server.residents.errors import (
    ContactPhoneUnusable,
    IdNumberDisagrees,
    IdNumberUnusable,
    SearchTooShort,
)
from server.residents.models import Sex

LAST_CHARACTERS = 6
_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)
_PHONE = re.compile(r"[+\d][\d\s()-]{6,}", re.ASCII)
_LETTERS = re.compile(r"[A-Za-züÜ' ]+")
FEWEST_LETTERS = 2
OLDEST_AGE = 130


class Sought(Enum):
    """What somebody typed into the search is taken for."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    NAME = "name"
    SPELLING = "spelling"


@dataclass(frozen=True)
class Wanted:
    """A search term as it is looked up: `text` is normalised."""

    sought: Sought
    text: str


def read_search(text: str) -> Wanted:
    """Tell an ID number, a phone, a name and its spelling apart, and normalise it.

    Raises `SearchTooShort` where it would find half the city, `IdNumberUnusable` for eighteen
    characters with a wrong check digit.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _FORM.fullmatch("".join(plain.split()).upper()):
        return Wanted(Sought.ID_NUMBER, check_id_number(plain))
    if _PHONE.fullmatch(plain):
        return Wanted(Sought.PHONE, read_contact_phone(plain))
    if len(plain) < FEWEST_LETTERS:
        raise SearchTooShort()
    if _LETTERS.fullmatch(plain):
        spelling = plain.lower().replace(" ", "").replace("'", "").replace("ü", "v")
        return Wanted(Sought.SPELLING, spelling)
    return Wanted(Sought.NAME, plain)


def read_contact_phone(text: str) -> str:
    """Return a number, mobile or landline, as E.164; raises `ContactPhoneUnusable`."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as error:
        raise ContactPhoneUnusable() from error
    if not phonenumbers.is_possible_number(number):
        raise ContactPhoneUnusable()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def told_by_id_number(number: str) -> tuple[Sex, date]:
    """Return sex and birth day as a checked ID number holds them (GB 11643: digits 7-14 and 17)."""
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return sex, ric.get_birth_date(number)


def settle_person(
    id_number: str | None, sex: Sex | None, born_on: date | None
) -> tuple[Sex | None, date | None]:
    """Complete sex and birth day from a checked ID number; raises `IdNumberDisagrees`."""
    if id_number is None:
        return sex, born_on
    told = told_by_id_number(id_number)
    if (sex or told[0], born_on or told[1]) != told:
        raise IdNumberDisagrees()
    return told


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


@lru_cache(maxsize=20_000)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return the full pinyin and the initials of a name, in small letters without spaces."""
    full = "".join(lazy_pinyin(name, errors="ignore")).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()
    return full, initials
