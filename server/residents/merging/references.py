"""Which tables speak of a resident, and which of them stay where they are when two become one."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlmodel import Session

Reference = tuple[str, str]

# What keeps the number it was written with, each with why. Everything else moves.
STAYING: Mapping[Reference, str] = {
    ("resident", "merged_into_id"): "says itself who was merged into whom",
    ("possible_duplicate", "one_id"): "the pair as it was found",
    ("possible_duplicate", "other_id"): "the pair as it was found",
    ("resident_merge", "kept_id"): "the merge itself",
    ("resident_merge", "merged_id"): "the merge itself",
    ("consent", "resident_id"): "said under that number; whoever is kept is asked again",
    ("bed_occupancy", "resident_id"): "goes along with its stay, by the foreign key",
    ("home_month_bed", "resident_id"): "frozen under the number with which the month was closed",
    ("meal_fact", "resident_id"): "frozen under the number with which the month was settled",
    ("subsidy_claim", "resident_id"): "handed in under that number; who was kept is paid",
    ("helper_code", "resident_id"): "lives for ten minutes",
}

# The database is asked, not the models: a process that has not loaded a context would forget it.
REFERENCES = text(
    """
    SELECT cl.relname::text AS table_name, a.attname::text AS column_name
      FROM pg_constraint c
      JOIN pg_class cl ON cl.oid = c.conrelid
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
     WHERE c.contype = 'f' AND c.confrelid = CAST('resident' AS regclass)
     ORDER BY 1, 2
    """
)


def list_moving(session: Session) -> Sequence[Reference]:
    """Return (table, column) of everything that goes with a resident who is merged."""
    rows = session.connection().execute(REFERENCES).all()
    found = [(row.table_name, row.column_name) for row in rows]
    return [reference for reference in found if reference not in STAYING]
