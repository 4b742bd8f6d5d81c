"""Packs as they were proposed and decided, and the versions of programmes that are in force."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    instant,
    key,
    refers_to,
    sealed,
    structured,
)


class PackState(StrEnum):
    PROPOSED = "proposed"  # 待审定
    ACTIVE = "active"  # 已启用
    REFUSED = "refused"  # 已退回
    WITHDRAWN = "withdrawn"  # 已撤回


class PolicyPack(Table, table=True):
    """政策包: all programmes of a city as one person proposed them and another put them in force.

    `content` is what the files said, programme by programme; `digest` is over it. Neither changes.
    `reopens`: whoever decided knew that months were reckoned otherwise, to be put right.
    """

    __tablename__ = "policy_pack"
    __table_args__ = (
        different_people("proposed_by", "decided_by", name="not_decided_by_its_maker"),
        CheckConstraint(
            "(state IN ('active', 'refused')) = (decided_by IS NOT NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided_is_whole",
        ),
        CheckConstraint("state <> 'refused' OR words <> ''", name="refused_with_words"),
        CheckConstraint("NOT reopens OR state = 'active'", name="reopens_in_force"),
        Index("ix_policy_pack_state", "state", "proposed_at"),
    )

    id: int | None = key()
    name: str = Field(min_length=2, max_length=60)
    title_zh: str = Field(min_length=1, max_length=100)
    title_en: str = Field(min_length=1, max_length=100)
    content: dict[str, Any] = structured()
    digest: bytes = sealed()
    starts_on: date
    state: PackState = chosen_from(PackState)
    proposed_at: datetime = instant()
    proposed_by: int = refers_to("staff.id")
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
    words: str = Field(default="", max_length=200)
    reopens: bool = False


class PolicyVersion(Table, table=True):
    """A programme as it is in force from one day to another; one of a programme a day.

    `content` reads as `Programme`. Nothing of it changes but the day on which another follows.
    """

    __tablename__ = "policy_version"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND (ends_on IS NULL OR ends_on < DATE '2170-01-01')",
            name="days_fit_the_fold",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(programme_no::bigint * 100000 + (starts_on - DATE '1900-01-01'),"
                    " programme_no::bigint * 100000"
                    " + coalesce(ends_on - DATE '1900-01-01', 99999))"
                ),
                "&&",
            ),
            name="ex_policy_version_one_a_day",
        ),
    )

    id: int | None = key()
    pack_id: int = refers_to("policy_pack.id", index=True)
    programme: str = Field(max_length=40, index=True)
    programme_no: int = Field(
        description="The programme's own number, for the constraint that keeps days apart."
    )
    family_no: int = refers_to("subsidy_family.id")
    content: dict[str, Any] = structured()
    digest: bytes = sealed()
    starts_on: date
    ends_on: date | None = None


class SubsidyFamily(Table, table=True):
    """Programmes of one family are paid to one beneficiary once a month."""

    __tablename__ = "subsidy_family"

    id: int | None = key()
    code: str = Field(min_length=2, max_length=40, unique=True)
