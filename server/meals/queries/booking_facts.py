"""What a booking must know before it is taken, read in one statement on the hot path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Row,
    ScalarSelect,
    Text,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import Session, col

from server.db.tables import spelled_out
from server.errors import NotFound
from server.meals.models import Booking, BookingStatus, Canteen, Diet, DietaryNote, Meal, Sitting
from server.policies.models import Parameter
from server.providers.models import Site
from server.residents.models import HardshipPeriod, HardshipTier, Resident, SpecialCarePeriod


@dataclass(frozen=True)
class BookingFacts:
    """One resident, one sitting, and everything that the split and the refusals rest on.

    `figures` maps a parameter's key to (parameter id, value) as in force on the day of service;
    `subsidised_meals` are (number, fen) of the resident's other subsidised meals of that day,
    `cares` the resident's special difficulties, `figures` may lack what no document sets.
    `usual_diet` is what was noted of the resident last.
    """

    sitting_id: int
    canteen_id: int
    canteen_name: str
    service_on: date
    meal: Meal
    cutoff_at: datetime
    late_until: datetime | None
    late_places_left: int
    is_offered: bool
    places_left: int
    list_price_fen: int
    discount_percent: int
    charity_fen: int
    born_on: date
    is_gone: bool
    hardship_tier: str
    cares: Sequence[str]
    resident_division: str
    canteen_division: str
    subsidised_meals: Sequence[tuple[int, int]]
    booking_id: int | None
    usual_diet: str
    figures: Mapping[str, tuple[int, Any]]

    @property
    def subsidised_numbers(self) -> Sequence[int]:
        return [number for number, _ in self.subsidised_meals]


def get_booking_facts(
    session: Session, *, sitting_id: int, resident_id: int, figures: Sequence[str]
) -> BookingFacts:
    """Return what is known of this resident at this sitting; raises `NotFound`.

    A resident out of the actor's sight is not found, like one that does not exist.
    """
    row = (
        session.connection()
        .execute(_FACTS, {"sitting": sitting_id, "resident": resident_id, "figures": list(figures)})
        .one_or_none()
    )
    if row is None:
        raise NotFound()
    return BookingFacts(**_read(row))


def list_booking_facts(
    session: Session, pairs: Sequence[tuple[int, int]], *, figures: Sequence[str]
) -> dict[tuple[int, int], BookingFacts]:
    """Return the same by (sitting, resident) for many at once, in two statements; whom the actor
    may not know of is left out."""
    connection = session.connection()
    wanted = {"sittings": list({sitting for sitting, _ in pairs}), "figures": list(figures)}
    sittings = {
        row.sitting_id: _read(row) for row in connection.execute(_FACTS_OF_SITTINGS, wanted)
    }
    found = {}
    listed = {
        "sittings": [sitting for sitting, _ in pairs],
        "residents": [resident for _, resident in pairs],
    }
    for row in connection.execute(_FACTS_OF_RESIDENTS, listed):
        of_resident = dict(row._mapping)
        sitting, resident = of_resident.pop("pair_sitting_id"), of_resident.pop("pair_resident_id")
        if sitting in sittings:
            found[sitting, resident] = BookingFacts(**sittings[sitting], **of_resident)
    return found


def _read(row: Row[Any]) -> dict[str, Any]:
    """The columns by name, each figure as (parameter id, value)."""
    found = dict(row._mapping)
    found["figures"] = {key: tuple(pair) for key, pair in (found["figures"] or {}).items()}
    return found


def _tier_that_day() -> ScalarSelect[str]:
    return (
        select(col(HardshipPeriod.tier))
        .where(
            col(HardshipPeriod.resident_id) == col(Resident.id),
            col(HardshipPeriod.starts_on) <= col(Sitting.service_on),
            or_(
                col(HardshipPeriod.ends_on).is_(None),
                col(HardshipPeriod.ends_on) > col(Sitting.service_on),
            ),
        )
        .correlate(Resident, Sitting)
        .scalar_subquery()
    )


def _cares_that_day() -> ScalarSelect[Any]:
    return (
        select(func.coalesce(func.array_agg(col(SpecialCarePeriod.care)), cast([], ARRAY(Text))))
        .where(
            col(SpecialCarePeriod.resident_id) == col(Resident.id),
            col(SpecialCarePeriod.starts_on) <= col(Sitting.service_on),
            or_(
                col(SpecialCarePeriod.ends_on).is_(None),
                col(SpecialCarePeriod.ends_on) > col(Sitting.service_on),
            ),
        )
        .correlate(Resident, Sitting)
        .scalar_subquery()
    )


def _kept_booking_of_the_meal() -> ScalarSelect[int]:
    return (
        select(col(Booking.id))
        .where(
            col(Booking.resident_id) == col(Resident.id),
            col(Booking.service_on) == col(Sitting.service_on),
            col(Booking.meal) == col(Sitting.meal),
            col(Booking.status) != spelled_out(BookingStatus.CANCELLED),
        )
        .correlate(Resident, Sitting)
        .scalar_subquery()
    )


def _other_subsidised_meals() -> ScalarSelect[Any]:
    pair = func.jsonb_build_array(col(Booking.subsidised_no), col(Booking.subsidy_fen))
    return (
        select(func.coalesce(func.jsonb_agg(pair), func.jsonb_build_array()))
        .select_from(Booking)
        .where(
            col(Booking.resident_id) == col(Resident.id),
            col(Booking.service_on) == col(Sitting.service_on),
            col(Booking.meal) != col(Sitting.meal),
            col(Booking.status) != spelled_out(BookingStatus.CANCELLED),
            col(Booking.subsidised_no).is_not(None),
        )
        .correlate(Resident, Sitting)
        .scalar_subquery()
    )


def _usual_diet() -> ScalarSelect[str]:
    """As was noted last; the last row of one resident is one step in an index."""
    return (
        select(col(DietaryNote.usual_diet))
        .where(col(DietaryNote.resident_id) == col(Resident.id))
        .order_by(col(DietaryNote.noted_at).desc(), col(DietaryNote.id).desc())
        .limit(1)
        .correlate(Resident)
        .scalar_subquery()
    )


def _figures_that_day() -> ScalarSelect[Any]:
    pair = func.jsonb_build_array(col(Parameter.id), col(Parameter.value))
    return (
        select(func.jsonb_object_agg(col(Parameter.key), pair))
        .where(
            col(Parameter.key) == func.any(bindparam("figures", type_=ARRAY(Text))),
            col(Parameter.starts_on) <= col(Sitting.service_on),
            or_(
                col(Parameter.ends_on).is_(None),
                col(Parameter.ends_on) > col(Sitting.service_on),
            ),
        )
        .correlate(Sitting)
        .scalar_subquery()
    )


# What a sitting says to everybody, and what one resident beside it says.
_OF_SITTING: tuple[Any, ...] = (
    col(Sitting.id).label("sitting_id"),
    col(Sitting.canteen_id),
    col(Site.name).label("canteen_name"),
    col(Sitting.service_on),
    col(Sitting.meal),
    col(Sitting.cutoff_at),
    col(Sitting.late_until),
    (col(Sitting.late_places) - col(Sitting.late_booked)).label("late_places_left"),
    (col(Sitting.published_at).is_not(None) & col(Sitting.closed_at).is_(None)).label("is_offered"),
    (col(Sitting.capacity) - col(Sitting.booked) - col(Sitting.held)).label("places_left"),
    col(Sitting.list_price_fen),
    col(Canteen.discount_percent),
    col(Canteen.charity_fen),
    col(Site.division_code).label("canteen_division"),
    _figures_that_day().label("figures"),
)
_OF_RESIDENT: tuple[Any, ...] = (
    col(Resident.born_on),
    func.coalesce(
        func.least(col(Resident.died_on), col(Resident.moved_away_on)) < col(Sitting.service_on),
        False,
    ).label("is_gone"),
    func.coalesce(_tier_that_day(), HardshipTier.NONE.value).label("hardship_tier"),
    col(Resident.village_code).label("resident_division"),
    _cares_that_day().label("cares"),
    _other_subsidised_meals().label("subsidised_meals"),
    _kept_booking_of_the_meal().label("booking_id"),
    func.coalesce(_usual_diet(), Diet.NORMAL.value).label("usual_diet"),
)
_RESIDENT = bindparam("resident", type_=BigInteger)
_SITTING = bindparam("sitting", type_=BigInteger)
_ONE_RESIDENT = (col(Resident.id) == _RESIDENT) & col(Resident.merged_into_id).is_(None)


def _sittings(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Sitting)
        .join(Canteen, col(Canteen.site_id) == col(Sitting.canteen_id))
        .join(Site, col(Site.id) == col(Sitting.canteen_id))
    )


_FACTS: Any = (
    _sittings(*_OF_SITTING, *_OF_RESIDENT)
    .join(Resident, _ONE_RESIDENT)
    .where(col(Sitting.id) == _SITTING)
)
_FACTS_OF_SITTINGS: Any = _sittings(*_OF_SITTING).where(
    col(Sitting.id) == func.any(bindparam("sittings", type_=ARRAY(BigInteger)))
)


def _facts_of_residents() -> Any:
    """What a resident says, run beside each row of a list of (sitting, resident).

    The numbers come typed: one that is made of a text within the statement is no key to a table
    with row security, which is then read from end to end.
    """
    numbers = ARRAY(BigInteger)
    pair: Any = (
        func.unnest(bindparam("sittings", type_=numbers), bindparam("residents", type_=numbers))
        .table_valued(column("sitting", BigInteger), column("resident", BigInteger), name="pair")
        .render_derived()
    )
    columns = {"sitting": pair.c.sitting, "resident": pair.c.resident}

    def instead(element: Any, **_: Any) -> Any:
        return columns.get(element.key) if isinstance(element, BindParameter) else None

    beside = select(*_OF_RESIDENT).select_from(Sitting).join(Resident, _ONE_RESIDENT)
    # Named once more: nobody reads the whole register for a few hundred, however it is planned.
    named = col(Resident.id) == func.any(bindparam("residents", type_=numbers))
    of_one = beside.where(col(Sitting.id) == _SITTING, named)
    put_in: Any = replacement_traverse(of_one, {}, instead)
    facts = put_in.correlate(pair).lateral("facts")
    whose = (pair.c.sitting.label("pair_sitting_id"), pair.c.resident.label("pair_resident_id"))
    return select(*whose, facts).select_from(pair.join(facts, true()))


_FACTS_OF_RESIDENTS = _facts_of_residents()
