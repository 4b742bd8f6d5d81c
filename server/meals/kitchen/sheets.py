"""厨房单: what is to be cooked, live until the cut-off, then frozen in numbered versions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, bindparam, select, text
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.meals.kitchen.errors import CutOffAhead
from server.meals.kitchen.models import KitchenSheet
from server.meals.models import Sitting

# A meal nobody fetched was cooked all the same. Who eats normally is given every dish; who eats by
# a diet is given the dishes that are marked for it.
LIVE = """
    SELECT s.id AS sitting_id,
           (SELECT count(*) FROM booking b
             WHERE b.sitting_id = s.id AND b.status <> 'cancelled') AS total,
           jsonb_build_object(
             'eaters', coalesce((
               SELECT jsonb_agg(jsonb_build_object('diet', e.diet, 'handing', e.handing,
                                                   'is_late', e.is_late, 'number', e.number)
                                ORDER BY e.diet, e.handing, e.is_late)
                 FROM (SELECT b.diet, b.handing, b.is_late, count(*) AS number FROM booking b
                        WHERE b.sitting_id = s.id AND b.status <> 'cancelled'
                        GROUP BY 1, 2, 3) e), '[]'),
             'dishes', coalesce((
               SELECT jsonb_agg(jsonb_build_object(
                        'dish_id', d.id, 'name', d.name, 'allergens', to_jsonb(d.allergens),
                        'portions', coalesce((
                          SELECT jsonb_object_agg(p.diet, p.number)
                            FROM (SELECT b.diet, count(*) AS number FROM booking b
                                   WHERE b.sitting_id = s.id AND b.status <> 'cancelled'
                                     AND (b.diet = 'normal' OR b.diet = ANY (d.diets))
                                   GROUP BY 1) p), '{}'))
                      ORDER BY sd.position, d.id)
                 FROM sitting_dish sd JOIN dish d ON d.id = sd.dish_id
                WHERE sd.sitting_id = s.id), '[]')) AS content
      FROM sitting s WHERE s.id = ANY (:sittings)
"""
SITTINGS = bindparam("sittings", type_=ARRAY(BigInteger))
COUNT = text(LIVE).bindparams(SITTINGS)
FREEZE = text(
    f"""
    WITH live AS ({LIVE}), summed AS (
        SELECT live.*, sha256(convert_to(content::text, 'UTF8')) AS digest FROM live
    ), last AS (
        SELECT DISTINCT ON (k.sitting_id) k.sitting_id, k.version, k.digest FROM kitchen_sheet k
         WHERE k.sitting_id = ANY (:sittings) ORDER BY k.sitting_id, k.version DESC
    )
    INSERT INTO kitchen_sheet (sitting_id, version, frozen_at, frozen_by, total, content, digest)
    SELECT summed.sitting_id, coalesce(last.version, 0) + 1, :now, :staff, summed.total,
           summed.content, summed.digest
      FROM summed LEFT JOIN last USING (sitting_id)
     WHERE last.digest IS DISTINCT FROM summed.digest
        ON CONFLICT DO NOTHING
    RETURNING sitting_id
    """
).bindparams(SITTINGS, bindparam("staff", type_=BigInteger))
DUE = text(
    """
    SELECT s.id FROM sitting s
     WHERE s.cutoff_at <= :now AND s.cutoff_at > :since AND s.booked > 0
       AND s.published_at IS NOT NULL AND s.closed_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM kitchen_sheet k WHERE k.sitting_id = s.id)
     ORDER BY s.id
    """
)
TRUE = text(
    """
    SELECT bool_and(k.digest = sha256(convert_to(k.content::text, 'UTF8')))
      FROM kitchen_sheet k WHERE k.sitting_id = :sitting
    """
)
LOOKED_BACK = timedelta(days=1)


def count_live(session: Session, sitting_id: int) -> Row[Any]:
    """Return (sitting_id, total, content) as the bookings stand now; raises `NotFound`."""
    row = session.execute(COUNT, {"sittings": [sitting_id]}).one_or_none()
    if row is None:
        raise NotFound()
    return row


def freeze(session: Session, sitting_id: int) -> KitchenSheet:
    """Freeze what is to be cooked as the next version, and return the last one there is.

    Where nothing changed since, or somebody froze the same in this moment, no version is added.
    Raises `CutOffAhead`, `NotFound`.
    """
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound()
    if clock.now() < sitting.cutoff_at:
        raise CutOffAhead(cutoff_at=sitting.cutoff_at.isoformat())
    _freeze(session, [sitting_id])
    return list_versions(session, sitting_id)[0]


def freeze_due(session: Session) -> int:
    """Freeze a first sheet of every sitting whose cut-off has passed; returns how many."""
    now = clock.now()
    found = session.execute(DUE, {"now": now, "since": now - LOOKED_BACK}).scalars().all()
    return _freeze(session, found) if found else 0


def list_versions(session: Session, sitting_id: int) -> Sequence[KitchenSheet]:
    """Return the frozen sheets of a sitting, the last first."""
    query = select(KitchenSheet).where(col(KitchenSheet.sitting_id) == sitting_id)
    return session.execute(query.order_by(col(KitchenSheet.version).desc())).scalars().all()


def is_as_frozen(session: Session, sitting_id: int) -> bool:
    """True where every frozen sheet of the sitting still has the digest of its freezing."""
    return bool(session.execute(TRUE, {"sitting": sitting_id}).scalar_one())


def _freeze(session: Session, sitting_ids: Sequence[int]) -> int:
    values = {"now": clock.now(), "staff": actor_of(session).staff_id}
    return len(session.execute(FREEZE, {"sittings": list(sitting_ids), **values}).all())
