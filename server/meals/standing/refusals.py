"""Days on which a standing order could not be booked: written down, tried again, solved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from server.i18n.catalogues import pgettext

UNPRICED, UNWRITTEN = "cannot-be-priced", "cannot-be-written"
# What has a sentence of its own; whatever else stood in the way is for people here to mend.
SAID = {"sitting-full": "sitting-full", "rule-missing": UNPRICED, UNPRICED: UNPRICED}

NOTE = text(
    """
    INSERT INTO standing_refusal AS held
           (order_id, resident_id, canteen_id, service_on, code, first_at, tried_at, tries)
    SELECT r.order_id, r.resident_id, r.canteen_id, r.service_on, r.code, :at, :at, 1
      FROM jsonb_to_recordset(:rows)
        AS r(order_id bigint, resident_id bigint, canteen_id bigint, service_on date, code text)
        ON CONFLICT (order_id, service_on) DO UPDATE
       SET code = excluded.code, tried_at = excluded.tried_at, tries = held.tries + 1,
           solved_at = NULL
    """
).bindparams(bindparam("rows", type_=JSONB))
SOLVE = text(
    """
    UPDATE standing_refusal SET solved_at = :at
      FROM jsonb_to_recordset(:rows) AS r(order_id bigint, service_on date)
     WHERE standing_refusal.order_id = r.order_id
       AND standing_refusal.service_on = r.service_on AND solved_at IS NULL
    """
).bindparams(bindparam("rows", type_=JSONB))


def words_of(code: str) -> str:
    """Return, for elders and canteens, why a day could not be booked."""
    return pgettext("standing_refusal", SAID.get(code, UNWRITTEN))


def note_refusals(
    session: Session, refused: Sequence[tuple[Row[Any], str]], *, at: datetime
) -> None:
    """Write down what could not be booked, with the code of the refusal, a row a day."""
    rows = [
        {**_day(one), "resident_id": one.resident_id, "canteen_id": one.canteen_id, "code": code}
        for one, code in refused
    ]
    if rows:
        session.connection().execute(NOTE, {"rows": rows, "at": at})


def note_solved(session: Session, booked: Sequence[Row[Any]], *, at: datetime) -> None:
    """What was refused on an earlier try is booked by now."""
    if booked:
        rows = [_day(one) for one in booked]
        session.connection().execute(SOLVE, {"rows": rows, "at": at})


def _day(one: Row[Any]) -> dict[str, Any]:
    return {"order_id": one.order_id, "service_on": one.service_on}
