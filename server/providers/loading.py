"""Writes imported sites, each found again by its source key."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

COLUMNS = (
    "kind",
    "name",
    "division_code",
    "address",
    "phone",
    "ownership",
    "ownership_as_given",
    "is_inclusive",
    "beds_declared",
    "monthly_price_from_fen",
    "inclusive_price_fen",
    "features",
    "opening_state",
    "source_name",
    "source_key",
)
# A division found by hand, or finer than the list can say, is not lost to the list.
KEPT_DIVISION = (
    "CASE WHEN starts_with(site.division_code, excluded.division_code)"
    " THEN site.division_code ELSE excluded.division_code END"
)


@dataclass(frozen=True)
class Written:
    """How many sites an import added, changed, and found as they already were."""

    new: int
    changed: int
    unchanged: int


def load_sites(
    session: Session, sites: Sequence[Mapping[str, Any]], *, fields: Collection[str]
) -> Written:
    """Add the sites and bring known ones up to date, in one statement; none is ever removed.

    Of a known site only `fields`, what the list itself has, and its division change: whether it
    is open, and what the list does not speak of, stay as they are in the register.
    """
    columns = ", ".join(COLUMNS)
    updates = {name: f"excluded.{name}" for name in COLUMNS if name in fields}
    updates["division_code"] = KEPT_DIVISION
    differs = " OR ".join(
        f"site.{name} IS DISTINCT FROM {value}" for name, value in updates.items()
    )
    assignments = ", ".join(f"{name} = {value}" for name, value in updates.items())
    statement = f"""
        WITH written AS (
            INSERT INTO site ({columns})
            SELECT {columns}
              FROM jsonb_populate_recordset(CAST(NULL AS site), CAST(:sites AS jsonb))
            ON CONFLICT (source_key) DO UPDATE SET {assignments} WHERE {differs}
            RETURNING (xmax = 0) AS is_new
        )
        SELECT count(*) FILTER (WHERE is_new) AS new,
               count(*) FILTER (WHERE NOT is_new) AS changed
          FROM written
    """
    counts = session.connection().execute(text(statement), {"sites": json.dumps(sites)}).one()
    session.expire_all()
    return Written(counts.new, counts.changed, len(sites) - counts.new - counts.changed)
