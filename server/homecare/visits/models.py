"""Visits at home, and what proves that they were made."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, words


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
