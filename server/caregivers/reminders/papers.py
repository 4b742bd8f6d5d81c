"""What puts right what a reminder named."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from server.caregivers.allowances.knowing import OF_PAPERS, find_known, find_rulebook
from server.caregivers.allowances.papers import missing_papers
from server.db.sessions import reaching_everywhere

# Beside a row `r` (reminder): true when a claim of its window is in.
CLAIMED = """
    EXISTS (
        SELECT 1 FROM allowance_claim k
         WHERE k.caregiver_id = r.caregiver_id AND k.programme = r.facts->>'programme'
           AND k.state IN ('handed_in', 'accepted')
           AND r.about_on BETWEEN k.opens_on AND k.closes_on)
"""

# Beside a row `r` (reminder): true when what it named has been put right by `:day`; of papers
# that is judged before, by the list that claims go by (`papers_there`).
FIXED = f"""
    CASE r.kind
    WHEN 'certificate' THEN EXISTS (
        SELECT 1 FROM skill_certificate s
          JOIN skill_certificate old ON old.id = split_part(r.subject, ':', 2)::bigint
         WHERE s.caregiver_id = r.caregiver_id AND s.level <= old.level AND s.issued_on <= :day
           AND (s.valid_until IS NULL OR s.valid_until > r.about_on)
           AND (s.annulled_on IS NULL OR s.annulled_on > :day))
    WHEN 'contract' THEN EXISTS (
        SELECT 1 FROM employment_contract k
          JOIN employment_contract old ON old.id = split_part(r.subject, ':', 2)::bigint
         WHERE k.employment_id = old.employment_id AND k.starts_on <= r.about_on
           AND (k.ends_on IS NULL OR k.ends_on > r.about_on))
    WHEN 'education' THEN coalesce((
        SELECT sum(l.minutes) FROM continuing_education l
         WHERE l.caregiver_id = r.caregiver_id AND l.attended_on <= :day
           AND l.attended_on BETWEEN date_trunc('year', r.about_on)::date AND r.about_on
        ), 0) >= (r.facts->>'needed')::integer
    WHEN 'attendance' THEN (
        SELECT count(DISTINCT t.day) FROM attendance_day t
         WHERE t.caregiver_id = r.caregiver_id AND t.day <= :day
           AND t.day BETWEEN date_trunc('month', r.about_on)::date AND r.about_on
        ) >= (r.facts->>'needed')::integer
    WHEN 'papers' THEN r.id = ANY (:papers_there)
    WHEN 'instalment' THEN EXISTS (
        SELECT 1 FROM allowance_claim_line l JOIN allowance_claim k ON k.id = l.claim_id
         WHERE l.caregiver_id = r.caregiver_id AND l.programme = 'entry_reward'
           AND l.period = r.facts->>'number' AND l.is_live
           AND k.state IN ('handed_in', 'accepted'))
    WHEN 'window_opens' THEN {CLAIMED}
    WHEN 'window_closes' THEN {CLAIMED}
    ELSE false END
"""

OPEN_PAPERS = text(
    """
    SELECT r.id, r.caregiver_id, r.facts->>'programme' AS programme, r.facts->'missing' AS named
      FROM reminder r
     WHERE r.kind = 'papers' AND r.done_on IS NULL
       AND (CAST(:since AS date) IS NULL OR r.about_on >= :since)
       AND (CAST(:caregiver_id AS bigint) IS NULL OR r.caregiver_id = :caregiver_id)
     ORDER BY r.id
    """
)
Missing = Mapping[tuple[int, str], frozenset[str]]


def find_papers_there(
    session: Session, *, day: date, since: date | None = None, caregiver_id: int | None = None
) -> list[int]:
    """Return the reminders of papers that this actor sees and of which nothing is missing now.

    `since` leaves out what is about days before.
    """
    asked = {"since": since, "caregiver_id": caregiver_id}
    rows = session.connection().execute(OPEN_PAPERS, asked).all()
    if not rows:
        return []
    with reaching_everywhere(session):
        missing = _missing(session, sorted({row.caregiver_id for row in rows}), day)
    return [
        row.id
        for row in rows
        if not missing.get((row.caregiver_id, row.programme), frozenset()).intersection(row.named)
    ]


def _missing(session: Session, caregiver_ids: Sequence[int], day: date) -> Missing:
    """What each lacks of each programme; whoever works nowhere any more has nothing to bring."""
    rules = find_rulebook(session).rules_on(day)
    return {
        (one.caregiver_id, programme.value): frozenset(missing_papers(one, rule, day))
        for one in find_known(session, caregiver_ids, OF_PAPERS)
        if any(work.holds_on(day) for work in one.works)
        for programme, rule in rules.items()
    }
