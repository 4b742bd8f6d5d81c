"""What a certificate's number says, and what is a number of an account; plain values."""

import re
import unicodedata
from collections.abc import Sequence

from server.people.errors import IdNumberUnusable
from server.people.papers import check_id_number
from server.residents.facts.errors import (
    AccountNumberUnusable,
    CertificateDisagrees,
    CertificateIncomplete,
    CertificateNumberUnusable,
)
from server.residents.facts.models import DisabilityCategory

ID_NUMBER_LENGTH = 18
# ID number, category, grade, and `B1` and so on for a certificate that was issued again.
_CERTIFICATE = re.compile(r"(?P<id_number>\d{17}[\dX])(?P<category>[1-7])(?P<grade>[1-4])(B\d)?")
_ACCOUNT = re.compile(r"\d{8,30}", re.ASCII)
CATEGORIES: Sequence[DisabilityCategory] = list(DisabilityCategory)
SHOWN_OF_AN_ACCOUNT = 4


def read_certificate(text: str) -> tuple[str, DisabilityCategory, int]:
    """Return number, category and grade of a certificate; raises `CertificateNumberUnusable`.

    残疾人证 has twenty characters: the ID number, one digit of category, one of grade
    (《中华人民共和国残疾人证管理办法》, 残联发〔2017〕34号).
    """
    number = _plain(text).upper()
    found = _CERTIFICATE.fullmatch(number)
    if found is None:
        raise CertificateNumberUnusable()
    try:
        check_id_number(found["id_number"])
    except IdNumberUnusable as error:
        raise CertificateNumberUnusable() from error
    return number, CATEGORIES[int(found["category"]) - 1], int(found["grade"])


def settle_certificate(
    number: str | None, category: DisabilityCategory | None, grade: int | None
) -> tuple[str | None, DisabilityCategory, int]:
    """Complete category and grade from the number; what it says, the others may not deny.

    Raises `CertificateNumberUnusable`, `CertificateDisagrees`, `CertificateIncomplete`.
    """
    if number is None:
        if category is None or grade is None:
            raise CertificateIncomplete()
        return None, category, grade
    checked, told_category, told_grade = read_certificate(number)
    if (category or told_category, grade or told_grade) != (told_category, told_grade):
        raise CertificateDisagrees()
    return checked, told_category, told_grade


def read_account(text: str) -> str:
    """Return the digits of an account, however spaced; raises `AccountNumberUnusable`.

    Cards have a check digit and passbooks have none, so that none is asked for.
    """
    digits = _plain(text).replace("-", "")
    if not _ACCOUNT.fullmatch(digits):
        raise AccountNumberUnusable()
    return digits


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
