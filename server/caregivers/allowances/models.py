"""Entitlements as they were reckoned, and claims for them. Nobody is paid here."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from server.caregivers.allowances.terms import Programme
from server.db.tables import (
    Table,
    chosen_from,
    different_people,
    fen,
    instant,
    key,
    refers_to,
    sealed,
    structured,
)


class Standing(StrEnum):
    """What came out for a period."""

    ENTITLED = "entitled"  # 符合
    NOT_ENTITLED = "not_entitled"  # 不符合
    AHEAD = "ahead"  # 未到期: the full years of an instalment lie ahead


class ClaimState(StrEnum):
    HANDED_IN = "handed_in"  # 已提交
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已受理
    WITHDRAWN = "withdrawn"  # 已撤回


class CaregiverEntitlement(Table, table=True):
    """享受情况: what a caregiver is entitled to for a period, as it was reckoned at a moment.

    Facts that change make a new row, and this one superseded: what was known on a day can be asked
    for ever. `period` is a month, a year, or the number of an instalment; `month` is the one in
    which it falls, where that is known.
    """

    __tablename__ = "caregiver_entitlement"
    __table_args__ = (
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("amount_fen >= 0 AND standard_fen >= 0", name="is_not_negative"),
        CheckConstraint("(state = 'entitled') OR amount_fen = 0", name="nothing_without_right"),
        CheckConstraint("superseded_at >= reckoned_at", name="superseded_after"),
        Index(
            "uq_caregiver_entitlement_one_holds",
            "caregiver_id",
            "programme",
            "period",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_caregiver_entitlement_month", "month", "site_id"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id")
    site_id: int = refers_to("site.id")
    programme: Programme = chosen_from(Programme)
    period: str = Field(min_length=1, max_length=10)
    month: date | None = None
    due_on: date | None = None
    state: Standing = chosen_from(Standing)
    amount_fen: int = fen()
    standard_fen: int = fen()
    band: str = Field(default="", max_length=20)
    reasons: list[dict[str, Any]] = structured()
    rests_on_digest: bytes = sealed()
    reckoned_at: datetime = instant()
    superseded_at: datetime | None = instant(optional=True)


class AllowanceClaim(Table, table=True):
    """申领: what a caregiver is entitled to is asked for; the county takes it, or gives it back.

    Whoever hands it in never decides it. Once accepted nothing of it changes.
    """

    __tablename__ = "allowance_claim"
    __table_args__ = (
        different_people("handed_in_by", "decided_by", name="not_decided_by_its_maker"),
        CheckConstraint(
            "num_nonnulls(handed_in_by, handed_in_account) <= 1", name="handed_in_by_one"
        ),
        CheckConstraint(
            "state NOT IN ('accepted', 'returned') OR decided_at IS NOT NULL",
            name="decided_at_a_time",
        ),
        CheckConstraint("state <> 'returned' OR words <> ''", name="returned_with_words"),
        CheckConstraint("amount_fen > 0", name="is_worth_something"),
        CheckConstraint("closes_on >= opens_on", name="window_is_whole"),
        Index("ix_allowance_claim_state", "state", "handed_in_at"),
    )

    id: int | None = key()
    caregiver_id: int = refers_to("caregiver.id", index=True)
    site_id: int = refers_to("site.id", index=True)
    programme: Programme = chosen_from(Programme)
    period: str = Field(min_length=1, max_length=20)
    opens_on: date
    closes_on: date
    amount_fen: int = fen()
    missing: list[str] = structured(description="Papers that were not there when it was handed in.")
    state: ClaimState = chosen_from(ClaimState)
    handed_in_at: datetime = instant()
    handed_in_by: int | None = refers_to("staff.id", optional=True)
    handed_in_account: int | None = refers_to("account.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
    words: str = Field(default="", max_length=200)


class AllowanceClaimLine(Table, table=True):
    """One period of a claim, with the entitlement it rests on; no period stands in two claims."""

    __tablename__ = "allowance_claim_line"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="is_worth_something"),
        Index(
            "uq_allowance_claim_line_claimed_once",
            "caregiver_id",
            "programme",
            "period",
            unique=True,
            postgresql_where=text("is_live"),
        ),
    )

    id: int | None = key()
    claim_id: int = refers_to("allowance_claim.id", index=True)
    entitlement_id: int = refers_to("caregiver_entitlement.id")
    caregiver_id: int = refers_to("caregiver.id")
    programme: Programme = chosen_from(Programme)
    period: str = Field(min_length=1, max_length=10)
    amount_fen: int = fen()
    is_live: bool = True
