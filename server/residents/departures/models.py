"""Reports that a resident has died or moved away, each with the journal of what it ended."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, structured

AT_THE_WINDOW = "window"
IN_A_HOME = "home"  # told by the home where the person lived, confirmed by the county


class DepartureKind(StrEnum):
    DIED = "died"  # 离世
    MOVED_AWAY = "moved_away"  # 迁出


class Departure(Table, table=True):
    """离世/迁出报告: from the day after `happened_on` nothing is owed to the resident any more.

    `effects` is the journal: what was ended, each with its table, key and value before. A reversed
    report stays, so that the same feed cannot bring it back.
    """

    __tablename__ = "departure"
    __table_args__ = (
        UniqueConstraint("source", "source_reference"),
        Index(
            "uq_departure_one_standing",
            "resident_id",
            "kind",
            unique=True,
            postgresql_where=text("reversed_at IS NULL"),
        ),
        CheckConstraint(
            "happened_on <= (reported_at AT TIME ZONE 'Asia/Shanghai')::date", name="has_happened"
        ),
        CheckConstraint(
            "(reversed_at IS NULL) = (reversal_reason IS NULL)"
            " AND (reversed_by IS NULL OR reversed_at IS NOT NULL)",
            name="reversal_is_whole",
        ),
        CheckConstraint("reversed_at >= reported_at", name="reversed_after_report"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    kind: DepartureKind = chosen_from(DepartureKind)
    happened_on: date
    source: str = Field(max_length=40, description="Which feed, `window` or `home`.")
    source_reference: str | None = Field(default=None, max_length=80)
    reported_at: datetime = instant()
    reported_by: int | None = refers_to("staff.id", optional=True)
    effects: list[dict[str, object]] = structured(
        description="What it ended: table, key, before, after; `is_back` once it was reversed."
    )
    reversed_at: datetime | None = instant(optional=True)
    reversed_by: int | None = refers_to("staff.id", optional=True)
    reversal_reason: str | None = Field(default=None, max_length=400)
