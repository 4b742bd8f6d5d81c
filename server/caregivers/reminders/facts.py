"""What a plan of reminders asks for about people: one query a kind, however many people."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.caregivers.allowances.given import Known
from server.caregivers.allowances.knowing import OF_PAPERS, find_known, find_rulebook
from server.caregivers.allowances.rulebook import Rulebook
from server.caregivers.reminders.earned import earned
from server.caregivers.reminders.rules import Attended, Ending, Facts, Learned, Person, Plan
from server.db.sessions import reaching_everywhere
from server.places.ladders import Target

# Besides what papers rest on: a breach may keep an instalment back.
OF_MONEY = (*OF_PAPERS, "minutes", "breaches")
# Whoever has left is told of an instalment that was full by then; no rung comes later than this.
LEFT_LATELY = timedelta(days=92)

WORKS = "e.is_front_line AND e.starts_on <= :day AND (e.ends_on IS NULL OR e.ends_on > :day)"
# Where somebody works at several sites, they are spoken of at the one that came first.
AT_WORK = f"""
    SELECT DISTINCT ON (e.caregiver_id) e.* FROM employment e
     WHERE {WORKS} ORDER BY e.caregiver_id, e.starts_on, e.id
"""
# A certificate is past caring for when a better or equal one outlasts it.
CERTIFICATES = text(
    f"""
    SELECT s.caregiver_id, e.site_id, s.id AS number, s.valid_until AS ends_on
      FROM skill_certificate s JOIN ({AT_WORK}) e ON e.caregiver_id = s.caregiver_id
     WHERE s.valid_until = ANY (:days) AND s.issued_on <= :day
       AND (s.annulled_on IS NULL OR s.annulled_on > :day)
       AND NOT EXISTS (
           SELECT 1 FROM skill_certificate o
            WHERE o.caregiver_id = s.caregiver_id AND o.level <= s.level AND o.id <> s.id
              AND o.issued_on <= :day AND (o.annulled_on IS NULL OR o.annulled_on > :day)
              AND (o.valid_until IS NULL OR o.valid_until > s.valid_until))
     ORDER BY s.id
    """
)
CONTRACTS = text(
    """
    SELECT e.caregiver_id, e.site_id, k.id AS number, k.ends_on
      FROM employment_contract k JOIN employment e ON e.id = k.employment_id
     WHERE k.ends_on = ANY (:days) AND k.starts_on <= :day
       AND e.starts_on <= :day AND (e.ends_on IS NULL OR e.ends_on > k.ends_on)
       AND NOT EXISTS (
           SELECT 1 FROM employment_contract n
            WHERE n.employment_id = k.employment_id AND n.starts_on <= k.ends_on
              AND (n.ends_on IS NULL OR n.ends_on > k.ends_on))
     ORDER BY k.id
    """
)
# Where somebody works; nowhere for who has left since `:left_after`, if these are asked for.
PEOPLE = text(
    f"""
    SELECT w.caregiver_id, e.site_id,
           ARRAY(SELECT k.programme || ':' || to_char(k.opens_on, 'YYYY-MM-DD')
                   FROM allowance_claim k
                  WHERE k.caregiver_id = w.caregiver_id
                    AND k.state IN ('handed_in', 'accepted')) AS claimed,
           ARRAY(SELECT l.period FROM allowance_claim_line l
                   JOIN allowance_claim k ON k.id = l.claim_id
                  WHERE l.caregiver_id = w.caregiver_id AND l.programme = 'entry_reward'
                    AND l.is_live AND k.state IN ('handed_in', 'accepted')) AS paid_out
      FROM (SELECT DISTINCT caregiver_id FROM employment
             WHERE is_front_line AND starts_on <= :day
               AND (ends_on IS NULL OR ends_on > :left_after)) w
      LEFT JOIN ({AT_WORK}) e ON e.caregiver_id = w.caregiver_id
     ORDER BY w.caregiver_id
    """
)
# One employment alone is full on its own day of a year; several have to be counted together.
NEAR = text(
    """
    SELECT caregiver_id FROM employment WHERE caregiver_id = ANY (:ids)
     GROUP BY caregiver_id
    HAVING count(*) > 1 OR to_char(min(starts_on), 'MM-DD') = ANY (:hired)
     ORDER BY caregiver_id
    """
)
# Hours are asked for a year that is worked whole: of whoever was at work on its first day.
LEARNED = text(
    f"""
    SELECT e.caregiver_id, e.site_id, coalesce(sum(l.minutes), 0)::integer AS minutes
      FROM ({AT_WORK}) e
      LEFT JOIN continuing_education l ON l.caregiver_id = e.caregiver_id
       AND l.attended_on BETWEEN :first AND :day
     WHERE EXISTS (SELECT 1 FROM employment w
                    WHERE w.caregiver_id = e.caregiver_id AND w.is_front_line
                      AND w.starts_on <= :first AND (w.ends_on IS NULL OR w.ends_on > :first))
     GROUP BY e.caregiver_id, e.site_id ORDER BY e.caregiver_id
    """
)
# Only where days are counted by punches is anything known in the middle of a month.
ATTENDED = text(
    f"""
    SELECT e.caregiver_id, e.site_id, count(DISTINCT t.day)::integer AS days
      FROM ({AT_WORK}) e
      LEFT JOIN attendance_day t ON t.caregiver_id = e.caregiver_id
       AND t.day >= :first AND t.day < :before
     WHERE EXISTS (SELECT 1 FROM attendance_day p
                    WHERE p.site_id = e.site_id AND p.day >= :first AND p.day < :before)
     GROUP BY e.caregiver_id, e.site_id ORDER BY e.caregiver_id
    """
)


def read_facts(session: Session, plan: Plan, *, day: date) -> Facts:
    """Return what is known on the day of everybody whom the plan may speak to."""
    return Facts(
        certificates=_endings(session, CERTIFICATES, plan.certificates, day),
        contracts=_endings(session, CONTRACTS, plan.contracts, day),
        people=_people(session, plan, day),
        learned=_learned(session, plan, day),
        attended=_attended(session, plan, day),
    )


def _endings(session: Session, query: Any, targets: Sequence[Any], day: date) -> list[Ending]:
    days = sorted({target.about_on for target in targets})
    rows = _rows(session, query, day, days=days) if days else []
    return [Ending(**row._mapping) for row in rows]


def _people(session: Session, plan: Plan, day: date) -> list[Person]:
    """Whom this actor sees; what they have earned rests on work at other homes too."""
    if not plan.asks_for_people and not plan.anniversaries:
        return []
    left_after = day - LEFT_LATELY if plan.anniversaries else day
    rows = {row.caregiver_id: row for row in _rows(session, PEOPLE, day, left_after=left_after)}
    with reaching_everywhere(session):
        ids = list(rows) if plan.asks_for_people else _near(session, list(rows), plan, day)
        known = find_known(session, ids, OF_MONEY) if ids else []
        rulebook = find_rulebook(session)
    return [_person(one, rulebook, rows[one.caregiver_id], day) for one in known]


def _near(session: Session, ids: Sequence[int], plan: Plan, day: date) -> list[int]:
    """Who could reach an instalment on a day that is spoken of; years from 29 February are full
    on 1 March."""
    hired = {f"{target.about_on:%m-%d}" for target in plan.anniversaries}
    if "03-01" in hired:
        hired.add("02-29")
    rows = _rows(session, NEAR, day, ids=list(ids), hired=sorted(hired))
    return [row.caregiver_id for row in rows]


def _person(known: Known, rulebook: Rulebook, row: Row[Any], day: date) -> Person:
    money = earned(known, rulebook, day, row.paid_out)
    return Person(known.caregiver_id, row.site_id, money, frozenset(row.claimed))


def _learned(session: Session, plan: Plan, day: date) -> list[Learned]:
    if not plan.education:
        return []
    first = plan.education[0].about_on.replace(month=1, day=1)
    return [Learned(**row._mapping) for row in _rows(session, LEARNED, day, first=first)]


def _attended(session: Session, plan: Plan, day: date) -> list[Attended]:
    """How many days it will have been is known from the day itself on."""
    return [
        Attended(target=target, **row._mapping)
        for target in plan.attendance
        if target.due_on <= day
        for row in _rows(session, ATTENDED, day, **_days_counted(target))
    ]


def _days_counted(target: Target) -> dict[str, date]:
    return {"first": target.about_on.replace(day=1), "before": target.due_on}


def _rows(session: Session, query: Any, day: date, **asked: Any) -> Sequence[Row[Any]]:
    return session.connection().execute(query, {"day": day, **asked}).all()
