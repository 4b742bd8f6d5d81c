"""饮食情况: what eaters may not have, and where a menu does not suit those who booked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, text
from sqlmodel import Session, col

from server import clock
from server.errors import NotFound
from server.meals.models import Allergen, Diet, DietaryNote
from server.residents.models import Resident

# The last note of each eater beside the dishes of the sitting; whoever a menu suits is left out.
CLASHES = text(
    """
    WITH menu AS (
        SELECT d.name, d.allergens, d.diets FROM sitting_dish sd JOIN dish d ON d.id = sd.dish_id
         WHERE sd.sitting_id = :sitting
    ), eater AS (
        SELECT b.id AS booking_id, b.resident_id, b.diet, r.name, r.pinyin,
               coalesce(n.allergens, '{}') AS allergens, coalesce(n.dislikes, '{}') AS dislikes
          FROM booking b
          JOIN resident r ON r.id = b.resident_id
          LEFT JOIN LATERAL (SELECT o.allergens, o.dislikes FROM dietary_note o
                              WHERE o.resident_id = b.resident_id
                              ORDER BY o.noted_at DESC, o.id DESC LIMIT 1) n ON true
         WHERE b.sitting_id = :sitting AND b.status <> 'cancelled'
    ), found AS (
        SELECT eater.*,
               array(SELECT m.name FROM menu m WHERE m.allergens && eater.allergens
                      ORDER BY 1) AS harmful,
               array(SELECT DISTINCT m.name FROM menu m JOIN unnest(eater.dislikes) AS word
                         ON strpos(m.name, word) > 0 ORDER BY 1) AS disliked,
               eater.diet <> 'normal' AND NOT EXISTS (
                   SELECT 1 FROM menu m WHERE eater.diet = ANY (m.diets)) AS is_unserved
          FROM eater
    )
    SELECT * FROM found
     WHERE cardinality(harmful) > 0 OR cardinality(disliked) > 0 OR is_unserved
     ORDER BY cardinality(harmful) = 0, NOT is_unserved, pinyin, booking_id
    """
)
EATERS = text(
    """
    SELECT b.id, r.name, b.diet, b.handing, b.is_late, b.code, b.booked_by,
           CASE WHEN b.handing = 'delivery' THEN r.address END AS address,
           coalesce(n.allergens, '{}') AS allergens, coalesce(n.dislikes, '{}') AS dislikes
      FROM booking b
      JOIN resident r ON r.id = b.resident_id
      LEFT JOIN LATERAL (SELECT o.allergens, o.dislikes FROM dietary_note o
                          WHERE o.resident_id = b.resident_id
                          ORDER BY o.noted_at DESC, o.id DESC LIMIT 1) n ON true
     WHERE b.sitting_id = :sitting AND b.status <> 'cancelled'
     ORDER BY b.handing DESC, b.diet, r.pinyin, b.id
    """
)

# What one resident may not or would rather not eat, beside the dishes of one sitting.
CLASH_OF_ONE = text(
    """
    WITH noted AS (
        SELECT o.allergens, o.dislikes FROM dietary_note o WHERE o.resident_id = :resident
         ORDER BY o.noted_at DESC, o.id DESC LIMIT 1
    ), dish_beside AS (
        SELECT sd.position, d.id, d.name, d.allergens && noted.allergens AS harms,
               EXISTS (SELECT 1 FROM unnest(noted.dislikes) AS word
                        WHERE strpos(d.name, word) > 0) AS displeases
          FROM sitting_dish sd JOIN dish d ON d.id = sd.dish_id CROSS JOIN noted
         WHERE sd.sitting_id = :sitting
    )
    SELECT coalesce(array_agg(name ORDER BY position, id) FILTER (WHERE harms), '{}') AS harmful,
           coalesce(array_agg(name ORDER BY position, id) FILTER (WHERE displeases AND NOT harms),
                    '{}') AS disliked
      FROM dish_beside
    """
)
ALLERGIC = text(
    """
    SELECT allergen, count(*) AS number
      FROM booking b
      JOIN LATERAL (SELECT o.allergens FROM dietary_note o WHERE o.resident_id = b.resident_id
                     ORDER BY o.noted_at DESC, o.id DESC LIMIT 1) n ON true
     CROSS JOIN unnest(n.allergens) AS allergen
     WHERE b.sitting_id = :sitting AND b.status <> 'cancelled'
     GROUP BY allergen ORDER BY count(*) DESC, allergen
    """
)
# Parts of names of dishes, to be chosen by a touch; any other word can be typed.
OFTEN_DISLIKED = ("辣", "肥肉", "羊肉", "动物内脏", "苦瓜", "香菜", "芹菜", "茄子", "豆腐", "面条")


def note_needs(
    session: Session,
    resident_id: int,
    *,
    usual_diet: Diet,
    allergens: Sequence[Allergen],
    dislikes: Sequence[str],
) -> DietaryNote:
    """Note what a resident may not or would rather not eat; what was noted before stays behind.

    Raises `NotFound` for a resident out of the actor's sight.
    """
    if session.get(Resident, resident_id) is None:
        raise NotFound()
    note = DietaryNote(
        resident_id=resident_id,
        usual_diet=usual_diet,
        allergens=sorted(one.value for one in allergens),
        dislikes=list(dislikes),
        noted_at=clock.now(),
    )
    session.add(note)
    session.flush()
    return note


def find_needs(session: Session, resident_id: int) -> DietaryNote | None:
    """Return what was noted last, None where nobody asked yet."""
    query = select(DietaryNote).where(col(DietaryNote.resident_id) == resident_id)
    newest = (col(DietaryNote.noted_at).desc(), col(DietaryNote.id).desc())
    return session.execute(query.order_by(*newest).limit(1)).scalar_one_or_none()


def usual_diet(session: Session, resident_id: int) -> Diet:
    """Return how it is cooked for a resident where nothing else is said."""
    noted = find_needs(session, resident_id)
    return Diet.NORMAL if noted is None else noted.usual_diet


def find_clash(session: Session, sitting_id: int, resident_id: int) -> Row[Any]:
    """Return the dishes that are `harmful` to one resident, and the `disliked` ones, by name."""
    of_both = {"sitting": sitting_id, "resident": resident_id}
    return session.connection().execute(CLASH_OF_ONE, of_both).one()


def list_allergic(session: Session, sitting_id: int) -> Sequence[Row[Any]]:
    """Return (allergen, number) of those who eat and may not have it, the most first."""
    return session.execute(ALLERGIC, {"sitting": sitting_id}).all()


def list_clashes(session: Session, sitting_id: int) -> Sequence[Row[Any]]:
    """Return whom the menu does not suit, harm first: `harmful` and `disliked` dishes by name,
    `is_unserved` where no dish is marked for their diet."""
    return session.execute(CLASHES, {"sitting": sitting_id}).all()


def list_eaters(session: Session, sitting_id: int) -> Sequence[Row[Any]]:
    """Return who eats, as labels are stuck on boxes: deliveries first, then by diet and name."""
    return session.execute(EATERS, {"sitting": sitting_id}).all()
