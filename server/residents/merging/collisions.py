"""Why two residents cannot be one yet: what the register itself knows, each with its days."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlmodel import Session

from server import events
from server.residents.merging.events import Collision, MergeConsidered

OF_BOTH = {"hardship-overlaps": """
    SELECT greatest(a.starts_on, b.starts_on) AS day
      FROM hardship_period a JOIN hardship_period b
        ON b.resident_id = :merged
       AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
     WHERE a.resident_id = :kept
""", "special-care-twice": """
    SELECT greatest(a.starts_on, b.starts_on) AS day
      FROM special_care_period a JOIN special_care_period b
        ON b.resident_id = :merged AND b.care = a.care AND b.ends_on IS NULL
     WHERE a.resident_id = :kept AND a.ends_on IS NULL
""", "levels-overlap": """
    SELECT greatest(a.starts_on, b.starts_on) AS day
      FROM assessment a JOIN assessment b
        ON b.resident_id = :merged AND b.status = 'confirmed'
       AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
     WHERE a.resident_id = :kept AND a.status = 'confirmed'
""", "assessments-open": """
    SELECT greatest(a.assessed_on, b.assessed_on) AS day
      FROM assessment a JOIN assessment b
        ON b.resident_id = :merged AND b.status IN ('draft', 'submitted', 'returned')
     WHERE a.resident_id = :kept AND a.status IN ('draft', 'submitted', 'returned')
""", "two-id-numbers": """
    SELECT CAST(NULL AS date) AS day
      FROM resident a JOIN resident b ON b.id = :merged AND b.id_number_digest IS NOT NULL
     WHERE a.id = :kept AND a.id_number_digest IS NOT NULL
""", "somebody-is-gone": """
    SELECT happened_on AS day FROM departure
     WHERE resident_id IN (:kept, :merged) AND reversed_at IS NULL
""", "contact-twice": """
    SELECT CAST(NULL AS date) AS day
      FROM resident_contact a
      JOIN resident_contact b ON b.resident_id = :merged AND b.phone = a.phone
     WHERE a.resident_id = :kept
""", "two-photos": """
    SELECT CAST(NULL AS date) AS day
      FROM file a JOIN file b ON b.resident_id = :merged AND b.purpose = a.purpose
       AND b.removed_at IS NULL
     WHERE a.resident_id = :kept AND a.purpose = 'resident_photo' AND a.removed_at IS NULL
"""}  # fmt: skip
ONE_A_DAY = ("hukou", "disability_certificate", "guardianship", "care_insurance", "payee_account")
OF_BOTH |= {f"{table}-overlaps": f"""
    SELECT greatest(a.starts_on, b.starts_on) AS day
      FROM {table} a JOIN {table} b
        ON b.resident_id = :merged
       AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
     WHERE a.resident_id = :kept
""" for table in ONE_A_DAY}  # fmt: skip
_KNOWN = text(
    " UNION ALL ".join(
        f"SELECT '{code}' AS code, day FROM ({query}) AS found" for code, query in OF_BOTH.items()
    )
    + " ORDER BY code, day"
)

# What an unforeseen refusal of the database is told as.
OF_A_CONSTRAINT: Mapping[str, str] = {
    "ex_hardship_period_one_tier_a_day": "hardship-overlaps",
    "uq_special_care_period_open": "special-care-twice",
    "ex_assessment_one_level_a_day": "levels-overlap",
    "uq_assessment_one_open": "assessments-open",
    "uq_resident_id_number_digest": "two-id-numbers",
    "uq_departure_one_standing": "somebody-is-gone",
    "uq_resident_contact_phone": "contact-twice",
    "uq_file_one_photo": "two-photos",
    **{f"ex_{table}_one_a_day": f"{table}-overlaps" for table in ONE_A_DAY},
}


def find_collisions(session: Session, *, kept_id: int, merged_id: int) -> list[Collision]:
    """Return what both have and one person cannot, from here and from the contexts above."""
    event = MergeConsidered(kept_id, merged_id)
    values = {"kept": kept_id, "merged": merged_id}
    days: dict[str, list[str]] = {}
    for row in session.connection().execute(_KNOWN, values).all():
        days.setdefault(row.code, []).extend([row.day.isoformat()] if row.day else [])
    event.collisions.extend(Collision(code, tuple(found)) for code, found in days.items())
    events.publish(session, event)
    return event.collisions
