"""A referral: who shall go from where to which kind of bed, why, and how it was answered."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    text,
)
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.facilities.models import BedKind, number


class ReferralReason(StrEnum):
    """治疗期住院、康复期护理、稳定期生活照料、安宁疗护 有序衔接: 山东省五床联动试点, S117."""

    TREATMENT = "treatment"  # 治疗
    RECOVERY = "recovery"  # 康复护理
    DAILY_CARE = "daily_care"  # 稳定期生活照料
    HOSPICE_CARE = "hospice_care"  # 安宁疗护
    NEARER_FAMILY = "nearer_family"  # 离家近
    OTHER = "other"


class RequestedBy(StrEnum):
    STAFF = "staff"
    HELPER = "helper"
    SELF = "self"


class ReferralState(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"


OPEN = (ReferralState.REQUESTED, ReferralState.ACCEPTED)


class Referral(Table, table=True):
    """转介: a request to a facility to take somebody into a kind of bed.

    `from_stay_id` is None for somebody who comes from home. `held_stay_id` is the bed that the
    facility named when it accepted; a return into a bed that was kept needs none.
    """

    __tablename__ = "referral"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wished_bed_id", "to_site_id", "to_kind"],
            ["bed.id", "bed.site_id", "bed.kind"],
            name="fk_referral_wished_bed",
        ),
        CheckConstraint(
            "(state = 'declined') = (decline_reason <> '')", name="declined_for_a_reason"
        ),
        CheckConstraint(
            "(state = 'carried_out') = (handed_over_on IS NOT NULL)", name="carried_out_on_a_day"
        ),
        CheckConstraint(
            "num_nonnulls(from_stay_id, from_site_id, from_kind) IN (0, 3)",
            name="comes_from_a_place",
        ),
        CheckConstraint("from_stay_id IS NOT NULL OR NOT keeps_bed", name="keeps_a_bed_it_has"),
        CheckConstraint("(state = 'requested') = (decided_at IS NULL)", name="decided_at_a_time"),
        Index(
            "uq_referral_one_open",
            "resident_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'accepted')"),
        ),
        Index("ix_referral_to_site_id", "to_site_id", "state"),
        Index("ix_referral_from_site_id", "from_site_id", "state"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    from_stay_id: int | None = refers_to("stay.id", optional=True)
    from_site_id: int | None = refers_to("site.id", optional=True)
    from_kind: BedKind | None = chosen_from(BedKind, optional=True, check="from_bedkind")
    keeps_bed: bool = Field(default=False, description="The bed left is kept for the return.")
    to_site_id: int = refers_to("site.id")
    to_kind: BedKind = chosen_from(BedKind, check="to_bedkind")
    wished_bed_id: int | None = number(optional=True)
    reason: ReferralReason = chosen_from(ReferralReason)
    basis: str = Field(max_length=200, description="What shows the need: a level, a diagnosis.")
    requested_by: RequestedBy = chosen_from(RequestedBy)
    requested_at: datetime = instant()
    decide_by: date = Field(description="The last day on which it may be answered.")
    state: ReferralState = chosen_from(ReferralState)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = Field(
        default=None, sa_column=Column(ForeignKey("staff.id"), nullable=True)
    )
    decline_reason: str = Field(default="", max_length=200)
    held_stay_id: int | None = refers_to("stay.id", optional=True)
    handover_note: str = Field(default="", max_length=400)
    handed_over_on: date | None = None
