"""Assessments of a resident, those that wait for a review, and the levels that hold on a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, and_, bindparam, func, or_, tuple_
from sqlalchemy import select as choose
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from server.errors import NotFound
from server.places.models import Division
from server.residents.assessments.models import (
    AbilityLevel,
    Assessment,
    AssessmentSheet,
    AssessmentStatus,
)
from server.residents.assessments.sheet import Sheet, unseal
from server.residents.models import Resident


def levels_on(day: date) -> Any:
    """Return the statement of (resident_id, level, assessment_id, ends_on) that hold on a day.

    One row for each resident with a level; later contexts join it instead of asking one by one.
    """
    return choose(
        col(Assessment.resident_id),
        col(Assessment.final_level).label("level"),
        col(Assessment.id).label("assessment_id"),
        col(Assessment.assessed_on),
        col(Assessment.scale_version),
        col(Assessment.starts_on),
        col(Assessment.ends_on),
    ).where(
        col(Assessment.status) == AssessmentStatus.CONFIRMED,
        col(Assessment.starts_on) <= day,
        col(Assessment.ends_on) > day,
    )


def ability_level_on(
    session: Session, resident_ids: Sequence[int], day: date
) -> Mapping[int, AbilityLevel]:
    """Return the level that holds on the civil day for those of the residents who have one."""
    query = levels_on(day).where(
        col(Assessment.resident_id) == func.any(bindparam("residents", type_=ARRAY(BigInteger)))
    )
    rows = session.execute(query, {"residents": list(resident_ids)}).all()
    return {row.resident_id: row.level for row in rows}


def find_level(session: Session, resident_id: int, *, on: date) -> Row[Any] | None:
    """Return the row of `levels_on` for one resident, None where no level holds."""
    query = levels_on(on).where(col(Assessment.resident_id) == resident_id)
    return session.execute(query).one_or_none()


def get_assessed_resident(
    session: Session, resident_id: int, *, prefixes: Sequence[str]
) -> Row[Any]:
    """Return who is assessed, as far as an office over these divisions reaches; `NotFound` else."""
    row = session.execute(
        choose(
            col(Resident.id),
            col(Resident.name),
            col(Resident.sex),
            col(Resident.born_on),
            col(Resident.died_on),
            col(Resident.moved_away_on),
            col(Resident.village_code),
            col(Division.name).label("village_name"),
        )
        .join(Division, col(Division.code) == col(Resident.village_code))
        .where(col(Resident.id) == resident_id, _lives_under(prefixes))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_assessments(session: Session, resident_id: int) -> Sequence[Row[Any]]:
    """Return a resident's assessments with who made and reviewed them, the latest first."""
    query = (
        _assessments()
        .where(col(Assessment.resident_id) == resident_id)
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
    )
    return session.execute(query).all()


def get_assessment(session: Session, assessment_id: int, *, resident_id: int) -> Row[Any]:
    """Return one of `list_assessments`; raises `NotFound`."""
    row = session.execute(
        _assessments().where(
            col(Assessment.id) == assessment_id, col(Assessment.resident_id) == resident_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_before(session: Session, assessment: Row[Any]) -> Row[Any] | None:
    """Return the confirmed assessment that came before this one."""
    query = (
        _assessments()
        .where(
            col(Assessment.resident_id) == assessment.resident_id,
            col(Assessment.status) == AssessmentStatus.CONFIRMED,
            tuple_(col(Assessment.assessed_on), col(Assessment.id))
            < tuple_(assessment.assessed_on, assessment.id),
        )
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
        .limit(1)
    )
    return session.execute(query).one_or_none()


def find_last_confirmed(session: Session, resident_id: int) -> Row[Any] | None:
    """Return day and first day of the resident's last confirmed assessment."""
    return session.execute(
        choose(col(Assessment.id), col(Assessment.assessed_on), col(Assessment.starts_on))
        .where(
            col(Assessment.resident_id) == resident_id,
            col(Assessment.status) == AssessmentStatus.CONFIRMED,
        )
        .order_by(col(Assessment.starts_on).desc())
        .limit(1)
    ).one_or_none()


def get_sheet(session: Session, assessment_id: int) -> Sheet:
    """Return what was answered; raises `NotFound` where this actor may not know it."""
    cipher = session.execute(
        choose(col(AssessmentSheet.sheet_cipher)).where(
            col(AssessmentSheet.assessment_id) == assessment_id
        )
    ).scalar_one_or_none()
    if cipher is None:
        raise NotFound()
    return unseal(bytes(cipher))


def list_waiting(
    session: Session,
    *,
    prefixes: Sequence[str],
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return what waits for a review under these divisions, the oldest first."""
    order = (col(Assessment.submitted_at), col(Assessment.id))
    query = (
        _with_residents()
        .where(col(Assessment.status) == AssessmentStatus.SUBMITTED, _lives_under(prefixes))
        .order_by(*order)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return session.execute(query).all()


def list_unfinished(session: Session, *, assessor_id: int, limit: int) -> Sequence[Row[Any]]:
    """Return the drafts of an assessor and what was returned to them, returned ones first."""
    query = (
        _with_residents()
        .where(
            col(Assessment.assessor_id) == assessor_id,
            col(Assessment.status).in_((AssessmentStatus.DRAFT, AssessmentStatus.RETURNED)),
        )
        .order_by(
            (col(Assessment.status) == AssessmentStatus.DRAFT),
            col(Assessment.assessed_on),
            col(Assessment.id),
        )
        .limit(limit)
    )
    return session.execute(query).all()


def _lives_under(prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Compared by leakproof operators, so that the index serves beneath row security too."""
    village = col(Resident.village_code)
    return or_(
        False,
        *(and_(village.op("~>=~")(p), village.op("~<~")(f"{p}:")) for p in prefixes),
    )


def _assessments() -> Any:
    """The database names those who signed, where row security hides them among the staff."""
    return choose(
        *Assessment.__table__.columns,  # type: ignore[attr-defined]
        func.name_of_signer(col(Assessment.assessor_id)).label("assessor_name"),
        func.name_of_signer(col(Assessment.reviewed_by)).label("reviewer_name"),
    ).select_from(Assessment)


def _with_residents() -> Any:
    return (
        choose(
            col(Assessment.id),
            col(Assessment.resident_id),
            col(Assessment.assessor_id),
            col(Assessment.status),
            col(Assessment.reason),
            col(Assessment.assessed_on),
            col(Assessment.submitted_at),
            col(Assessment.total),
            col(Assessment.final_level),
            func.name_of_signer(col(Assessment.assessor_id)).label("assessor_name"),
            col(Resident.name).label("resident_name"),
            col(Resident.born_on),
            col(Division.name).label("village_name"),
        )
        .join(Resident, col(Resident.id) == col(Assessment.resident_id))
        .join(Division, col(Division.code) == col(Resident.village_code))
    )
