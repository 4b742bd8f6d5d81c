"""The sheet of an assessment: what was answered and found, in one sealed piece."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from server.residents.assessments.models import SHEET_FIELD
from server.secrets.fields import keyring


@dataclass(frozen=True)
class Grounds:
    """What can make the level worse than the points say."""

    coma: bool = False
    diagnoses: Sequence[str] = ()
    events: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """Points by item, what can make the level worse, and the assessor's own words.

    `adjustments` are those that counted when the assessment was handed in.
    """

    points: Mapping[str, int] = field(default_factory=dict)
    coma: bool = False
    diagnoses: Sequence[str] = ()
    events: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    adjustments: Sequence[str] = ()

    @property
    def grounds(self) -> Grounds:
        return Grounds(self.coma, self.diagnoses, self.events)


@dataclass(frozen=True)
class Sealed:
    """A sheet as the database keeps it; the digest is equal where the sheets are."""

    sheet_cipher: bytes
    sheet_digest: bytes


def seal(sheet: Sheet) -> Sealed:
    """Encrypt the sheet."""
    plain = orjson.dumps(sheet, option=orjson.OPT_SORT_KEYS).decode()
    held = keyring()
    return Sealed(held.encrypt(plain, SHEET_FIELD), held.digest(plain, SHEET_FIELD))


def unseal(sheet_cipher: bytes) -> Sheet:
    """Return the sheet; raises `FieldUnreadable`."""
    return Sheet(**orjson.loads(keyring().decrypt(sheet_cipher, SHEET_FIELD)))
