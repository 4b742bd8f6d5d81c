"""Pairs of residents that may be one person, and how a pair was made one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    instant,
    key,
    refers_to,
    structured,
    words,
)


class PairState(StrEnum):
    OPEN = "open"  # 待核对
    DIFFERENT = "different"  # 不是同一人
    MERGED = "merged"  # 已合并


class Likeness(StrEnum):
    """What two residents have in common besides name and birth day."""

    PHONE = "phone"
    VILLAGE = "village"


class PossibleDuplicate(Table, table=True):
    """疑似重复: two residents of one name and birth day, and the same phone or village.

    The smaller number comes first, so that a pair is there once.
    """

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id", name="uq_possible_duplicate_pair"),
        CheckConstraint("one_id < other_id", name="smaller_number_first"),
        CheckConstraint("why <@ ARRAY['phone', 'village'] AND why <> '{}'", name="why_is_known"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)"
            " AND (decided_by IS NULL OR decided_at IS NOT NULL)"
            " AND (state <> 'different' OR reason IS NOT NULL)",
            name="decision_is_whole",
        ),
        Index("ix_possible_duplicate_state", "state", "found_at", "id"),
    )

    id: int | None = key()
    one_id: int = refers_to("resident.id")
    other_id: int = refers_to("resident.id", index=True)
    why: list[str] = words()
    found_at: datetime = instant()
    state: PairState = chosen_from(PairState, default=PairState.OPEN)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
    reason: str | None = Field(default=None, max_length=400)


class MergeState(StrEnum):
    PROPOSED = "proposed"  # 待确认
    DECLINED = "declined"  # 已退回
    DONE = "done"  # 已合并
    UNDONE = "undone"  # 已撤销


class ResidentMerge(Table, table=True):
    """合并: one resident is kept, the other becomes part of it; proposed by one, done by another.

    `taken` are the fields that the kept one takes from the other, which gets the kept one's in
    exchange. `journal` says what was moved, by number; it holds no personal data.
    """

    __tablename__ = "resident_merge"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two_residents"),
        different_people("proposed_by", "decided_by", name="not_decided_by_its_proposer"),
        CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)"
            " AND (decided_by IS NULL OR decided_at IS NOT NULL)",
            name="decision_is_whole",
        ),
        CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)"
            " AND (state = 'undone') = (undo_reason IS NOT NULL)"
            " AND (undone_by IS NULL OR undone_at IS NOT NULL)",
            name="undoing_is_whole",
        ),
        CheckConstraint(
            "(state IN ('done', 'undone')) = coalesce(jsonb_typeof(journal) = 'object', false)",
            name="done_has_its_journal",
        ),
        Index(
            "uq_resident_merge_one_standing",
            "pair_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'done')"),
        ),
        Index("ix_resident_merge_state", "state", "proposed_at", "id"),
    )

    id: int | None = key()
    pair_id: int = refers_to("possible_duplicate.id", index=True)
    kept_id: int = refers_to("resident.id", index=True)
    merged_id: int = refers_to("resident.id", index=True)
    taken: list[str] = words()
    state: MergeState = chosen_from(MergeState, default=MergeState.PROPOSED)
    reason: str = Field(max_length=400, description="Why they are one person.")
    proposed_at: datetime = instant()
    proposed_by: int | None = refers_to("staff.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
    note: str | None = Field(default=None, max_length=400, description="Why it was given back.")
    journal: dict[str, object] | None = structured(optional=True)
    undone_at: datetime | None = instant(optional=True)
    undone_by: int | None = refers_to("staff.id", optional=True)
    undo_reason: str | None = Field(default=None, max_length=400)
