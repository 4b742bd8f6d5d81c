"""Everything of one resident goes to the other, with a journal, and back by it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.residents.merging.references import list_moving
from server.secrets.fields import keyring

# What an officer may let the kept resident take from the other. The ID number goes by itself: only
# one of the two can have one.
CHOOSABLE = ("phone", "address", "village_code", "usual_canteen_id")
TAKEN_FIELD = "resident_merge.taken"

POINT = text("UPDATE resident SET merged_into_id = :kept WHERE id = :merged")
UNPOINT = text("UPDATE resident SET merged_into_id = NULL WHERE id = :merged")
MOVE = text("SELECT move_to_twin(:table, :column, :origin, :target, CAST(:keys AS jsonb)) AS moved")
# An exchange, so that nothing is lost and the journal needs no values.
EXCHANGE = """
    UPDATE resident AS held SET {fields} FROM resident AS twin
     WHERE (held.id, twin.id) IN ((:kept, :merged), (:merged, :kept))
"""
VALUES = text(f"SELECT {', '.join(CHOOSABLE)} FROM resident WHERE id = :kept")
NUMBER = text(
    "SELECT id_number_cipher AS cipher, id_number_digest AS digest FROM resident WHERE id = :id"
)
SET_NUMBER = text(
    "UPDATE resident SET id_number_cipher = :cipher, id_number_digest = :digest WHERE id = :id"
)
# Grants of one account from one day on, and links to one site: the kept resident has them already.
# They stay behind; the grant ends today, so that nobody acts for a number that is no more.
KEPT_ALREADY = {
    "resident_grant": text(
        """
        SELECT jsonb_build_array(g.id) AS key FROM resident_grant g
         WHERE g.resident_id = :merged
           AND NOT EXISTS (SELECT 1 FROM resident_grant k
                            WHERE k.resident_id = :kept AND k.account_id = g.account_id
                              AND k.starts_on = g.starts_on)
         ORDER BY g.id
        """
    ),
    "care_link": text(
        """
        SELECT jsonb_build_array(l.site_id) AS key FROM care_link l
         WHERE l.resident_id = :merged
           AND NOT EXISTS (SELECT 1 FROM care_link k
                            WHERE k.resident_id = :kept AND k.site_id = l.site_id)
         ORDER BY l.site_id
        """
    ),
}
END_GRANTS = text(
    """
    UPDATE resident_grant AS held SET ends_on = greatest(:today, held.starts_on)
      FROM resident_grant AS old
     WHERE old.id = held.id AND held.resident_id = :merged
       AND (held.ends_on IS NULL OR held.ends_on > greatest(:today, held.starts_on))
    RETURNING held.id AS key, old.ends_on AS before, held.ends_on AS after
    """
)
RESTORE_GRANTS = text(
    """
    UPDATE resident_grant AS held SET ends_on = e.before
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before date, after date)
     WHERE held.id = e.key AND held.ends_on = e.after
    """
)
WIDEN_LINKS = text(
    """
    UPDATE care_link AS held SET starts_on = least(held.starts_on, twin.starts_on),
                                 ends_on = greatest(held.ends_on, twin.ends_on)
      FROM care_link AS twin JOIN care_link AS old USING (site_id)
     WHERE held.resident_id = :kept AND old.resident_id = :kept AND twin.resident_id = :merged
       AND old.site_id = held.site_id
       AND (twin.starts_on < held.starts_on OR twin.ends_on > held.ends_on)
    RETURNING held.site_id AS key, old.starts_on AS starts_before, old.ends_on AS ends_before,
              held.starts_on AS starts_after, held.ends_on AS ends_after
    """
)
RESTORE_LINKS = text(
    """
    UPDATE care_link AS held SET starts_on = e.starts_before, ends_on = e.ends_before
      FROM jsonb_to_recordset(CAST(:entries AS jsonb))
        AS e(key bigint, starts_before date, ends_before date, starts_after date, ends_after date)
     WHERE held.resident_id = :kept AND held.site_id = e.key
       AND (held.starts_on, held.ends_on) = (e.starts_after, e.ends_after)
    """
)

Journal = Mapping[str, Any]


def move_all(
    session: Session, *, kept_id: int, merged_id: int, taken: Sequence[str], today: date
) -> Journal:
    """Point the one at the other, move its rows, exchange what is taken; return the journal."""
    ids = {"kept": kept_id, "merged": merged_id}
    _run(session, POINT, ids)
    moved = [
        {"table": table, "column": column, "keys": keys}
        for table, column in list_moving(session)
        if (keys := _move(session, table, column, ids, _movable(session, table, ids)))
    ]
    ended = _run(session, END_GRANTS, {"merged": merged_id, "today": today}).all()
    widened = _run(session, WIDEN_LINKS, ids).all()
    has_number = _hand_number(session, giver_id=merged_id, taker_id=kept_id)
    _exchange(session, ids, taken)
    return {
        "moved": moved,
        "ended": _plain(ended),
        "widened": _plain(widened),
        "has_number": has_number,
        "taken": digests_of_taken(session, kept_id, taken),
    }


def move_back(session: Session, *, kept_id: int, merged_id: int, journal: Journal) -> list[str]:
    """Undo `move_all` and return the tables of which a row could not go back."""
    ids = {"kept": kept_id, "merged": merged_id}
    back = {"kept": merged_id, "merged": kept_id}
    _exchange(session, ids, list(journal["taken"]))
    if journal["has_number"]:
        _hand_number(session, giver_id=kept_id, taker_id=merged_id)
    _run(session, RESTORE_LINKS, {"kept": kept_id, "entries": json.dumps(journal["widened"])})
    _run(session, RESTORE_GRANTS, {"entries": json.dumps(journal["ended"])})
    lost = [
        one["table"]
        for one in journal["moved"]
        if _move(session, one["table"], one["column"], back, one["keys"]) != one["keys"]
    ]
    _run(session, UNPOINT, {"merged": merged_id})
    return lost


def digests_of_taken(session: Session, kept_id: int, taken: Sequence[str]) -> dict[str, str]:
    """Return field → keyed digest of what the kept resident has there now."""
    row = _run(session, VALUES, {"kept": kept_id}).one()
    return {
        name: keyring().digest(f"{name}|{getattr(row, name)}", TAKEN_FIELD).hex() for name in taken
    }


def _movable(session: Session, table: str, ids: Mapping[str, int]) -> list[Any] | None:
    """The keys of the rows that go; None for all of the table."""
    if table not in KEPT_ALREADY:
        return None
    return list(_run(session, KEPT_ALREADY[table], ids).scalars())


def _move(
    session: Session, table: str, column: str, ids: Mapping[str, int], keys: list[Any] | None
) -> list[Any]:
    values = {
        "table": table,
        "column": column,
        "origin": ids["merged"],
        "target": ids["kept"],
        "keys": None if keys is None else json.dumps(keys),
    }
    return list(_run(session, MOVE, values).scalar_one())


def _exchange(session: Session, ids: Mapping[str, int], fields: Sequence[str]) -> None:
    named = ", ".join(f"{name} = twin.{name}" for name in CHOOSABLE if name in fields)
    if named:
        _run(session, text(EXCHANGE.format(fields=named)), ids)


def _hand_number(session: Session, *, giver_id: int, taker_id: int) -> bool:
    """Give the ID number to the one who has none; True where there was one to give.

    The giver loses it first: a number is unique at every moment.
    """
    giver = _run(session, NUMBER, {"id": giver_id}).one()
    if giver.digest is None:
        return False
    _run(session, SET_NUMBER, {"id": giver_id, "cipher": None, "digest": None})
    number = {"cipher": giver.cipher, "digest": giver.digest}
    _run(session, SET_NUMBER, {"id": taker_id, **number})
    return True


def _run(session: Session, statement: Any, values: Mapping[str, Any]) -> Any:
    return session.connection().execute(statement, dict(values))


def _plain(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Rows as the journal, which is JSON, holds them."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row._mapping.items()
        }
        for row in rows
    ]
