"""Names made findable and ID numbers checked, as plain functions of plain values."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum

from stdnum.cn import ric

from server.people.errors import ContactPhoneUnusable, IdNumberUnusable
from server.people.papers import check_id_number, has_form_of_id_number, read_contact_phone
from server.residents.errors import (
    DocumentNumberUnusable,
    IdNumberDisagrees,
    PeriodImpossible,
    SearchTooShort,
)
from server.residents.models import DocumentKind, Sex

_PHONE = re.compile(r"[+\d][\d\s()-]{6,}", re.ASCII)
_LETTERS = re.compile(r"[A-Za-züÜ' ]+")
_DOCUMENT = re.compile(r"(?=(?:[A-Z]*\d){4})[A-Z\d]{5,20}", re.ASCII)
FEWEST_LETTERS = 2
OLDEST_AGE = 130
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2169, 12, 31)
PERMITS = {DocumentKind.HONG_KONG_MACAU_PERMIT: ("81", "82"), DocumentKind.TAIWAN_PERMIT: ("83",)}


class Sought(Enum):
    """What somebody typed into the search is taken for."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    DOCUMENT = "document"
    NAME = "name"
    SPELLING = "spelling"


@dataclass(frozen=True)
class Wanted:
    """A search term as it is looked up: `text` is normalised.

    `document` is the number of another document that it could be as well.
    """

    sought: Sought
    text: str
    document: str | None = None


def read_search(text: str) -> Wanted:
    """Tell an ID number, a phone, a name and its spelling apart, and normalise it.

    Raises `SearchTooShort` where it would find half the city, `IdNumberUnusable` for eighteen
    characters with a wrong check digit.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    document = _could_be_document(plain)
    if has_form_of_id_number(plain):
        return Wanted(Sought.ID_NUMBER, check_id_number(plain), document)
    if _PHONE.fullmatch(plain):
        return _phone_or_document(plain, document)
    if document is not None:
        return Wanted(Sought.DOCUMENT, document, document)
    if len(plain) < FEWEST_LETTERS:
        raise SearchTooShort()
    if _LETTERS.fullmatch(plain):
        spelling = plain.lower().replace(" ", "").replace("'", "").replace("ü", "v")
        return Wanted(Sought.SPELLING, spelling)
    return Wanted(Sought.NAME, plain)


def read_document(kind: DocumentKind, text: str) -> str:
    """Return a document's number in one spelling; raises `DocumentNumberUnusable`.

    A residence permit has eighteen characters in the form of an ID number, beginning with 81
    (Hong Kong), 82 (Macau) or 83 (Taiwan): 《港澳台居民居住证申领发放办法》 (国办发〔2018〕81号).
    Of the others every country has its own form.
    """
    number = _could_be_document(text)
    if number is None:
        raise DocumentNumberUnusable()
    if kind in PERMITS and not _is_permit(number, PERMITS[kind]):
        raise DocumentNumberUnusable()
    return number


def check_period(starts_on: date, ends_on: date | None) -> None:
    """Raise `PeriodImpossible` for days that no register could hold, or in the wrong order."""
    last = starts_on if ends_on is None else ends_on
    if not FIRST_DAY <= starts_on <= last <= LAST_DAY:
        raise PeriodImpossible()


def _could_be_document(text: str) -> str | None:
    number = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()
    return number if _DOCUMENT.fullmatch(number) else None


def _is_permit(number: str, beginnings: tuple[str, ...]) -> bool:
    try:
        return check_id_number(number).startswith(beginnings)
    except IdNumberUnusable:
        return False


def _phone_or_document(plain: str, document: str | None) -> Wanted:
    """A passport's number may be digits alone."""
    try:
        return Wanted(Sought.PHONE, read_contact_phone(plain), document)
    except ContactPhoneUnusable:
        if document is None:
            raise
        return Wanted(Sought.DOCUMENT, document, document)


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
