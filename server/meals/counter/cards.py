"""助餐卡: give a card to a resident, and take one that is lost out of use."""

import unicodedata
from collections.abc import Sequence
from secrets import randbelow
from typing import Any

from sqlalchemy import Row, exists, or_, select, update
from sqlmodel import Session, col
from stdnum import luhn

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.models import Staff
from server.meals.counter.errors import MealCardTaken, MealCardUnknown
from server.meals.counter.models import MealCard
from server.meals.telling import Told, tell
from server.residents.models import CareLink, Resident
from server.secrets.fields import keyring

NUMBER_FIELD = "meal_card.number"


def issue_card(session: Session, *, resident_id: int, number: str) -> int:
    """Give a card to a resident and return its id; their phones hear of it, since whoever holds it
    eats in their name. Raises `MealCardTaken`."""
    plain = _plain(number)
    card = MealCard(
        resident_id=resident_id,
        number_digest=keyring().digest(plain, NUMBER_FIELD),
        last_four=plain[-4:],
        issued_at=clock.now(),
        issued_by=actor_of(session).staff_id,
    )
    taken = MealCardTaken()
    broken = {"uq_meal_card_number_digest": taken, "uq_meal_card_of_resident": taken}
    with refusing(session, broken):
        session.add(card)
    assert card.id is not None, "a stored row has its key"
    facts = {"digits": card.last_four}
    tell(session, [Told("meals.card_given", f"meal-card:{card.id}", resident_id, facts)])
    return card.id


def replace_card(session: Session, card_id: int, *, number: str) -> int:
    """Give the holder of a card another one and return its id: the old number is dead at once.

    A card that is out of use already may be replaced too. Raises `MealCardTaken`, `NotFound`.
    """
    card = session.get(MealCard, card_id)
    if card is None:
        raise NotFound()
    lose_card(session, card_id)
    return issue_card(session, resident_id=card.resident_id, number=number)


def new_number() -> str:
    """Return a number for a card: eleven digits drawn at random, and one that checks them."""
    drawn = "8" + "".join(str(randbelow(10)) for _ in range(10))
    return drawn + luhn.calc_check_digit(drawn)


def lose_card(session: Session, card_id: int) -> None:
    """Take a card out of use; twice is as good as once. Raises `NotFound`."""
    if session.get(MealCard, card_id) is None:
        raise NotFound()
    session.execute(
        update(MealCard)
        .where(col(MealCard.id) == card_id, col(MealCard.lost_at).is_(None))
        .values(lost_at=clock.now())
    )


def find_holder(session: Session, number: str) -> int:
    """Return the resident whose card in use has this number; raises `MealCardUnknown`."""
    found: int | None = session.execute(
        select(col(MealCard.resident_id)).where(
            col(MealCard.number_digest) == keyring().digest(_plain(number), NUMBER_FIELD),
            col(MealCard.lost_at).is_(None),
        )
    ).scalar_one_or_none()
    if found is None:
        raise MealCardUnknown()
    return found


def get_card(session: Session, card_id: int) -> Row[Any]:
    """Return a card with its holder; raises `NotFound`."""
    row = session.execute(_cards().where(col(MealCard.id) == card_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_cards_within(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return cards of residents of these divisions, or whom these canteens know, by name."""
    known = exists().where(
        col(CareLink.resident_id) == col(Resident.id), col(CareLink.site_id).in_(site_ids)
    )
    lives_there = [col(Resident.village_code).startswith(one) for one in prefixes]
    return session.execute(
        _cards()
        .where(or_(known, *lives_there))
        .order_by(col(Resident.pinyin), col(Resident.name), col(MealCard.id).desc())
    ).all()


def list_cards(session: Session, resident_id: int) -> Sequence[Row[Any]]:
    """Return a resident's cards, the present one first."""
    return session.execute(
        select(
            col(MealCard.id),
            col(MealCard.last_four),
            col(MealCard.issued_at),
            col(MealCard.lost_at),
        )
        .where(col(MealCard.resident_id) == resident_id)
        .order_by(col(MealCard.lost_at).desc().nulls_first(), col(MealCard.id).desc())
    ).all()


def _cards() -> Any:
    return (
        select(
            col(MealCard.id),
            col(MealCard.resident_id),
            col(MealCard.last_four),
            col(MealCard.issued_at),
            col(MealCard.lost_at),
            col(Resident.name),
            col(Staff.display_name).label("by_name"),
        )
        .join(Resident, col(Resident.id) == col(MealCard.resident_id))
        .outerjoin(Staff, col(Staff.id) == col(MealCard.issued_by))
    )


def _plain(number: str) -> str:
    """As it stands on the card, without what people put between the digits."""
    return "".join(unicodedata.normalize("NFKC", number).split()).replace("-", "").upper()
