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
    chosen = select(*place.values()).select_from(rows.join(OFFERED, OFFERED.c.id == rows.c.sitting))
    taking = upsert(table_of(Booking)).from_select(list(place), chosen)
    taken = taking.on_conflict_do_nothing()
    return taken.returning(col(Booking.resident_id), col(Booking.sitting_id))


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


TAKE_MANY = _take_many()
LINK_MANY = _link_many()
