"""The statement that takes many places at once: what `placing` writes of one, for each of many.

Column by column it is made from the statement for one place, so that the two never part.
"""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Date,
    and_,
    bindparam,
    column,
    exists,
    false,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from server.db.tables import table_of
from server.meals.models import Booking, Sitting
from server.meals.placing import columns_of_place
from server.meals.queries import bookings
from server.residents.models import CareLink

OFFERED: Any = select(
    col(Sitting.id),
    col(Sitting.canteen_id),
    col(Sitting.service_on),
    col(Sitting.meal),
    false().label("is_late"),
).subquery("offered")


def _columns(resident: Any) -> dict[str, Any]:
    return columns_of_place(SimpleNamespace(c=SimpleNamespace(id=resident)), OFFERED)


def _rows() -> Any:
    """The values of many places as a table, typed as the one place binds them."""
    of_one = [value for value in _columns(None).values() if isinstance(value, BindParameter)]
    typed = [column(value.key, value.type) for value in of_one if not value.unique]
    given = [column("sitting", BigInteger), column("resident", BigInteger)]
    linking = [column("today", Date), column("linked_until", Date)]
    return (
        func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
        .table_valued(*given, *linking, *typed, name="rows")
        .render_derived(with_types=True)
    )


def _take_many() -> Any:
    rows = _rows()
    place = {
        name: rows.c[value.key] if isinstance(value, BindParameter) and not value.unique else value
        for name, value in _columns(rows.c.resident).items()
    }
    chosen = (
        select(*place.values())
        .select_from(rows.join(OFFERED, OFFERED.c.id == rows.c.sitting))
        .order_by(rows.c.resident)
    )
    taking = upsert(table_of(Booking)).from_select(list(place), chosen)
    return taking.on_conflict_do_nothing()


def _take_and_show() -> Any:
    """The places that were taken, as their diners see them; and the canteens may know them."""
    taken = _take_many().returning(*table_of(Booking).c).cte("taken")
    return bookings.as_shown(taken).add_cte(_link_new().cte("linked"))


def _link_new() -> Any:
    """Where a canteen may know its diner that long already, nothing is touched."""
    rows = _rows()
    return _linking(
        select(rows.c.resident, OFFERED.c.canteen_id, rows.c.today, rows.c.linked_until)
        .select_from(rows.join(OFFERED, OFFERED.c.id == rows.c.sitting))
        .where(~_is_known(rows))
        .order_by(rows.c.resident)
    )


def _link_many() -> Any:
    """A canteen may know its diners; a place that was not taken after all does no harm."""
    rows = _rows()
    known = (
        select(rows.c.resident, OFFERED.c.canteen_id, rows.c.today, func.max(rows.c.linked_until))
        .select_from(rows.join(OFFERED, OFFERED.c.id == rows.c.sitting))
        .join(
            table_of(Booking),
            and_(
                col(Booking.sitting_id) == rows.c.sitting,
                col(Booking.resident_id) == rows.c.resident,
            ),
        )
        .where(~_is_known(rows))
        .group_by(rows.c.resident, OFFERED.c.canteen_id, rows.c.today)
        .order_by(rows.c.resident)
    )
    return _linking(known)


def _linking(known: Any) -> Any:
    link = upsert(table_of(CareLink)).from_select(
        ["resident_id", "site_id", "starts_on", "ends_on"], known
    )
    return link.on_conflict_do_update(
        index_elements=["resident_id", "site_id"],
        set_={"ends_on": link.excluded.ends_on},
        where=col(CareLink.ends_on) < link.excluded.ends_on,
    )


def _is_known(rows: Any) -> Any:
    """Most eat where they ate last week: their links are neither written nor held."""
    return exists().where(
        col(CareLink.resident_id) == rows.c.resident,
        col(CareLink.site_id) == OFFERED.c.canteen_id,
        col(CareLink.ends_on) >= rows.c.linked_until,
    )


TAKE_MANY = _take_many().returning(col(Booking.resident_id), col(Booking.sitting_id))
LINK_MANY = _link_many()
# Both in one statement, for those who were never two of one resident.
TAKE_AND_SHOW = _take_and_show()
