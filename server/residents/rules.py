"""Names made findable and ID numbers checked, as plain functions of plain values."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from server.residents.errors import IdNumberUnusable


def check_id_number(text: str) -> str:
    """Return the eighteen characters of a mainland ID number; raises `IdNumberUnusable`."""
    try:
        return str(ric.validate(text))
    except ValidationError as error:
        raise IdNumberUnusable() from error


@lru_cache(maxsize=20_000)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return the full pinyin and the initials of a name, in small letters without spaces."""
    full = "".join(lazy_pinyin(name, errors="ignore")).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()
    return full, initials
