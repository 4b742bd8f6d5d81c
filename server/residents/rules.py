"""Names made findable and ID numbers checked, as plain functions of plain values."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from server.residents.errors import IdNumberUnusable

_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)


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


@lru_cache(maxsize=20_000)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return the full pinyin and the initials of a name, in small letters without spaces."""
    full = "".join(lazy_pinyin(name, errors="ignore")).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()
    return full, initials
