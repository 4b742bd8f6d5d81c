"""培训补贴: what each trainee of a session brings, frozen once with the figures it rests on.

A later run pays from these rows; here nothing is paid.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session

from server import clock
from server.caregivers.training.enrolling import lock_session
from server.caregivers.training.errors import CourseNotSo, ResultsMissing
from server.caregivers.training.examining import waits_for_confirmation
from server.caregivers.training.models import SessionState, TrainingSubsidy
from server.caregivers.training.rules import Brought, TraineeFacts, bring
from server.caregivers.training.standing import Trainee, get_run, list_trainees
from server.db.refusals import all_or_nothing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.policies.queries import get_figures

SCHEMES, OF_KIND, MONTHS = "training.schemes", "training.scheme_of_kind", "training.claim_months"
KNOWN = text(
    """
    SELECT c.id,
           EXISTS (SELECT 1 FROM employment m WHERE m.caregiver_id = c.id AND m.on_establishment
                      AND m.starts_on <= :day AND (m.ends_on IS NULL OR m.ends_on > :day))
               AS is_on_establishment,
           EXISTS (SELECT 1 FROM skill_certificate k WHERE k.caregiver_id = c.id
                      AND (k.annulled_on IS NULL OR k.annulled_on > :day)
                      AND NOT EXISTS (SELECT 1 FROM completion_certificate o
                                        JOIN enrolment e ON e.id = o.enrolment_id
                                       WHERE o.skill_certificate_id = k.id
                                         AND e.session_id = :session))
               AS had_certificate,
           EXISTS (SELECT 1 FROM training_subsidy t WHERE t.caregiver_id = c.id AND t.year = :year
                      AND t.amount_fen > 0) AS brought_this_year
      FROM caregiver c WHERE c.id = ANY (:caregivers)
    """
)


@all_or_nothing
def freeze_subsidies(session: Session, session_id: int) -> int:
    """Freeze what each trainee brings, or why nothing; returns how many are new. Harmless twice.

    Raises `CourseNotSo`, `ResultsMissing`, `RuleMissing`, `NotFound`.
    """
    lock_session(session, session_id)
    run = get_run(session, session_id)
    if run.state != SessionState.PUBLISHED.value or run.ends_at > clock.now():
        raise CourseNotSo(state=run.state)
    trainees = list_trainees(session, run)
    if run.open_lists or waits_for_confirmation(trainees):
        raise ResultsMissing()
    if not trainees:
        return 0
    facts = _facts(session, run, trainees)
    figures = get_figures(session, [SCHEMES, OF_KIND, MONTHS], on=run.last_on)
    rows = [_row(session, run, one, facts[one.row.id], figures) for one in trainees]
    new = upsert(table_of(TrainingSubsidy)).values(rows).on_conflict_do_nothing()
    return len(session.execute(new.returning(table_of(TrainingSubsidy).c.id)).all())


def _facts(session: Session, run: Any, trainees: list[Trainee] | Any) -> Mapping[int, TraineeFacts]:
    """The facts decide, also those that the teacher may not see."""
    today, people = clock.today(), [one.row.caregiver_id for one in trainees]
    values = {
        "caregivers": [one for one in people if one is not None],
        "day": run.last_on,
        "session": run.id,
        "year": run.last_on.year,
    }
    with reaching_everywhere(session):
        known = {row.id: row for row in session.connection().execute(KNOWN, values)}
    return {one.row.id: _of(one, known.get(one.row.caregiver_id), today) for one in trainees}


def _of(trainee: Trainee, known: Any, today: date) -> TraineeFacts:
    return TraineeFacts(
        today=today,
        completed_on=trainee.completed_on,
        is_on_establishment=bool(known and known.is_on_establishment),
        had_certificate=bool(known and known.had_certificate),
        brought_this_year=bool(known and known.brought_this_year),
        days=trainee.row.days,
    )


def _row(
    session: Session, run: Any, trainee: Trainee, facts: TraineeFacts, figures: Mapping[str, Any]
) -> dict[str, Any]:
    scheme = figures[OF_KIND].value[run.kind]
    brought: Brought = bring(
        scheme, figures[SCHEMES].value.get(scheme), facts, claim_months=int(figures[MONTHS].value)
    )
    return {
        "enrolment_id": trainee.row.id,
        "session_id": run.id,
        "caregiver_id": trainee.row.caregiver_id,
        "division_code": run.division_code,
        "year": run.last_on.year,
        "scheme": brought.scheme,
        "amount_fen": brought.amount_fen,
        "reasons": [one.value for one in brought.reasons],
        "basis": {
            "parameters": [figure.parameter_id for figure in figures.values()],
            "days": facts.days,
            "completed_on": facts.completed_on.isoformat() if facts.completed_on else None,
        },
        "frozen_at": clock.now(),
        "frozen_by": actor_of(session).staff_id,
    }
