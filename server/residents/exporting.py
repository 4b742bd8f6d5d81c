"""The register as rows of a table, masked unless the reader may see more, and marked at the end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select

from server import masking
from server.db.tables import table_of
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.places.models import Division
from server.residents.models import ID_NUMBER_FIELD, HardshipPeriod, Resident
from server.secrets.fields import keyring

RESIDENT, DIVISION = table_of(Resident), table_of(Division)
PERIOD = table_of(HardshipPeriod)

Cell = str | int | None
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


def residents_told(today: date) -> Any:
    """Return the query of all that `cells_of` tells, with the hardship of the day, by number.

    Whoever was merged into somebody else is no resident.
    """
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
        .where(RESIDENT.c.merged_into_id.is_(None))
        .order_by(RESIDENT.c.id)
    )


def cells_of(row: Row[Any], *, is_masked: bool) -> list[Cell]:
    """Return a resident as one row of the table; masked, a birthday is a year."""
    dress = MASKED if is_masked else PLAIN
    return [
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
    rows: Iterable[Sequence[Any]], sentence: Callable[[int], str]
) -> Iterator[Sequence[Any]]:
    """Give the rows, and below them the line that says whose file this is and how long it is."""
    number = 0
    for row in rows:
        number += 1
        yield row
    yield [sentence(number)]


def watermark(number: int, *, who: str, reason: str, at: datetime, is_masked: bool) -> str:
    """Return who exported so many rows, when and why; `at` is the time on the city's wall."""
    said = _(
        "Exported by {who} at {at}. Reason: {reason}. Rows: {number}.",
        who=who,
        at=f"{at:%Y-%m-%d %H:%M}",
        reason=reason,
        number=number,
    )
    kind = _("Masked.") if is_masked else _("Not masked: holds personal data in full.")
    return f"{said} {kind}"


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
