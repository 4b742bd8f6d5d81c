"""Visits at home, and what proves that they were made."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    instant,
    key,
    refers_to,
    words,
)


class VisitState(StrEnum):
    PLANNED = "planned"  # 待上门
    UNDER_WAY = "under_way"  # 服务中: arrived, not left
    DONE = "done"  # 已完成
    MISSED = "missed"  # 未上门
    CANCELLED = "cancelled"  # 已取消


class ConfirmedBy(StrEnum):
    """Who says that the visit was made, beside the care worker."""

    TAP = "tap"  # the elder taps on the worker's phone
    OWN_PHONE = "own_phone"  # the elder, on their own phone
    HELPER = "helper"  # a helper, later
    CODE = "code"  # the elder's six digits


STILL_HOLDS = "state <> 'cancelled'"


def minutes_of(column: str) -> str:
    """The minutes of a visit, folded with a number so that btree_gist is not needed.

    Counted from 2000-01-01 UTC; a visit lies between 2000 and 2190.
    """
    start = (
        "(floor(extract(epoch FROM starts_at - TIMESTAMPTZ '2000-01-01 00:00+00') / 60))::bigint"
    )
    return f"int8range({column} * 100000000 + {start}, {column} * 100000000 + {start} + minutes)"


class CareVisit(Table, table=True):
    """上门服务: one care worker at one elder's home, at one time.

    Nobody is at two visits at once, and nobody is visited by two at once: the planned times of
    visits that still hold do not meet. `home_bed_id` is None for a home service bought without a
    bed. `minutes` are those ordered.
    """

    __tablename__ = "care_visit"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes_are_believable"),
        CheckConstraint(
            "(state = 'cancelled') = (cancel_reason <> '')", name="cancelled_for_a_reason"
        ),
        ExcludeConstraint(
            (text(minutes_of("worker_id")), "&&"),
            name="ex_care_visit_one_worker_at_once",
            where=text(STILL_HOLDS),
        ),
        ExcludeConstraint(
            (text(minutes_of("resident_id")), "&&"),
            name="ex_care_visit_one_visit_at_once",
            where=text(STILL_HOLDS),
        ),
        Index("ix_care_visit_resident_id", "resident_id", "service_on"),
        Index("ix_care_visit_worker_id", "worker_id", "service_on"),
        Index("ix_care_visit_site_id", "site_id", "service_on"),
        Index("ix_care_visit_home_bed_id", "home_bed_id", "service_on"),
        # One visit for each day of a plan's item, however often visits are made ahead.
        UniqueConstraint("plan_item_id", "planned_on"),
        CheckConstraint(
            "(plan_item_id IS NULL) = (planned_on IS NULL)", name="planned_on_a_day_of_its_plan"
        ),
    )

    id: int | None = key()
    home_bed_id: int | None = refers_to("home_bed.id", optional=True)
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    worker_id: int = refers_to("staff.id")
    service_on: date = Field(description="The civil day of the visit.")
    starts_at: datetime = instant()
    minutes: int
    services: list[str] = words(description="Codes of the city's catalogue of services.")
    state: VisitState = chosen_from(VisitState)
    cancel_reason: str = Field(default="", max_length=200)
    plan_item_id: int | None = refers_to("care_plan_item.id", optional=True)
    planned_on: date | None = Field(
        default=None, description="The day of the plan, wherever the visit was moved since."
    )


class VisitProof(Table, table=True):
    """上门凭证: arrival and leaving as the worker's device told them, and when they reached us.

    `arrived_at` and `left_at` are the device's; `…_recorded_at` the server's own. Positions are
    degrees, accuracies metres; a position of None means that the device had none. A correction is a
    row that names the one it corrects; the original is kept.
    """

    __tablename__ = "visit_proof"
    __table_args__ = (
        UniqueConstraint("arrival_key"),
        UniqueConstraint("leaving_key"),
        CheckConstraint("left_at >= arrived_at", name="left_after_arrival"),
        CheckConstraint(
            "(left_at IS NULL) = (left_recorded_at IS NULL)", name="leaving_is_recorded"
        ),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_at_a_time"
        ),
        CheckConstraint(
            "(arrived_x IS NULL) = (arrived_y IS NULL) AND (left_x IS NULL) = (left_y IS NULL)",
            name="positions_are_whole",
        ),
        # One proof that counts for each visit, and one open visit for each worker.
        Index(
            "uq_visit_proof_one_that_counts",
            "visit_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "uq_visit_proof_one_under_way",
            "worker_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL AND left_at IS NULL"),
        ),
        Index("ix_visit_proof_worker_id", "worker_id", "arrived_at"),
    )

    id: int | None = key()
    visit_id: int = refers_to("care_visit.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    worker_id: int = refers_to("staff.id")
    arrival_key: str = Field(max_length=64, description="The device's own id of the arrival.")
    leaving_key: str | None = Field(default=None, max_length=64)
    arrived_at: datetime = instant()
    arrived_recorded_at: datetime = instant()
    arrived_x: float | None = None
    arrived_y: float | None = None
    arrived_accuracy_m: int | None = None
    left_at: datetime | None = instant(optional=True)
    left_recorded_at: datetime | None = instant(optional=True)
    left_x: float | None = None
    left_y: float | None = None
    left_accuracy_m: int | None = None
    tasks_done: list[str] = words()
    photo_file_id: int | None = refers_to("file.id", optional=True)
    confirmed_by: ConfirmedBy | None = chosen_from(ConfirmedBy, optional=True)
    confirmed_at: datetime | None = instant(optional=True)
    corrects_id: int | None = refers_to("visit_proof.id", optional=True)
    superseded_at: datetime | None = instant(optional=True)
    skew_seconds: int | None = Field(
        default=None, description="The server's clock less the device's, when it was sent."
    )


class CorrectionState(StrEnum):
    ASKED = "asked"  # 待复核
    CONFIRMED = "confirmed"  # 已更正
    REFUSED = "refused"  # 未通过


class VisitCorrection(Table, table=True):
    """更正: what really was, why it was noted otherwise, and the second person who decides.

    `proof_id` is the proof that it puts right; None where there was none at all.
    """

    __tablename__ = "visit_correction"
    __table_args__ = (
        CheckConstraint("left_at > arrived_at", name="left_after_arrival"),
        CheckConstraint("reason <> ''", name="for_a_reason"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_at_a_time"),
        different_people("asked_by", "decided_by", name="decided_by_another"),
        Index(
            "uq_visit_correction_one_asked",
            "visit_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_visit_correction_site_id", "site_id", "state"),
    )

    id: int | None = key()
    visit_id: int = refers_to("care_visit.id")
    proof_id: int | None = refers_to("visit_proof.id", optional=True)
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    arrived_at: datetime = instant()
    left_at: datetime = instant()
    tasks_done: list[str] = words()
    reason: str = Field(max_length=200)
    state: CorrectionState = chosen_from(CorrectionState)
    asked_at: datetime = instant()
    asked_by: int = refers_to("staff.id")
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)


class HomeMonthClose(Table, table=True):
    """月结: from here on nothing is proved, corrected or moved in a provider's month."""

    __tablename__ = "home_month_close"
    __table_args__ = (
        UniqueConstraint("site_id", "month"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
    )

    id: int | None = key()
    site_id: int = refers_to("site.id")
    month: date = Field(description="Its first day.")
    closed_at: datetime = instant()
    closed_by: int | None = refers_to("staff.id", optional=True)


class VisitRating(Table, table=True):
    """How the elder, or a helper, found a visit: one of three faces."""

    __tablename__ = "visit_rating"
    __table_args__ = (
        UniqueConstraint("visit_id"),
        CheckConstraint("score BETWEEN 1 AND 3", name="score_is_a_face"),
        Index("ix_visit_rating_site_id", "site_id"),
    )

    id: int | None = key()
    visit_id: int = refers_to("care_visit.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    score: int = Field(description="3 good, 2 so-so, 1 bad.")
    words: str = Field(default="", max_length=200)
    rated_at: datetime = instant()


class CareWishKind(StrEnum):
    CHANGE = "change"  # 想改一改
    COMPLAINT = "complaint"  # 投诉


class CareWish(Table, table=True):
    """What somebody cared for at home asks to be changed, or complains of, and the answer.

    A complaint is the county's until it is handed to the provider; a change is the provider's.
    `follows_id` is what was answered and is not solved.
    """

    __tablename__ = "care_wish"
    __table_args__ = (
        CheckConstraint("words <> ''", name="says_something"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_at_a_time"),
        CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name="handed_by_somebody"),
        UniqueConstraint("follows_id"),
        Index("ix_care_wish_due_on", "due_on", postgresql_where=text("answered_at IS NULL")),
        Index("ix_care_wish_site_id", "site_id", "asked_at"),
        Index("ix_care_wish_resident_id", "resident_id"),
    )

    id: int | None = key()
    kind: CareWishKind = chosen_from(CareWishKind)
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    visit_id: int | None = refers_to("care_visit.id", optional=True)
    words: str = Field(max_length=400)
    asked_at: datetime = instant()
    answer: str = Field(default="", max_length=400)
    answered_at: datetime | None = instant(optional=True)
    answered_by: int | None = refers_to("staff.id", optional=True)
    due_on: date | None = Field(default=None, description="The last day to answer on.")
    handed_at: datetime | None = instant(optional=True)
    handed_by: int | None = refers_to("staff.id", optional=True)
    handed_words: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    follows_id: int | None = refers_to("care_wish.id", optional=True)
