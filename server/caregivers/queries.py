"""Who a caregiver is, and where they work on a day."""

from datetime import date

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from server.caregivers.models import Caregiver, Employment, EmploymentContract, SkillCertificate


def find_own(session: Session, *, account_id: int) -> Caregiver | None:
    """Return the caregiver whose phone account this is, if it is one's."""
    return session.exec(select(Caregiver).where(Caregiver.account_id == account_id)).first()


def employed_on(day: date) -> ColumnElement[bool]:
    """An employment that holds on the civil day; its last day is the one before `ends_on`."""
    return (col(Employment.starts_on) <= day) & or_(
        col(Employment.ends_on).is_(None), col(Employment.ends_on) > day
    )


def contracted_on(day: date) -> ColumnElement[bool]:
    """A contract that holds on the civil day."""
    return (col(EmploymentContract.starts_on) <= day) & or_(
        col(EmploymentContract.ends_on).is_(None), col(EmploymentContract.ends_on) > day
    )


def certified_on(day: date) -> ColumnElement[bool]:
    """A certificate that is good on the civil day, its last day included."""
    good = or_(
        col(SkillCertificate.valid_until).is_(None), col(SkillCertificate.valid_until) >= day
    )
    whole = or_(
        col(SkillCertificate.annulled_on).is_(None), col(SkillCertificate.annulled_on) > day
    )
    return (col(SkillCertificate.issued_on) <= day) & good & whole
