"""Sites and bookings as rows of a table, read as they are written and never all at once."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Executable, Row, select
from sqlmodel import Session

from infra.table_files import Cell
from server import clock, masking
from server.db.cities import current_city
from server.db.tables import table_of
from server.i18n.catalogues import pgettext
from server.intake.columns import Column
from server.intake.mapping import read_mapping
from server.meals.models import Booking
from server.places import national
from server.providers import importing
from server.providers.models import Site
from server.residents.models import Resident

REGISTER = importing.MAPPING.with_name("register.yaml")
ROWS_AT_A_TIME = 1000
BETWEEN_WORDS = "、"

SITE, BOOKING, RESIDENT = table_of(Site), table_of(Booking), table_of(Resident)
BOOKINGS = (
    select(
        BOOKING,
        SITE.c.name.label("canteen_name"),
        RESIDENT.c.name.label("resident_name"),
    )
    .join(SITE, SITE.c.id == BOOKING.c.canteen_id)
    .join(RESIDENT, RESIDENT.c.id == BOOKING.c.resident_id)
    .order_by(BOOKING.c.service_on, BOOKING.c.canteen_id, BOOKING.c.id)
)
PARTS = (
    "list_price_fen",
    "operator_discount_fen",
    "subsidy_fen",
    "charity_fen",
    "own_pay_fen",
)
MOMENTS = ("booked_at", "collected_at", "cancelled_at")


def site_columns() -> Mapping[str, Column]:
    """Return the columns of the register, as the mapping by which it is read back has them."""
    return read_mapping(REGISTER, targets=importing.TARGETS).columns


def site_headings() -> list[str]:
    """Return the headings of the register."""
    return [column.headings[0] for column in site_columns().values()]


def site_rows(session: Session) -> Iterator[list[Cell]]:
    """Give every site of the city, in the words by which an import understands it."""
    columns, city = site_columns(), _city_name()
    words = {
        name: {term: word for word, term in column.terms.items()}
        for name, column in columns.items()
    }
    for site in streamed(session, select(SITE).order_by(SITE.c.id)):
        values = site._asdict() | {"city": city}
        values["ownership"] = (
            site.ownership_as_given
            if site.ownership is None
            else words["ownership"][site.ownership]
        )
        values["kind"] = words["kind"][site.kind]
        yield [_site_cell(name, values[name]) for name in columns]


def booking_headings() -> list[str]:
    """Return the headings of the bookings, in the reader's language."""
    return [
        pgettext("export", "Booking"),
        pgettext("export", "Day"),
        pgettext("export", "Meal"),
        pgettext("export", "Canteen"),
        pgettext("export", "Resident's number"),
        pgettext("export", "Resident"),
        pgettext("export", "State"),
        pgettext("export", "Booked by"),
        pgettext("export", "List price (yuan)"),
        pgettext("export", "Operator's discount (yuan)"),
        pgettext("export", "Subsidy (yuan)"),
        pgettext("export", "Charity (yuan)"),
        pgettext("export", "Own pay (yuan)"),
        pgettext("export", "Booked at"),
        pgettext("export", "Collected at"),
        pgettext("export", "Cancelled at"),
        pgettext("export", "Reason for cancelling"),
    ]


def booking_rows(session: Session, *, with_names: bool) -> Iterator[list[Cell]]:
    """Give every booking of the city; names are masked unless asked for."""
    shown: Callable[[str], str] = str if with_names else masking.name
    for booking in streamed(session, BOOKINGS):
        yield [
            booking.id,
            booking.service_on.isoformat(),
            pgettext("meal", booking.meal),
            booking.canteen_name,
            booking.resident_id,
            shown(booking.resident_name),
            pgettext("booking_status", booking.status),
            pgettext("booked_by", booking.booked_by),
            *(_yuan(getattr(booking, part)) for part in PARTS),
            *(_on_the_wall(getattr(booking, moment)) for moment in MOMENTS),
            booking.cancel_reason and pgettext("cancel_reason", booking.cancel_reason),
        ]


def streamed(session: Session, statement: Executable) -> Iterator[Row[Any]]:
    """Read through a cursor that the server keeps, so that a million rows need little memory."""
    yield from session.connection().execute(
        statement, execution_options={"yield_per": ROWS_AT_A_TIME}
    )


def _city_name() -> str:
    rows = national.counties_of(current_city())
    return rows[0].name if rows else current_city()


def _site_cell(name: str, value: Any) -> Cell:
    if name in ("monthly_price_from_fen", "inclusive_price_fen"):
        return _yuan(value)
    if name == "is_inclusive":
        return None if value is None else "是" if value else "否"
    if name == "features":
        return BETWEEN_WORDS.join(value)
    cell: Cell = value
    return cell


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _on_the_wall(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(clock.CITY):%Y-%m-%d %H:%M}"
