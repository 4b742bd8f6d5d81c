"""A home made safe for its elder: catalogue, the renovation itself, and what is written down of it.

The seven basic items: 民政部等九部委 2020 (S78). What may follow what stands in `states`.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to
from server.facilities.referrals.models import RequestedBy
from server.homecare.renovations.states import RenovationState, RenovationStep
from server.residents.models import HardshipTier

_OPEN = "state NOT IN ('settled', 'ended')"


class RenovationEnd(StrEnum):
    """Why a renovation ended, or never began."""

    DIED = "died"  # 离世
    MOVED_AWAY = "moved_away"  # 迁出
    WITHDRAWN = "withdrawn"  # 本人撤回
    REFUSED = "refused"  # 不符合条件
    OTHER = "other"


class Room(StrEnum):
    """Where in a home something is put up."""

    ENTRANCE = "entrance"  # 入户
    LIVING_ROOM = "living_room"  # 客厅
    BEDROOM = "bedroom"  # 卧室
    TOILET = "toilet"  # 卫生间
    KITCHEN = "kitchen"  # 厨房
    BALCONY = "balcony"  # 阳台
    STAIRS = "stairs"  # 楼道


class PhotoPhase(StrEnum):
    """When a picture was taken."""

    BEFORE = "before"  # 改造前
    AFTER = "after"  # 改造后


class QuoteState(StrEnum):
    """What became of a quote."""

    OFFERED = "offered"  # 待同意
    AGREED = "agreed"  # 已同意
    DECLINED = "declined"  # 不同意


class RenovationItem(Table, table=True):
    """改造项目: what may be put up, and up to which price, from a day on.

    A change is a row of a later day under the same code. `document` and `clause` are empty for
    what no document names: such an item is the city's own, and unsourced.
    """

    __tablename__ = "renovation_item"
    __table_args__ = (
        UniqueConstraint("code", "starts_on"),
        CheckConstraint("ceiling_fen > 0", name="ceiling_is_positive"),
        CheckConstraint("is_offered OR NOT is_basic", name="basic_is_offered"),
    )

    id: int | None = key()
    code: str = Field(max_length=40)
    name_zh: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=80)
    is_basic: bool
    is_offered: bool = True
    ceiling_fen: int | None = Field(default=None, description="The highest price of one, if set.")
    starts_on: date
    document: str = Field(default="", max_length=200)
    clause: str = Field(default="", max_length=100)


class Renovation(Table, table=True):
    """适老化改造: one home, made safe once in so many years.

    `home_key` is the home: the village and the address without what people write differently.
    `holds` while no other renovation of this home, or for this person, may begin: from the
    application until the day before `held_until`. `tier` and the amounts are those of the quote
    that was agreed to, and frozen when it is settled.
    """

    __tablename__ = "renovation"
    __table_args__ = (
        CheckConstraint("(x IS NULL) = (y IS NULL)", name="position_is_whole"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_on_a_day"),
        CheckConstraint("(state = 'ended') = (end_reason IS NOT NULL)", name="ended_for_a_reason"),
        CheckConstraint(
            "CASE state WHEN 'ended' THEN NOT holds WHEN 'settled' THEN true ELSE holds END",
            name="open_ones_hold",
        ),
        CheckConstraint(
            "(state = 'settled') = (settled_on IS NOT NULL AND held_until IS NOT NULL)",
            name="settled_on_a_day",
        ),
        CheckConstraint("held_until > settled_on", name="held_after_settling"),
        CheckConstraint(
            "0 <= grant_fen AND 0 <= own_pay_fen AND cost_fen = grant_fen + own_pay_fen",
            name="parts_are_the_cost",
        ),
        CheckConstraint(
            "num_nulls(tier, cost_fen, grant_fen, own_pay_fen) IN (0, 4)", name="amounts_are_whole"
        ),
        CheckConstraint(
            "state NOT IN ('building', 'acceptance', 'settled')"
            " OR (cost_fen IS NOT NULL AND site_id IS NOT NULL)",
            name="built_for_an_amount",
        ),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_of_five"),
        Index("uq_renovation_one_a_home", "home_key", unique=True, postgresql_where=text("holds")),
        Index(
            "uq_renovation_one_a_person", "resident_id", unique=True, postgresql_where=text("holds")
        ),
        UniqueConstraint("invoice_ref"),
        Index("ix_renovation_resident_id", "resident_id"),
        Index("ix_renovation_site_id", "site_id", "state"),
        Index("ix_renovation_due_on", "due_on", postgresql_where=text(_OPEN)),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    site_id: int | None = refers_to("site.id", optional=True)
    state: RenovationState = chosen_from(RenovationState)
    since: date
    due_on: date | None = None
    requested_by: RequestedBy = chosen_from(RequestedBy)
    applied_at: datetime = instant()
    wishes: str = Field(default="", max_length=400)
    address: str = Field(min_length=1, max_length=300)
    home_key: str = Field(min_length=1, max_length=340)
    holds: bool = True
    held_until: date | None = None
    has_trade_in: bool = Field(
        default=False, description="A kitchen or bath was traded in for the same house (S86)."
    )
    x: float | None = None
    y: float | None = None
    surveyed_by: int | None = refers_to("staff.id", optional=True)
    surveyed_at: datetime | None = instant(optional=True)
    survey_note: str = Field(default="", max_length=400)
    tier: HardshipTier | None = chosen_from(HardshipTier, optional=True)
    cost_fen: int | None = fen(optional=True)
    grant_fen: int | None = fen(optional=True)
    own_pay_fen: int | None = fen(optional=True)
    invoice_ref: str | None = Field(default=None, min_length=4, max_length=60)
    finished_on: date | None = None
    settled_on: date | None = None
    score: int | None = None
    rating_words: str = Field(default="", max_length=200)
    rated_at: datetime | None = instant(optional=True)
    ended_on: date | None = None
    end_reason: RenovationEnd | None = chosen_from(RenovationEnd, optional=True)
    end_note: str = Field(default="", max_length=200)


class RenovationMove(Table, table=True):
    """One step, by whom and when; nobody stands for the platform itself. Written once."""

    __tablename__ = "renovation_move"
    __table_args__ = (Index("ix_renovation_move_renovation_id", "renovation_id"),)

    id: int | None = key()
    renovation_id: int = refers_to("renovation.id")
    step: RenovationStep = chosen_from(RenovationStep)
    from_state: RenovationState | None = chosen_from(
        RenovationState, optional=True, check="from_renovationstate"
    )
    to_state: RenovationState = chosen_from(RenovationState, check="to_renovationstate")
    at: datetime = instant()
    staff_id: int | None = refers_to("staff.id", optional=True)
    account_id: int | None = refers_to("account.id", optional=True)
    note: str = Field(default="", max_length=200)


class RenovationNeed(Table, table=True):
    """What the survey found is needed, and in which room."""

    __tablename__ = "renovation_need"
    __table_args__ = (
        UniqueConstraint("renovation_id", "room", "item_code", name="uq_renovation_need_once"),
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity_is_believable"),
    )

    id: int | None = key()
    renovation_id: int = refers_to("renovation.id")
    room: Room = chosen_from(Room)
    item_code: str = Field(max_length=40)
    quantity: int
    note: str = Field(default="", max_length=200)


class RenovationPhoto(Table, table=True):
    """A picture of a room with place and time, before or after the work.

    `like_file_id` is another picture of the city that it was like when it came. What was taken out,
    or sent back with the work, is superseded and kept.
    """

    __tablename__ = "renovation_photo"
    __table_args__ = (
        UniqueConstraint("file_id"),
        CheckConstraint("accuracy_m >= 0", name="accuracy_not_negative"),
        CheckConstraint("x BETWEEN -180 AND 180 AND y BETWEEN -90 AND 90", name="place_on_earth"),
        Index("ix_renovation_photo_renovation_id", "renovation_id"),
    )

    id: int | None = key()
    renovation_id: int = refers_to("renovation.id")
    phase: PhotoPhase = chosen_from(PhotoPhase)
    room: Room = chosen_from(Room)
    file_id: int = refers_to("file.id")
    recorded_at: datetime = instant()
    staff_id: int | None = refers_to("staff.id", optional=True)
    x: float
    y: float
    accuracy_m: int = Field(default=0)
    like_file_id: int | None = refers_to("file.id", optional=True)
    superseded_at: datetime | None = instant(optional=True)


class RenovationQuote(Table, table=True):
    """报价: what it costs, what the city pays of it by which figures, and what is left to pay."""

    __tablename__ = "renovation_quote"
    __table_args__ = (
        CheckConstraint(
            "cost_fen > 0 AND 0 <= grant_fen AND 0 <= own_pay_fen"
            " AND cost_fen = grant_fen + own_pay_fen",
            name="parts_are_the_cost",
        ),
        CheckConstraint("grant_fen <= cap_fen", name="grant_within_cap"),
        CheckConstraint("(state = 'offered') = (decided_at IS NULL)", name="decided_once"),
        Index(
            "uq_renovation_quote_one_open",
            "renovation_id",
            unique=True,
            postgresql_where=text("state IN ('offered', 'agreed')"),
        ),
        Index("ix_renovation_quote_renovation_id", "renovation_id"),
    )

    id: int | None = key()
    renovation_id: int = refers_to("renovation.id")
    site_id: int = refers_to("site.id")
    state: QuoteState = chosen_from(QuoteState)
    tier: HardshipTier = chosen_from(HardshipTier)
    rate_percent: int
    cap_fen: int = fen()
    parameter_id: int = refers_to("parameter.id")
    cost_fen: int = fen()
    grant_fen: int = fen()
    own_pay_fen: int = fen()
    quoted_at: datetime = instant()
    decided_at: datetime | None = instant(optional=True)
    note: str = Field(default="", max_length=200)


class RenovationQuoteLine(Table, table=True):
    """One item of a quote, as it was called and priced that day."""

    __tablename__ = "renovation_quote_line"
    __table_args__ = (
        UniqueConstraint("quote_id", "room", "item_code", name="uq_renovation_quote_line_once"),
        CheckConstraint("price_fen > 0 AND quantity > 0", name="priced"),
        CheckConstraint("sum_fen = price_fen * quantity", name="sum_is_price_times_quantity"),
    )

    id: int | None = key()
    quote_id: int = refers_to("renovation_quote.id")
    room: Room = chosen_from(Room)
    item_code: str = Field(max_length=40)
    item_name: str = Field(max_length=80)
    quantity: int
    price_fen: int = fen()
    sum_fen: int = fen()


class RenovationAcceptance(Table, table=True):
    """验收: one of two different people looked at the work. `place` is 1 or 2."""

    __tablename__ = "renovation_acceptance"
    __table_args__ = (
        CheckConstraint("place IN (1, 2)", name="one_of_two"),
        Index(
            "uq_renovation_acceptance_two",
            "renovation_id",
            "place",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "uq_renovation_acceptance_different",
            "renovation_id",
            "staff_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: int | None = key()
    renovation_id: int = refers_to("renovation.id")
    place: int
    staff_id: int = refers_to("staff.id")
    accepted_at: datetime = instant()
    note: str = Field(default="", max_length=200)
    superseded_at: datetime | None = instant(optional=True)
