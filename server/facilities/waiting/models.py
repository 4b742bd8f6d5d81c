"""Waiting for a bed, and offers of one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.facilities.models import BedKind, number
from server.facilities.referrals.models import RequestedBy


class WaitingState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LEFT = "left"
    REMOVED = "removed"


class WaitingGround(StrEnum):
    """Why somebody has the place in the order that they have."""

    TEKUN = "tekun"  # 特困
    DISABLED = "disabled"  # 失能, by a confirmed level
    NONE = "none"  # the day of the application alone


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"  # the bed was taken, or the person left the list


STILL_WAITS = (WaitingState.WAITING, WaitingState.OFFERED)
_STILL_WAITS = "state IN ('waiting', 'offered')"


class WaitingEntry(Table, table=True):
    """入住申请: a person's place in the list of one facility and kind of bed.

    The order is (priority, since, id). Whoever does not take an offer keeps the place, and is not
    asked again before `paused_until`.
    """

    __tablename__ = "waiting_entry"
    __table_args__ = (
        CheckConstraint(f"({_STILL_WAITS}) = (ended_at IS NULL)", name="ended_at_a_time"),
        CheckConstraint("(state = 'removed') = (end_reason <> '')", name="removed_for_a_reason"),
        CheckConstraint("priority BETWEEN 1 AND 9", name="priority_is_small"),
        Index(
            "uq_waiting_entry_one_open",
            "resident_id",
            "site_id",
            "kind",
            unique=True,
            postgresql_where=text(_STILL_WAITS),
        ),
        Index(
            "ix_waiting_entry_order",
            "site_id",
            "kind",
            "priority",
            "since",
            "id",
            postgresql_where=text(_STILL_WAITS),
        ),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    site_id: int = refers_to("site.id")
    kind: BedKind = chosen_from(BedKind)
    since: datetime = instant()
    priority: int = Field(ge=1, le=9)
    ground: WaitingGround = chosen_from(WaitingGround)
    asked_by: RequestedBy = chosen_from(RequestedBy)
    state: WaitingState = chosen_from(WaitingState)
    paused_until: datetime | None = instant(optional=True)
    ended_at: datetime | None = instant(optional=True)
    end_reason: str = Field(default="", max_length=200)


class BedOffer(Table, table=True):
    """A free bed offered to the first of the list, until an instant."""

    __tablename__ = "bed_offer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["bed_id", "site_id", "kind"],
            ["bed.id", "bed.site_id", "bed.kind"],
            name="fk_bed_offer_bed",
        ),
        CheckConstraint("expires_at > made_at", name="expires_after_it_was_made"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_at_a_time"),
        CheckConstraint("(state = 'accepted') = (stay_id IS NOT NULL)", name="accepted_with_a_bed"),
        Index(
            "uq_bed_offer_one_a_bed",
            "bed_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "uq_bed_offer_one_an_entry",
            "entry_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_bed_offer_entry_id", "entry_id"),
    )

    id: int | None = key()
    entry_id: int = refers_to("waiting_entry.id")
    resident_id: int = refers_to("resident.id", index=True)
    site_id: int = refers_to("site.id")
    kind: BedKind = chosen_from(BedKind)
    bed_id: int = number()
    made_at: datetime = instant()
    expires_at: datetime = instant()
    state: OfferState = chosen_from(OfferState)
    answered_at: datetime | None = instant(optional=True)
    stay_id: int | None = refers_to("stay.id", optional=True)
