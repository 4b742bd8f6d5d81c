"""An assessment from its draft to the level that holds: one fills in, another reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from server import clock, events
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.roles import may
from server.policies.queries import Figure, get_figures
from server.residents.assessments import queries, rules
from server.residents.assessments.errors import (
    AssessmentNotOpen,
    AssessmentUnderWay,
    NobodyToAssess,
    NotTheAssessor,
    OwnAssessment,
)
from server.residents.assessments.events import AbilityLevelConfirmed
from server.residents.assessments.models import (
    NOTE_FIELD,
    Assessment,
    AssessmentReason,
    AssessmentSheet,
    AssessmentStatus,
)
from server.residents.assessments.scale import PRESENT, scales
from server.residents.assessments.sheet import Sheet, seal
from server.residents.models import Resident
from server.secrets.fields import keyring

REVIEW = "residents.review-assessment"
OPEN = (AssessmentStatus.DRAFT, AssessmentStatus.RETURNED)
NOT_DECIDED = (*OPEN, AssessmentStatus.SUBMITTED)


def begin_assessment(
    session: Session,
    resident_id: int,
    *,
    reason: AssessmentReason,
    assessed_on: date,
    note: str = "",
) -> Assessment:
    """Begin a draft that the actor alone fills in.

    Raises `AssessmentUnderWay`, `AssessmentDayUnusable`, `AssessmentOutdated`,
    `ReassessmentUnexplained`, `NobodyToAssess`, `RuleMissing`.
    """
    _check_is_here(session, resident_id, assessed_on)
    last = queries.find_last_confirmed(session, resident_id)
    last_day = last.assessed_on if last else None
    rules.check_day(assessed_on, last=last_day, today=clock.today())
    figures = _figures(session, assessed_on)
    rules.check_fresh(assessed_on, today=clock.today(), months=figures[rules.VALIDITY_MONTHS].value)
    repeat_days = figures[rules.REPEAT_DAYS].value
    rules.check_explained(assessed_on, last=last_day, note=note, repeat_days=repeat_days)

    assessment = Assessment(
        resident_id=resident_id,
        scale_version=PRESENT,
        reason=reason,
        assessed_on=assessed_on,
        assessor_id=_staff_id(session),
        status=AssessmentStatus.DRAFT,
    )
    with refusing(session, {"uq_assessment_one_open": AssessmentUnderWay()}):
        session.add(assessment)
    _put_sheet(session, assessment, Sheet(note=note.strip()))
    return assessment


def save_sheet(session: Session, assessment_id: int, changes: Mapping[str, Any]) -> Sheet:
    """Keep what has been filled in so far, and return the whole sheet.

    `changes` are members of `Sheet`; points are added to those given before. Raises
    `NotTheAssessor`, `AssessmentNotOpen`, `AnswersUnusable`.
    """
    assessment = _own_open(session, assessment_id)
    sheet = queries.get_sheet(session, assessment_id)
    points = {**sheet.points, **changes.get("points", {})}
    rules.check_points(scales()[assessment.scale_version], points)
    sheet = replace(sheet, **{**changes, "points": points})
    _put_sheet(session, assessment, sheet)
    return sheet


def submit_assessment(session: Session, assessment_id: int) -> rules.Outcome:
    """Hand the sheet in for a review: sums and level are reckoned now, and stand.

    Raises `AnswersMissing`, `ComaContradicted`, `NotTheAssessor`, `AssessmentNotOpen`,
    `RuleMissing`.
    """
    assessment = _own_open(session, assessment_id)
    sheet = queries.get_sheet(session, assessment_id)
    figures = _figures(session, assessment.assessed_on)
    outcome = judge_sheet(assessment.scale_version, sheet, figures)

    _put_sheet(session, assessment, replace(sheet, adjustments=list(outcome.adjustments)))
    for name, points in outcome.tally.sums.items():
        setattr(assessment, name, points)
    assessment.total = outcome.tally.total
    assessment.initial_level, assessment.final_level = outcome.initial, outcome.final
    assessment.figures = {key: figure.parameter_id for key, figure in figures.items()}
    assessment.status, assessment.submitted_at = AssessmentStatus.SUBMITTED, clock.now()
    assessment.reviewed_by = assessment.reviewed_at = None
    assessment.note_cipher = assessment.note_digest = None
    session.flush()
    return outcome


def judge_sheet(version: str, sheet: Sheet, figures: Mapping[str, Figure]) -> rules.Outcome:
    """Return what a sheet comes to by the figures of its day; raises as `rules.judge` does."""
    most_steps = figures[rules.MOST_STEPS].value
    return rules.judge(scales()[version], sheet.points, sheet.grounds, most_steps=most_steps)


def return_assessment(session: Session, assessment_id: int, *, note: str) -> None:
    """Give it back to the assessor with what is to be mended.

    Raises `OwnAssessment`, `AssessmentNotOpen`.
    """
    assessment = _to_review(session, assessment_id)
    assessment.status = AssessmentStatus.RETURNED
    _write_note(assessment, note)
    _sign(session, assessment)


def confirm_assessment(session: Session, assessment_id: int) -> Assessment:
    """Let the level hold from today, end the one before, and tell the other contexts.

    Raises `OwnAssessment`, `AssessmentNotOpen`, `AssessmentOutdated`, `NobodyToAssess`.
    """
    assessment = _to_review(session, assessment_id)
    _check_is_here(session, assessment.resident_id, clock.today())
    before = queries.find_last_confirmed(session, assessment.resident_id)
    starts_on, ends_on = rules.period_of(
        assessed_on=assessment.assessed_on,
        confirmed_on=clock.today(),
        current_starts_on=before.starts_on if before else None,
        months=_figures(session, assessment.assessed_on)[rules.VALIDITY_MONTHS].value,
    )
    with refusing(session, {"ex_assessment_one_level_a_day": AssessmentNotOpen()}):
        if before:
            _end(session, before.id, on=starts_on)
        assessment.status = AssessmentStatus.CONFIRMED
        assessment.starts_on, assessment.ends_on = starts_on, ends_on
        _sign(session, assessment)
    events.publish(session, _announced(assessment, starts_on, ends_on))
    return assessment


def withdraw_assessment(session: Session, assessment_id: int, *, note: str) -> None:
    """Take back what was not confirmed; the assessor may, and whoever reviews.

    Raises `NotTheAssessor`, `AssessmentNotOpen`.
    """
    assessment = _locked(session, assessment_id, NOT_DECIDED)
    actor = actor_of(session)
    if assessment.assessor_id != actor.staff_id and not may(actor, REVIEW):
        raise NotTheAssessor()
    assessment.status = AssessmentStatus.WITHDRAWN
    _write_note(assessment, note)
    session.flush()


def _locked(
    session: Session, assessment_id: int, statuses: Sequence[AssessmentStatus]
) -> Assessment:
    """Return the assessment, held for this transaction; raises `AssessmentNotOpen`."""
    assessment = session.exec(
        select(Assessment)
        .where(col(Assessment.id) == assessment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if assessment is None:
        raise NotFound()
    if assessment.status not in statuses:
        raise AssessmentNotOpen()
    return assessment


def _own_open(session: Session, assessment_id: int) -> Assessment:
    assessment = _locked(session, assessment_id, OPEN)
    if assessment.assessor_id != _staff_id(session):
        raise NotTheAssessor()
    return assessment


def _to_review(session: Session, assessment_id: int) -> Assessment:
    assessment = _locked(session, assessment_id, (AssessmentStatus.SUBMITTED,))
    if assessment.assessor_id == _staff_id(session):
        raise OwnAssessment()
    return assessment


def _sign(session: Session, assessment: Assessment) -> None:
    assessment.reviewed_by, assessment.reviewed_at = _staff_id(session), clock.now()
    session.flush()


def _write_note(assessment: Assessment, note: str) -> None:
    assessment.note_cipher = keyring().encrypt(note, NOTE_FIELD)
    assessment.note_digest = keyring().digest(note, NOTE_FIELD)


def _end(session: Session, assessment_id: int, *, on: date) -> None:
    """Flushed at once: the database sees the end before the next level begins."""
    before = session.get_one(Assessment, assessment_id)
    if before.ends_on is not None and before.ends_on > on:
        before.ends_on = on
        session.flush()


def _put_sheet(session: Session, assessment: Assessment, sheet: Sheet) -> None:
    """Seal the sheet; where nothing changed nothing is written."""
    sealed = seal(sheet)
    assert assessment.id is not None
    kept = session.get(AssessmentSheet, assessment.id)
    if kept is None:
        session.add(AssessmentSheet(assessment_id=assessment.id, **asdict(sealed)))
    elif kept.sheet_digest != sealed.sheet_digest:
        kept.sheet_cipher, kept.sheet_digest = sealed.sheet_cipher, sealed.sheet_digest
    session.flush()


def _check_is_here(session: Session, resident_id: int, on: date) -> None:
    """Held until the end, so that a departure reported meanwhile finds what is begun here."""
    resident = session.get(Resident, resident_id, with_for_update={"key_share": True, "read": True})
    if resident is None:
        raise NotFound()
    left = [day for day in (resident.died_on, resident.moved_away_on) if day is not None]
    if any(day <= on for day in left):
        raise NobodyToAssess()


def _figures(session: Session, day: date) -> Mapping[str, Figure]:
    return get_figures(session, rules.FIGURES_OF_AN_ASSESSMENT, on=day)


def _staff_id(session: Session) -> int:
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotTheAssessor()
    return staff_id


def _announced(assessment: Assessment, starts_on: date, ends_on: date) -> AbilityLevelConfirmed:
    assert assessment.id is not None
    assert assessment.final_level is not None
    return AbilityLevelConfirmed(
        assessment.id, assessment.resident_id, assessment.final_level, starts_on, ends_on
    )
