"""Entitlements to service at home, what they come to in a month, and how it is used up."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to, structured
from server.facilities.referrals.models import RequestedBy


class Programme(StrEnum):
    """Out of which pot a service at home is paid, beside the elder's own pocket."""

    PURCHASED = "purchased"  # 政府购买居家养老服务
    VOUCHER = "voucher"  # 养老服务消费补贴 (消费券), 民发〔2025〕37号


class EntitlementState(StrEnum):
    APPLIED = "applied"  # 待审核
    GRANTED = "granted"  # 已享受
    SUSPENDED = "suspended"  # 暂停: lives in a house
    REFUSED = "refused"  # 不予享受
    ENDED = "ended"  # 已停止


class EntitlementEnd(StrEnum):
    """Why an entitlement ended."""

    DIED = "died"  # 离世
    MOVED_AWAY = "moved_away"  # 迁出
    WITHDRAWN = "withdrawn"  # 本人放弃
    NOT_ENTITLED = "not_entitled"  # 不再符合条件


class EntryKind(StrEnum):
    """What becomes of a part of a month's amount."""

    RESERVED = "reserved"  # 下单占用
    FREED = "freed"  # 取消退回
    REDEEMED = "redeemed"  # 服务核销


LASTS = "state IN ('applied', 'granted', 'suspended')"


class CareEntitlement(Table, table=True):
    """享受资格: somebody asks for a programme, and the county says yes or no.

    `starts_on` is the first day of the first month that is paid for.
    """

    __tablename__ = "care_entitlement"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('granted', 'suspended')) <= (starts_on IS NOT NULL)",
            name="granted_from_a_month",
        ),
        CheckConstraint("EXTRACT(day FROM starts_on) = 1", name="starts_with_a_month"),
        CheckConstraint("(state = 'applied') = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint("state <> 'refused' OR note <> ''", name="refused_for_a_reason"),
        CheckConstraint("(state = 'ended') = (end_reason IS NOT NULL)", name="ended_for_a_reason"),
        Index(
            "uq_care_entitlement_one_lasts",
            "resident_id",
            "programme",
            unique=True,
            postgresql_where=text(LASTS),
        ),
        Index("ix_care_entitlement_state", "state", "applied_at"),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id", index=True)
    programme: Programme = chosen_from(Programme)
    state: EntitlementState = chosen_from(EntitlementState)
    requested_by: RequestedBy = chosen_from(RequestedBy)
    gets_care_allowance: bool = Field(
        default=False,
        description="Says to get 经济困难失能老年人集中照护补助, which no other register tells.",
    )
    applied_at: datetime = instant()
    starts_on: date | None = None
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = refers_to("staff.id", optional=True)
    note: str = Field(default="", max_length=200)
    ended_on: date | None = None
    end_reason: EntitlementEnd | None = chosen_from(EntitlementEnd, optional=True)


class CareAllowance(Table, table=True):
    """一个月的额度或消费券: one for each person, programme and month; what is left of it lapses.

    What is reserved and redeemed is counted by the database from the orders themselves, and can
    never be more than the amount.
    """

    __tablename__ = "care_allowance"
    __table_args__ = (
        UniqueConstraint("resident_id", "programme", "month"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("amount_fen > 0", name="is_worth_something"),
        CheckConstraint("reserved_fen >= 0 AND redeemed_fen >= 0", name="use_is_not_negative"),
        CheckConstraint("reserved_fen + redeemed_fen <= amount_fen", name="never_above_its_amount"),
        Index("ix_care_allowance_month", "month", "programme"),
    )

    id: int | None = key()
    entitlement_id: int = refers_to("care_entitlement.id", index=True)
    resident_id: int = refers_to("resident.id")
    programme: Programme = chosen_from(Programme)
    month: date = Field(description="Its first day.")
    amount_fen: int = fen()
    reserved_fen: int = fen()
    redeemed_fen: int = fen()
    basis: dict[str, object] = structured(description="The parameter and the group it rests on.")
    issued_at: datetime = instant()


class CareAllowanceEntry(Table, table=True):
    """流水: one line for each part of an amount that was reserved, freed or redeemed."""

    __tablename__ = "care_allowance_entry"
    __table_args__ = (
        UniqueConstraint("allowance_id", "order_id", "kind"),
        CheckConstraint("amount_fen > 0", name="is_worth_something"),
    )

    id: int | None = key()
    allowance_id: int = refers_to("care_allowance.id")
    order_id: int = refers_to("care_order.id", index=True)
    resident_id: int = refers_to("resident.id", index=True)
    kind: EntryKind = chosen_from(EntryKind)
    amount_fen: int = fen()
    at: datetime = instant()
