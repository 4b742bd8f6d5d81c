"""What is known of many people on a day, in one statement."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.db.sessions import reaching_everywhere
from server.homecare.vouchers.needs import Group, PersonFacts, groups_of
from server.policies.queries import Figure, get_figures
from server.residents.assessments.models import AbilityLevel
from server.residents.models import HardshipTier, SpecialCare

GROUPS = "purchased.groups"
STAYS_IN_A_HOUSE = """
    EXISTS (SELECT 1 FROM stay t WHERE t.resident_id = r.id AND t.status IN ('staying', 'away')
               AND t.kind NOT IN ('home_care', 'home_sickbed'))
"""
# A bed at home whose building was granted stands in for the national project (提升行动, S45).
KNOWN = text(
    f"""
    SELECT r.id AS resident_id, r.born_on,
           r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL AS lives_here,
           {STAYS_IN_A_HOUSE} AS is_in_a_house, a.final_level AS level, h.tier,
           array(SELECT c.care FROM special_care_period c
                  WHERE c.resident_id = r.id AND c.starts_on <= :day
                    AND (c.ends_on IS NULL OR c.ends_on > :day)) AS cares,
           EXISTS (SELECT 1 FROM home_bed_build b WHERE b.resident_id = r.id AND b.asks_grant)
               AS has_build_grant
      FROM resident r
      LEFT JOIN assessment a ON a.resident_id = r.id AND a.status = 'confirmed'
                            AND a.starts_on <= :day AND a.ends_on > :day
      LEFT JOIN hardship_period h ON h.resident_id = r.id AND h.starts_on <= :day
                                 AND (h.ends_on IS NULL OR h.ends_on > :day)
     WHERE r.id = ANY (:residents)
    """
)


def facts_of_people(
    session: Session, declared: Mapping[int, bool], *, on: date
) -> Mapping[int, PersonFacts]:
    """Return what is known of each of these people on a day.

    `declared` says of each whether they get an allowance that no register tells. What the actor may
    not see counts too: the facts decide.
    """
    groups = groups_of(get_groups(session, on=on).value)
    values = {"residents": list(declared), "day": on}
    with reaching_everywhere(session):
        rows = session.connection().execute(KNOWN, values).all()
    return {row.resident_id: _facts(row, on, groups, declared[row.resident_id]) for row in rows}


def get_groups(session: Session, *, on: date) -> Figure:
    """Return the groups for whom service is bought; raises `RuleMissing`."""
    return get_figures(session, [GROUPS], on=on)[GROUPS]


def lives_in_a_house(session: Session, resident_id: int) -> bool:
    """True for whoever stays in a bed that is not at home."""
    query = text(f"SELECT {STAYS_IN_A_HOUSE} FROM resident r WHERE r.id = :resident")
    with reaching_everywhere(session):
        return bool(session.connection().execute(query, {"resident": resident_id}).scalar_one())


def _facts(
    row: Row[Any], on: date, groups: Sequence[Group], gets_care_allowance: bool
) -> PersonFacts:
    return PersonFacts(
        on=on,
        born_on=row.born_on,
        lives_here=row.lives_here,
        is_in_a_house=row.is_in_a_house,
        level=AbilityLevel(row.level) if row.level else None,
        tier=HardshipTier(row.tier) if row.tier else None,
        cares=frozenset(SpecialCare(one) for one in row.cares),
        gets_care_allowance=gets_care_allowance,
        has_build_grant=row.has_build_grant,
        groups=groups,
    )
