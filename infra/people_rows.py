"""The register as rows of a table, masked unless the reader may see more, and marked at the end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from infra.register_rows import streamed
from infra.table_files import Cell
from server import clock, masking
from server.db.tables import table_of
from server.i18n.catalogues import pgettext
from server.places.models import Division
from server.residents.models import ID_NUMBER_FIELD, HardshipPeriod, Resident
from server.secrets.fields import keyring

RESIDENT, DIVISION = table_of(Resident), table_of(Division)
PERIOD = table_of(HardshipPeriod)

Dress = Mapping[str, Callable[[Any], Cell]]


def resident_headings() -> list[str]:
    """Return the headings, by which an import of residents reads an unmasked file back."""
    return [
        pgettext("export", "Resident's number"),
        pgettext("export", "Name"),
        pgettext("export", "Sex"),
        pgettext("export", "Born on"),
        pgettext("export", "ID number"),
        pgettext("export", "Phone"),
        pgettext("export", "Village code"),
        pgettext("export", "Village"),
        pgettext("export", "Address"),
        pgettext("export", "Hardship"),
        pgettext("export", "Hardship since"),
        pgettext("export", "Died on"),
        pgettext("export", "Moved away on"),
    ]


def resident_rows(session: Session, *, is_masked: bool) -> Iterator[list[Cell]]:
    """Give every resident, with the hardship of today; masked, a birthday is a year."""
    dress = MASKED if is_masked else PLAIN
    for row in streamed(session, _residents(clock.today())):
        yield [
            row.id,
            dress["name"](row.name),
            pgettext("sex", row.sex),
            dress["born_on"](row.born_on),
            _id_number(row.id_number_cipher, dress),
            row.phone and dress["phone"](row.phone),
            row.village_code,
            row.village_name,
            dress["address"](row.address),
            row.tier and pgettext("hardship_tier", row.tier),
            _day(row.since),
            _day(row.died_on),
            _day(row.moved_away_on),
        ]


def watermarked(
    rows: Iterable[Sequence[Cell]], sentence: Callable[[int], str]
) -> Iterator[Sequence[Cell]]:
    """Give the rows, and below them the line that says whose file this is and how long it is."""
    number = 0
    for row in rows:
        number += 1
        yield row
    yield [sentence(number)]


def _residents(today: date) -> Any:
    holds_today = and_(
        PERIOD.c.resident_id == RESIDENT.c.id,
        PERIOD.c.starts_on <= today,
        or_(PERIOD.c.ends_on.is_(None), PERIOD.c.ends_on > today),
    )
    return (
        select(
            RESIDENT,
            DIVISION.c.name.label("village_name"),
            PERIOD.c.tier,
            PERIOD.c.starts_on.label("since"),
        )
        .join(DIVISION, DIVISION.c.code == RESIDENT.c.village_code)
        .outerjoin(PERIOD, holds_today)
        .order_by(RESIDENT.c.id)
    )


def _id_number(cipher: bytes | None, dress: Dress) -> Cell:
    if cipher is None:
        return None
    return dress["id_number"](keyring().decrypt(bytes(cipher), ID_NUMBER_FIELD))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


MASKED: Dress = {
    "name": masking.name,
    "born_on": lambda day: day.year,
    "id_number": masking.id_number,
    "phone": masking.phone,
    "address": lambda _: None,
}
PLAIN: Dress = {"name": str, "born_on": _day, "id_number": str, "phone": str, "address": str}
