"""Meals that the demo's residents have booked already, split as any other booking is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.eaters import Eater, Eaters
from server import clock
from server.meals import rules
from server.meals.models import BookedBy, Booking, BookingStatus, Canteen, Handing, Meal, Sitting
from server.policies.queries import get_figures
from server.providers.models import Site
from server.residents.models import CareLink

# Of a sitting's places, how many are taken on each of the coming days; then one in fifty.
SHARES_TAKEN = (0.45, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05)
SHARE_LATER = 0.02
SHARE_COLLECTED = 0.94  # A few never come for what they booked.
COLLECTED_EARLY = 3  # So that a counter has something to show before it opens.
BOOKERS = (*((BookedBy.SELF,) * 7), *((BookedBy.HELPER,) * 2), BookedBy.STAFF)
MOTHER_EATS_AHEAD = (0, 1)  # The days from today on which her daughter has booked her lunch.

Figures = Mapping[str, tuple[int, Any]]


@dataclass(frozen=True)
class Guest:
    """Someone at a sitting, who booked for them, and whether the meal was handed out already."""

    eater: Eater
    booked_by: BookedBy
    has_collected: bool = False


def put_bookings(
    session: Session, beginning: Beginning, eaters: Eaters, sitting_ids: Sequence[int]
) -> int:
    """Book some places of these new sittings; returns how many."""
    figures: dict[date, Figures] = {}
    rows: list[dict[str, Any]] = []
    for sitting in _read_sittings(session, sitting_ids):
        day = sitting.service_on
        if day not in figures:
            figures[day] = _figures_of(session, day)
        chance = Random(f"{beginning.seed}/bookings/{sitting.name}/{day}/{sitting.meal}")
        rows += _rows(chance, sitting, _guests(chance, sitting, eaters), figures[day])
    if rows:
        session.execute(insert(Booking), rows)
        _let_canteens_know_their_diners(session, rows)
    return len(rows)


def _guests(chance: Random, sitting: Row[Any], eaters: Eaters) -> list[Guest]:
    ahead = (sitting.service_on - clock.today()).days
    usual = eaters.at.get(sitting.canteen_id, [])
    share = SHARES_TAKEN[ahead] if ahead < len(SHARES_TAKEN) else SHARE_LATER
    chosen = chance.sample(usual, min(len(usual), int(sitting.capacity * share)))
    handed_out = _handed_out(sitting, len(chosen)) if ahead == 0 else 0
    guests = [
        Guest(eater, chance.choice(BOOKERS), has_collected=place < handed_out)
        for place, eater in enumerate(chosen)
    ]
    is_mothers_lunch = sitting.meal is Meal.LUNCH and ahead in MOTHER_EATS_AHEAD
    if is_mothers_lunch and eaters.mother and sitting.canteen_id == eaters.mothers_canteen:
        guests.append(Guest(eaters.mother, BookedBy.HELPER))
    return guests


def _handed_out(sitting: Row[Any], guests: int) -> int:
    """How many of today's guests have come for their meal by now."""
    opens, closes = (
        datetime.combine(sitting.service_on, hour, clock.CITY)
        for hour in (sitting.serves_from, sitting.serves_until)
    )
    elapsed = min(1.0, max(0.0, (clock.now() - opens) / (closes - opens)))
    early = COLLECTED_EARLY if sitting.meal is not Meal.DINNER else 0
    return max(early, int(guests * elapsed * SHARE_COLLECTED))


def _rows(
    chance: Random, sitting: Row[Any], guests: Sequence[Guest], figures: Figures
) -> list[dict[str, Any]]:
    codes = chance.sample(range(rules.CODE_NUMBERS), len(guests))
    return [
        _row(chance, sitting, guest, figures)
        | {"code": rules.meal_code(code), "handing": _handing(place, guests)}
        for place, (guest, code) in enumerate(zip(guests, codes, strict=True))
    ]


