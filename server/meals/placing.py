"""The one statement that takes a place at a sitting; put together once, since it is hot."""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Date,
    DateTime,
    Integer,
    Text,
    and_,
    bindparam,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from server.db.tables import table_of
from server.meals.models import BookedBy, Booking, BookingStatus, Sitting
from server.meals.queries import bookings
from server.residents.models import CareLink, Resident


def _still_here() -> Any:
    """The resident, held as the foreign key will hold the row anyway, but before it is written.

    A report of death, or a merge, holds the row for itself: whichever comes second knows of the
    first.
    """
    gone_since = func.least(col(Resident.died_on), col(Resident.moved_away_on))
    return (
        select(col(Resident.id))
        .where(
            col(Resident.id) == bindparam("resident", type_=BigInteger),
            col(Resident.merged_into_id).is_(None),
            func.coalesce(gone_since >= bindparam("service_on", type_=Date), True),
        )
        .with_for_update(read=True, key_share=True)
    )


def _take_a_place() -> Any:
    """The whole taking of a place as one statement, which answers with the booking as it is shown.

    Resident and sitting are looked at once more as they are written, the place is counted by the
    database's own trigger under `ck_sitting_booked_within_capacity`, and the canteen may know its
    diner from now.
    """
    here, offered = _still_here().cte("here"), _still_offered().cte("offered")
    place = columns_of_place(here, offered)
    taken = (
        insert(table_of(Booking))
        .from_select(list(place), select(*place.values()).join_from(here, offered, true()))
        .returning(*table_of(Booking).c)
        .cte("taken")
    )
    return bookings.as_shown(taken).add_cte(_linking(here, offered).cte("linked"))


def _still_offered() -> Any:
    """The sitting, if it can be booked at this moment; the database counts its late places.

    Whoever walks in takes an ordinary place on the day itself, after the cut-off too.
    """
    now = bindparam("now", type_=DateTime(timezone=True))
    walks_in = bindparam("by", type_=Text) == literal(BookedBy.WALK_IN.value, Text)
    is_today = col(Sitting.service_on) == bindparam("today", type_=Date)
    return select(
        col(Sitting.id),
        col(Sitting.canteen_id),
        col(Sitting.service_on),
        col(Sitting.meal),
        and_(col(Sitting.cutoff_at) <= now, not_(walks_in)).label("is_late"),
    ).where(
        col(Sitting.id) == bindparam("sitting", type_=BigInteger),
        col(Sitting.published_at).is_not(None),
        col(Sitting.closed_at).is_(None),
        or_(
            func.greatest(col(Sitting.cutoff_at), col(Sitting.late_until)) > now,
            and_(walks_in, is_today),
        ),
    )


def _linking(here: CTE, offered: CTE) -> Any:
    """The canteen may know its diner until `linked_until`, or longer where it may already."""
    today, until = bindparam("today", type_=Date), bindparam("linked_until", type_=Date)
    known = select(here.c.id, offered.c.canteen_id, today, until).join_from(here, offered, true())
    link = upsert(table_of(CareLink)).from_select(
        ["resident_id", "site_id", "starts_on", "ends_on"], known
    )
    return link.on_conflict_do_update(
        index_elements=["resident_id", "site_id"],
        set_={"ends_on": link.excluded.ends_on},
        where=col(CareLink.ends_on) < link.excluded.ends_on,
    )


def columns_of_place(here: Any, offered: Any) -> dict[str, Any]:
    """Column of a booking → what is written there."""
    return {
        "sitting_id": offered.c.id,
        "canteen_id": offered.c.canteen_id,
        "service_on": offered.c.service_on,
        "meal": offered.c.meal,
        "resident_id": here.c.id,
        "status": literal(BookingStatus.BOOKED.value, Text),
        "booked_by": bindparam("by", type_=Text),
        "diet": bindparam("diet", type_=Text),
        "handing": bindparam("handing", type_=Text),
        "is_late": offered.c.is_late,
        "list_price_fen": bindparam("list_price", type_=Integer),
        "operator_discount_fen": bindparam("discount", type_=Integer),
        "subsidy_fen": bindparam("subsidy", type_=Integer),
        "charity_fen": bindparam("charity", type_=Integer),
        "own_pay_fen": bindparam("own_pay", type_=Integer),
        "subsidised_no": bindparam("subsidised_no", type_=Integer),
        "subsidy_day_fen": bindparam("subsidy_day", type_=Integer),
        "reasons": bindparam("reasons", type_=JSONB),
        "code": bindparam("code", type_=Text),
        "booked_at": bindparam("now", type_=DateTime(timezone=True)),
    }


TAKE_A_PLACE = _take_a_place()
