"""A bed at home, from the application to the last day. What may follow what stands in `states`."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to
from server.facilities.referrals.models import RequestedBy


class HomeBedState(StrEnum):
    """Where a bed at home stands: the step that is being taken, in the order of 民政部's
    《家庭养老床位服务基本规范》 (since 2025-02-01) and of county practice."""

    APPLIED = "applied"  # 申请
    PRECHECK = "precheck"  # 初审
    ASSESSMENT = "assessment"  # 评估
    NOTICE = "notice"  # 公示
    SIGNING = "signing"  # 签约
    BUILDING = "building"  # 建设
    ACCEPTANCE = "acceptance"  # 验收
    SERVING = "serving"  # 服务中
    PAUSED = "paused"  # 暂停
    ENDED = "ended"  # 终止


class HomeBedPause(StrEnum):
    """Why nobody comes for a while."""

    IN_A_HOME = "in_a_home"  # 入住机构
    IN_HOSPITAL = "in_hospital"  # 住院
    AWAY = "away"  # 外出
    OTHER = "other"
    NO_CONSENT = "no_consent"  # 撤回信息共享同意


class HomeBedEnd(StrEnum):
    """Why a bed at home ended (撤床), or never began."""

    DIED = "died"  # 离世
    MOVED_AWAY = "moved_away"  # 迁出
    INTO_A_HOME = "into_a_home"  # 入住机构
    NO_SERVICE = "no_service"  # 连续无服务
    CONTRACT_ENDED = "contract_ended"  # 协议到期
    RECOVERED = "recovered"  # 能力恢复
    WITHDRAWN = "withdrawn"  # 本人撤回
    REFUSED = "refused"  # 不符合条件
    OTHER = "other"


IN_USE = (HomeBedState.SERVING, HomeBedState.PAUSED)
_IN_USE = "state IN ('serving', 'paused')"


class HomeBed(Table, table=True):
    """家庭养老床位: one person's bed at home, run by one provider.

    `site_id` is the provider from the signing on, or the one wished for before it. While it is in
    use it is a bed like the others: `bed_id` is that bed and `stay_id` the stay in it, the last one
    while it is paused. `x` and `y` are longitude and latitude of the home, in degrees, from the day
    somebody stood there.
    """

    __tablename__ = "home_bed"
    __table_args__ = (
        CheckConstraint("(x IS NULL) = (y IS NULL)", name="position_is_whole"),
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_on_a_day"),
        CheckConstraint("(state = 'ended') = (end_reason IS NOT NULL)", name="ended_for_a_reason"),
        CheckConstraint(f"NOT ({_IN_USE}) OR site_id IS NOT NULL", name="served_by_somebody"),
        CheckConstraint(
            "(state = 'paused') = (pause_reason IS NOT NULL)", name="paused_for_a_reason"
        ),
        Index(
            "uq_home_bed_one_open",
            "resident_id",
            unique=True,
            postgresql_where=text("state <> 'ended'"),
        ),
        Index("ix_home_bed_resident_id", "resident_id"),
        Index("ix_home_bed_site_id", "site_id", "state"),
        Index("ix_home_bed_due_on", "due_on", postgresql_where=text("state <> 'ended'")),
    )

    id: int | None = key()
    resident_id: int = refers_to("resident.id")
    site_id: int | None = refers_to("site.id", optional=True)
    state: HomeBedState = chosen_from(HomeBedState)
    since: date = Field(description="The day on which it came to this state.")
    due_on: date | None = Field(default=None, description="By when the next step is to be taken.")
    requested_by: RequestedBy = chosen_from(RequestedBy)
    applied_at: datetime = instant()
    wishes: str = Field(default="", max_length=400)
    bed_id: int | None = refers_to("bed.id", optional=True)
    stay_id: int | None = refers_to("stay.id", optional=True)
    pause_reason: HomeBedPause | None = chosen_from(HomeBedPause, optional=True)
    x: float | None = None
    y: float | None = None
    ended_on: date | None = None
    end_reason: HomeBedEnd | None = chosen_from(HomeBedEnd, optional=True)
    end_note: str = Field(default="", max_length=200)
    late_told_of: date | None = Field(
        default=None, description="The passed `due_on` of which somebody was told."
    )
