"""What somebody typed to find a caregiver: an ID number, a phone, a name, or its spelling."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from server.caregivers.errors import CaregiverSearchTooShort
from server.people.papers import check_id_number, has_form_of_id_number, read_contact_phone

_PHONE = re.compile(r"[+\d][\d\s()-]{6,}", re.ASCII)
_LETTERS = re.compile(r"[A-Za-züÜ' ]+")


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

    One character is enough, of a name that is written with it. Raises `CaregiverSearchTooShort`
    where nothing is left, `IdNumberUnusable`, `ContactPhoneUnusable`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if has_form_of_id_number(plain):
        return Wanted(Sought.ID_NUMBER, check_id_number(plain))
    if _PHONE.fullmatch(plain):
        return Wanted(Sought.PHONE, read_contact_phone(plain))
    if not plain:
        raise CaregiverSearchTooShort()
    if _LETTERS.fullmatch(plain):
        spelling = plain.lower().replace(" ", "").replace("'", "").replace("ü", "v")
        return Wanted(Sought.SPELLING, spelling)
    return Wanted(Sought.NAME, plain)
