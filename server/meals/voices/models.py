"""Faces given to meals, words said of canteens with their answers, and what canteens announce."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to


class MealVoiceKind(StrEnum):
    """A suggestion is the canteen's to answer like a complaint; it has more time."""

    TASTE = "taste"
    COLD = "cold"
    LATE = "late"
    SHORT = "short"
    ATTITUDE = "attitude"
    UNCLEAN = "unclean"
    OTHER = "other"
    SUGGESTION = "suggestion"


class MealRating(Table, table=True):
    """How the eater, or a helper, found a meal: one of three faces."""

    __tablename__ = "meal_rating"
    __table_args__ = (
        UniqueConstraint("booking_id"),
        CheckConstraint("score BETWEEN 1 AND 3", name="score_is_a_face"),
        CheckConstraint("changed_at >= rated_at", name="changed_afterwards"),
        Index("ix_meal_rating_site_id", "site_id", "service_on"),
    )

    id: int | None = key()
    booking_id: int = refers_to("booking.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    service_on: date
    score: int = Field(description="3 good, 2 so-so, 1 bad.")
    rated_at: datetime = instant()
    changed_at: datetime = instant()


class MealVoice(Table, table=True):
    """A complaint or suggestion about a canteen, and the answer.

    It is the canteen's; what an answer has not solved (`follows_id`) is the county's, until the
    county hands it to the canteen.
    """

    __tablename__ = "meal_voice"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_at_a_time"),
        CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name="handed_by_somebody"),
        CheckConstraint("handed_at IS NULL OR follows_id IS NOT NULL", name="handed_what_follows"),
        UniqueConstraint("follows_id"),
        Index("ix_meal_voice_due_on", "due_on", postgresql_where=text("answered_at IS NULL")),
        Index("ix_meal_voice_site_id", "site_id", "said_at"),
        Index("ix_meal_voice_resident_id", "resident_id"),
    )

    id: int | None = key()
    kind: MealVoiceKind = chosen_from(MealVoiceKind)
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    booking_id: int | None = refers_to("booking.id", optional=True)
    words: str = Field(default="", max_length=400)
    said_at: datetime = instant()
    due_on: date = Field(description="The last day to answer on.")
    answer: str = Field(default="", max_length=400)
    answered_at: datetime | None = instant(optional=True)
    answered_by: int | None = refers_to("staff.id", optional=True)
    handed_at: datetime | None = instant(optional=True)
    handed_by: int | None = refers_to("staff.id", optional=True)
    handed_words: str = Field(default="", max_length=200)
    follows_id: int | None = refers_to("meal_voice.id", optional=True)


class MealNotice(Table, table=True):
    """公告: what a canteen tells its eaters, or a county those of all of them, for some days."""

    __tablename__ = "meal_notice"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("title <> '' AND words <> ''", name="says_something"),
        CheckConstraint("num_nonnulls(site_id, division_code) = 1", name="of_one"),
        Index("ix_meal_notice_ends_on", "ends_on"),
    )

    id: int | None = key()
    site_id: int | None = refers_to("site.id", optional=True)
    division_code: str | None = Field(default=None, max_length=12)
    title: str = Field(max_length=40)
    words: str = Field(max_length=400)
    starts_on: date
    ends_on: date
    made_at: datetime = instant()
    made_by: int = refers_to("staff.id")
    withdrawn_at: datetime | None = instant(optional=True)


class ToldKind(StrEnum):
    """What eaters are told: an announcement in words, or that a canteen serves nothing."""

    NOTICE = "notice"
    CLOSURE = "closure"


class MealNoticeRead(Table, table=True):
    """已读: an account has opened an announcement, or what was told of a closed day."""

    __tablename__ = "meal_notice_read"
    __table_args__ = (
        UniqueConstraint("account_id", "notice_id"),
        UniqueConstraint("account_id", "closure_id"),
        CheckConstraint("num_nonnulls(notice_id, closure_id) = 1", name="of_one"),
    )

    id: int | None = key()
    account_id: int = refers_to("account.id")
    notice_id: int | None = refers_to("meal_notice.id", optional=True)
    closure_id: int | None = refers_to("canteen_closure.id", optional=True)
    read_at: datetime = instant()
