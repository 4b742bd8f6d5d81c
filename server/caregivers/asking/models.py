"""Looks into a caregiver's file, scans that caregivers send, and takeovers between employers."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from server.caregivers.models import Post
from server.db.tables import Table, chosen_from, instant, key, refers_to


class CaregiverOpening(Table, table=True):
    """A staff member looked at a caregiver's whole ID number or account, for a reason."""

    __tablename__ = "caregiver_opening"
    __table_args__ = (
        CheckConstraint("expires_at > opened_at", name="ends_after_start"),
        CheckConstraint("length(btrim(reason)) >= 2", name="reason_is_said"),
        Index("ix_caregiver_opening_caregiver_id", "caregiver_id", "opened_at"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id")
    staff_id: int = refers_to("staff.id")
    reason: str = Field(max_length=200)
    opened_at: datetime = instant()
    expires_at: datetime = instant()


class ProofKind(StrEnum):
    """What a caregiver photographed for their file."""

    CERTIFICATE = "certificate"  # 技能等级证书
    EDUCATION = "education"  # 学历或其认证


class Settled(StrEnum):
    """What became of something that somebody else has to say yes to."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class CaregiverProof(Table, table=True):
    """A scan that a caregiver sent from their phone; whoever keeps the file confirms it."""

    __tablename__ = "caregiver_proof"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_is_dated"),
        Index("ix_caregiver_proof_caregiver_id", "caregiver_id", "sent_at"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id")
    kind: ProofKind = chosen_from(ProofKind)
    file_id: int = refers_to("file.id")
    sent_at: datetime = instant()
    state: Settled = chosen_from(Settled)
    settled_at: datetime | None = instant(optional=True)
    settled_by: int | None = refers_to("staff.id", optional=True)
    said: str = Field(default="", max_length=200)


class EmploymentTakeover(Table, table=True):
    """调入: another provider's site asks for somebody who still works elsewhere.

    Whoever employs them says from which day they may go; then both employments change at once.
    """

    __tablename__ = "employment_takeover"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_is_dated"),
        CheckConstraint("from_site_id <> to_site_id", name="goes_elsewhere"),
        Index(
            "uq_employment_takeover_one_waiting",
            "caregiver_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_employment_takeover_from_site_id", "from_site_id"),
        Index("ix_employment_takeover_to_site_id", "to_site_id"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id")
    from_site_id: int = refers_to("site.id")
    to_site_id: int = refers_to("site.id")
    post: Post = chosen_from(Post)
    is_front_line: bool
    is_full_time: bool = True
    on_establishment: bool = False
    starts_on: date
    asked_at: datetime = instant()
    asked_by: int | None = refers_to("staff.id", optional=True)
    state: Settled = chosen_from(Settled)
    settled_at: datetime | None = instant(optional=True)
    settled_by: int | None = refers_to("staff.id", optional=True)
    said: str = Field(default="", max_length=200)
