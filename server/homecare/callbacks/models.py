"""A sample of proved visits, the calls it asks for, and every try to reach somebody."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed, structured


class CallState(StrEnum):
    WAITING = "waiting"  # 待拨打
    IN_HAND = "in_hand"  # 通话中
    SETTLED = "settled"  # 已有结果
    UNREACHED = "unreached"  # 多次未接通


class CallResult(StrEnum):
    """What the call says of the visit as it was proved."""

    AGREES = "agrees"  # 相符
    CONTRADICTS = "contradicts"  # 不符
    CANNOT_SAY = "cannot_say"  # 说不清


class TryOutcome(StrEnum):
    TALKED = "talked"  # 已通话
    NO_ANSWER = "no_answer"  # 无人接听
    WRONG_NUMBER = "wrong_number"  # 号码不对
    PUT_BACK = "put_back"  # 暂不拨打


class CallSample(Table, table=True):
    """抽样: which visits of a month are asked about, drawn once, by a seed that is made public.

    Of the elders under `prefix`, and of one provider where `site_id` names it. `frame_digest` is
    SHA-256 over the numbers of all visits that could be drawn, each on a line, in their order.
    """

    __tablename__ = "call_sample"
    __table_args__ = (
        CheckConstraint("EXTRACT(day FROM month) = 1", name="is_a_month"),
        CheckConstraint("length(seed) >= 4", name="seed_is_said"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_a_share"),
        CheckConstraint(
            "0 < size AND providers <= size AND size <= population", name="size_fits_the_frame"
        ),
        CheckConstraint("length(frame_digest) = 32", name="digest_is_sha256"),
        # A second drawing would let somebody choose.
        Index(
            "uq_call_sample_of_a_county",
            "month",
            "prefix",
            unique=True,
            postgresql_where=text("site_id IS NULL"),
        ),
        Index(
            "uq_call_sample_of_a_provider",
            "month",
            "prefix",
            "site_id",
            unique=True,
            postgresql_where=text("site_id IS NOT NULL"),
        ),
    )

    id: int | None = key()
    month: date = Field(description="Its first day.")
    prefix: str = Field(max_length=12)
    site_id: int | None = refers_to("site.id", optional=True)
    seed: str = Field(max_length=64)
    percent: int
    population: int
    providers: int
    size: int
    frame_digest: bytes = sealed()
    drawn_at: datetime = instant()
    drawn_by: int | None = refers_to("staff.id", optional=True)


class CallBack(Table, table=True):
    """One call to be made about one visit; `place` is its place in the drawing.

    While it is in somebody's hands `held_until` says how long.
    """

    __tablename__ = "call_back"
    __table_args__ = (
        UniqueConstraint("sample_id", "visit_id"),
        UniqueConstraint("sample_id", "place"),
        CheckConstraint("place > 0 AND tries >= 0", name="counts_are_believable"),
        CheckConstraint(
            "(state = 'in_hand') = (held_by IS NOT NULL)"
            " AND (held_by IS NULL) = (held_until IS NULL)",
            name="in_somebodys_hands",
        ),
        CheckConstraint("(state = 'settled') = (result IS NOT NULL)", name="settled_by_a_result"),
        CheckConstraint("(result IS NULL) = (answers IS NULL)", name="result_has_its_answers"),
        # Whoever calls has one call in hand.
        Index(
            "uq_call_back_one_in_hand",
            "held_by",
            unique=True,
            postgresql_where=text("state = 'in_hand'"),
        ),
        Index("ix_call_back_resident_id", "resident_id"),
        Index("ix_call_back_site_id", "site_id"),
        Index("ix_call_back_visit_id", "visit_id"),
    )

    id: int | None = key()
    sample_id: int = refers_to("call_sample.id")
    place: int
    visit_id: int = refers_to("care_visit.id")
    resident_id: int = refers_to("resident.id")
    site_id: int = refers_to("site.id")
    state: CallState = chosen_from(CallState)
    tries: int = Field(default=0)
    again_at: datetime | None = instant(optional=True)
    held_by: int | None = refers_to("staff.id", optional=True)
    held_until: datetime | None = instant(optional=True)
    answers: dict[str, object] | None = structured(optional=True)
    result: CallResult | None = chosen_from(CallResult, optional=True)


class CallTry(Table, table=True):
    """One try to reach somebody: taken in hand by one person alone, and what came of it.

    `number` counts the tries of a call, so that nobody else can be at the same one.
    """

    __tablename__ = "call_try"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("number > 0", name="number_counts"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_with_an_outcome"),
    )

    id: int | None = key()
    call_id: int = refers_to("call_back.id")
    number: int
    staff_id: int = refers_to("staff.id")
    taken_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)
    outcome: TryOutcome | None = chosen_from(TryOutcome, optional=True)