def _handing(place: int, guests: Sequence[Guest]) -> Handing:
    """Every fifth and the last have the meal brought, of those who have not come for it."""
    is_chosen = place % 5 == 4 or place == len(guests) - 1
    is_brought = is_chosen and not guests[place].has_collected
    return Handing.DELIVERY if is_brought else Handing.AT_CANTEEN


def _row(chance: Random, sitting: Row[Any], guest: Guest, figures: Figures) -> dict[str, Any]:
    day = sitting.service_on
    price = rules.Price(sitting.list_price_fen, sitting.discount_percent, sitting.charity_fen)
    split = rules.split_price(price, guest.eater.on(day), figures)
    status = BookingStatus.COLLECTED if guest.has_collected else BookingStatus.BOOKED
    latest = min(clock.now(), sitting.cutoff_at)
    collected_at = _served_at(chance, sitting)
    return {
        "sitting_id": sitting.id,
        "canteen_id": sitting.canteen_id,
        "resident_id": guest.eater.resident_id,
        "service_on": day,
        "meal": sitting.meal,
        "status": status,
        "booked_by": guest.booked_by,
        "list_price_fen": split.list_price_fen,
        "operator_discount_fen": split.operator_discount_fen,
        "subsidy_fen": split.subsidy_fen,
        "charity_fen": split.charity_fen,
        "own_pay_fen": split.own_pay_fen,
        "subsidised_no": guest.eater.take_subsidised_number(day) if split.subsidy_fen else None,
        "reasons": [asdict(reason) for reason in split.reasons],
        "booked_at": latest - timedelta(minutes=chance.randint(60, 2_880)),
        "collected_at": collected_at if guest.has_collected else None,
    }


def _served_at(chance: Random, sitting: Row[Any]) -> datetime:
    """A moment of the serving hours, or just now where they have not begun."""
    opens = datetime.combine(sitting.service_on, sitting.serves_from, clock.CITY)
    return min(clock.now(), opens + timedelta(minutes=chance.randint(1, 60)))


def _let_canteens_know_their_diners(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    until: dict[tuple[int, int], date] = {}
    for row in rows:
        pair = (row["resident_id"], row["canteen_id"])
        ends_on = rules.care_link_ends_on(row["service_on"])
        until[pair] = max(until.get(pair, ends_on), ends_on)
    link = upsert(CareLink)
    session.execute(
        link.on_conflict_do_update(
            index_elements=["resident_id", "site_id"],
            set_={"ends_on": link.excluded.ends_on},
            where=col(CareLink.ends_on) < link.excluded.ends_on,
        ),
        [
            {
                "resident_id": resident_id,
                "site_id": canteen_id,
                "starts_on": clock.today(),
                "ends_on": ends_on,
            }
            for (resident_id, canteen_id), ends_on in until.items()
        ],
    )


def _figures_of(session: Session, day: date) -> Figures:
    figures = get_figures(session, rules.FIGURES_OF_A_SPLIT, on=day)
    return {key: (figure.parameter_id, figure.value) for key, figure in figures.items()}


def _read_sittings(session: Session, sitting_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """In the order of the day, so that a resident's first subsidised meal comes first."""
    return session.execute(
        select(
            col(Sitting.id),
            col(Sitting.canteen_id),
            col(Site.name),
            col(Sitting.service_on),
            col(Sitting.meal),
            col(Sitting.capacity),
            col(Sitting.serves_from),
            col(Sitting.serves_until),
            col(Sitting.cutoff_at),
            col(Sitting.list_price_fen),
            col(Canteen.discount_percent),
            col(Canteen.charity_fen),
        )
        .join(Canteen, col(Canteen.site_id) == col(Sitting.canteen_id))
        .join(Site, col(Site.id) == col(Sitting.canteen_id))
        .where(col(Sitting.id).in_(sitting_ids))
        .order_by(col(Sitting.service_on), col(Sitting.serves_from), col(Sitting.id))
    ).all()
