"""Orders of service at home, and the sample of them that the county looks at on the spot."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to, structured, words
from server.facilities.referrals.models import RequestedBy


class OrderState(StrEnum):
    ORDERED = "ordered"  # 待派单
    ASSIGNED = "assigned"  # 已派单
    REDEEMED = "redeemed"  # 已核销
    CANCELLED = "cancelled"  # 已取消
    LAPSED = "lapsed"  # 已失效


class CareOrder(Table, table=True):
    """服务订单: services of the catalogue at somebody's home, on a day, by a provider.

    The bill is the sum of its three parts, to the fen. `basis` keeps the prices, figures and
    parameters by which it was split.
    """

    __tablename__ = "care_order"
    __table_args__ = (
        CheckConstraint(
            "purchased_fen + voucher_fen + own_fen = bill_fen", name="parts_are_the_bill"
        ),
        CheckConstraint(
            "purchased_fen >= 0 AND voucher_fen >= 0 AND own_fen >= 0",
            name="parts_are_not_negative",
        ),
        CheckConstraint(
            "(purchased_fen = 0 OR purchased_id IS NOT NULL)"
            " AND (voucher_fen = 0 OR voucher_id IS NOT NULL)",
            name="parts_come_from_somewhere",
        ),
        CheckConstraint("minutes BETWEEN 5 AND 720", name="minutes_are_believable"),
        CheckConstraint("cardinality(services) >= 1", name="for_something"),
        CheckConstraint(
            "state NOT IN ('assigned', 'redeemed') OR visit_id IS NOT NULL", name="has_its_visit"
        ),
        CheckConstraint(
            "(state IN ('ordered', 'assigned')) = (closed_at IS NULL)", name="closed_at_a_time"
        ),
        CheckConstraint(
            "(state = 'cancelled') = (cancel_reason <> '')", name="cancelled_for_a_reason"
        ),
        UniqueConstraint("visit_id"),
        Index(
            "uq_care_order_one_at_once",
            "resident_id",
            "starts_at",
            unique=True,
            postgresql_where=text("state IN ('ordered', 'assigned')"),
        ),
        Index("ix_care_order_resident_id", "resident_id", "service_on"),
        Index("ix_care_order_site_id", "site_id", "service_on"),
        Index("ix_care_order_open", "service_on", postgresql_where=text("closed_at IS NULL")),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    services: list[str] = words(description="Codes of the city's catalogue of services.")
    service_on: date = Field(description="The civil day that was ordered; its month pays.")
    starts_at: datetime = instant()
    minutes: int
    bill_fen: int = fen()
    purchased_fen: int = fen()
    voucher_fen: int = fen()
    own_fen: int = fen()
    purchased_id: int | None = refers_to("care_allowance.id", optional=True, index=True)
    voucher_id: int | None = refers_to("care_allowance.id", optional=True, index=True)
    basis: dict[str, object] = structured()
    state: OrderState = chosen_from(OrderState)
    requested_by: RequestedBy = chosen_from(RequestedBy)
    ordered_at: datetime = instant()
    visit_id: int | None = refers_to("care_visit.id", optional=True)
    closed_at: datetime | None = instant(optional=True)
    cancel_reason: str = Field(default="", max_length=200)


class CheckResult(StrEnum):
    """What a checker found on the spot."""

    THERE = "there"  # 确有服务
    NOT_THERE = "not_there"  # 没有服务
    DOUBTFUL = "doubtful"  # 有疑问


class CareOrderDraw(Table, table=True):
    """抽查: the sample of a county and month, which anybody can draw again from its seed."""

    __tablename__ = "care_order_draw"
    __table_args__ = (
        UniqueConstraint("county_code", "month"),
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("seed <> ''", name="has_a_seed"),
        CheckConstraint("size BETWEEN 1 AND population", name="size_fits"),
        CheckConstraint("size * 100 >= population * percent", name="is_large_enough"),
    )

    id: int | None = key()
    county_code: str = Field(sa_column=Column(Text, ForeignKey("division.code"), nullable=False))
    month: date = Field(description="Its first day.")
    seed: str = Field(max_length=80, description="Published, and chosen by nobody here.")
    percent: int
    population: int
    size: int
    drawn_at: datetime = instant()
    drawn_by: int | None = refers_to("staff.id", optional=True)


class CareOrderCheck(Table, table=True):
    """One order of a sample, and what was found on the spot."""

    __tablename__ = "care_order_check"
    __table_args__ = (
        UniqueConstraint("order_id"),
        UniqueConstraint("draw_id", "place"),
        CheckConstraint("(result IS NULL) = (checked_at IS NULL)", name="checked_at_a_time"),
        CheckConstraint(
            "result IS NULL OR result = 'there' OR note <> ''", name="a_doubt_is_explained"
        ),
        Index("ix_care_order_check_site_id", "site_id"),
    )

    id: int | None = key()
    draw_id: int = refers_to("care_order_draw.id")
    place: int = Field(description="Its place in the order of the draw, from 1.")
    order_id: int = refers_to("care_order.id")
    resident_id: int = refers_to("resident.id", index=True)
    site_id: int = refers_to("site.id")
    result: CheckResult | None = chosen_from(CheckResult, optional=True)
    note: str = Field(default="", max_length=400)
    photo_file_id: int | None = refers_to("file.id", optional=True)
    checked_at: datetime | None = instant(optional=True)
    checked_by: int | None = refers_to("staff.id", optional=True)
