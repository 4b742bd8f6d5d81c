"""Findings and where they stand."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, structured


class FindingKind(StrEnum):
    MEAL_AFTER_DEPARTURE = "meal_after_departure"  # 离世或迁出后仍取餐
    HARDSHIP_AFTER_DEPARTURE = "hardship_after_departure"  # 离世或迁出后认定困难
    NIGHT_AFTER_DEPARTURE = "night_after_departure"  # 离世或迁出后仍在床
    RETURN_DIFFERS = "return_differs"  # 床位日报与系统记录不符
    TOO_FEW_CAREGIVERS = "too_few_caregivers"  # 在岗护理员不足
    DEATH_IN_A_STAY = "death_in_a_stay"  # 机构报告离世，待县级确认
    HOME_VISITS_OVERLAP = "home_visits_overlap"  # 同一护理员同时在两户
    HOME_TRAVEL_TOO_FAST = "home_travel_too_fast"  # 两户之间移动过快
    HOME_VISIT_OUTSIDE_FENCE = "home_visit_outside_fence"  # 打卡位置离家过远
    HOME_VISIT_WITHOUT_POSITION = "home_visit_without_position"  # 打卡无定位
    HOME_PHOTO_AGAIN = "home_photo_again"  # 服务照片重复使用
    HOME_VISIT_TOO_SHORT = "home_visit_too_short"  # 服务时长不足
    HOME_DAY_TOO_LONG = "home_day_too_long"  # 单日服务时长过长
    HOME_HOURS_SHIFTED = "home_hours_shifted"  # 工时满额后转记他人
    HOME_VISIT_AFTER_DEPARTURE = "home_visit_after_departure"  # 离世或迁出后仍有上门
    HOME_VISIT_IN_HOSPITAL = "home_visit_in_hospital"  # 住院期间仍有上门
    HOME_VISIT_IN_A_HOME = "home_visit_in_a_home"  # 入住机构期间仍有上门
    HOME_BED_SILENT = "home_bed_silent"  # 床位设备长期无信号
    HOME_BED_UNSERVED = "home_bed_unserved"  # 建床后无服务
    HOME_VISIT_BACK_FILLED = "home_visit_back_filled"  # 服务日之后补录或改动
    HOME_VISIT_SENT_LATE = "home_visit_sent_late"  # 离线记录上传过晚
    HOME_DEVICE_SILENT = "home_device_silent"  # 单台设备无信号
    CARE_ORDER_DOUBTFUL = "care_order_doubtful"  # 抽查有疑问的服务订单
    HOME_CALL_CONTRADICTS = "home_call_contradicts"  # 电话回访与服务记录不符
    MEAL_HANDED_OUT_TWICE = "meal_handed_out_twice"  # 同一份餐两处核销
    MEAL_HANDED_OUT_UNBOOKED = "meal_handed_out_unbooked"  # 已取消的餐被取走
    MEAL_TOLD_AFTER_SETTLEMENT = "meal_told_after_settlement"  # 结算后补传的核销
    MEAL_OVER_THE_CAP = "meal_over_the_cap"  # 一日取餐超过上限
    MEAL_TWO_CANTEENS = "meal_two_canteens"  # 半小时内在两家食堂取餐
    MEAL_COLLECTED_IN_A_BURST = "meal_collected_in_a_burst"  # 等间隔连续取餐
    MEAL_MORE_THAN_SEATS = "meal_more_than_seats"  # 用餐人数超过餐位
    MEAL_ONE_HAND = "meal_one_hand"  # 一人录入大部分取餐
    MEAL_TIER_DIFFERS = "meal_tier_differs"  # 当日年龄或困难类别与补贴不符
    MEAL_WITHOUT_LICENCE = "meal_without_licence"  # 无许可或停业日取餐
    MEAL_IN_HOSPITAL = "meal_in_hospital"  # 住院期间取餐
    MEAL_IN_A_HOME = "meal_in_a_home"  # 入住机构期间取餐
    TRAINEE_ON_SHIFT = "trainee_on_shift"  # 上课时段在岗打卡
    TRAINEE_SERVED_ELSEWHERE = "trainee_served_elsewhere"  # 上课时段上门服务
    SUBSIDY_AFTER_DEATH = "subsidy_after_death"  # 离世后仍发补贴
    SUBSIDY_DAYS_OVER_BEDS = "subsidy_days_over_beds"  # 申领床日超过可用床位
    SUBSIDY_DAYS_NOT_IN_LEDGER = "subsidy_days_not_in_ledger"  # 申领天数多于在床记录
    SUBSIDY_MINUTES_NOT_PROVED = "subsidy_minutes_not_proved"  # 申领服务时长多于月结
    SUBSIDY_LIVED_IN_A_HOME = "subsidy_lived_in_a_home"  # 住机构期间领居家补贴
    SUBSIDY_DAYS_IN_HOSPITAL = "subsidy_days_in_hospital"  # 住院期间仍领补贴
    SUBSIDY_LEVEL_DIFFERS = "subsidy_level_differs"  # 核算等级与有效评估不符
    SUBSIDY_LEVEL_EXPIRED = "subsidy_level_expired"  # 无有效评估仍按失能等级核算
    SUBSIDY_LEVEL_ROSE = "subsidy_level_rose"  # 申领前等级骤升
    SUBSIDY_ASSESSOR_HURRIED = "subsidy_assessor_hurried"  # 同一评估员一日评估过多
    SUBSIDY_HEADS_DIFFER = "subsidy_heads_differ"  # 申领、填报、平台人数不一致
    SUBSIDY_ONE_SIGNER = "subsidy_one_signer"  # 多位老人协议同一人签字
    SUBSIDY_INVOICE_TWICE = "subsidy_invoice_twice"  # 同一发票多处使用
    SUBSIDY_BUILT_TWICE = "subsidy_built_twice"  # 同一住户重复享受建设改造补贴
    SUBSIDY_MEALS_UNPAID = "subsidy_meals_unpaid"  # 享受助餐补贴但无付款记录
    SUBSIDY_STANDING_DIFFERS = "subsidy_standing_differs"  # 当日年龄、困难类别或户籍不符
    SUBSIDY_CAREGIVER_UNINSURED = "subsidy_caregiver_uninsured"  # 领取岗位补贴但未由单位参保
    SUBSIDY_TWO_EMPLOYERS = "subsidy_two_employers"  # 同时受雇于两家单位
    SUBSIDY_ATTENDANCE_SHORT = "subsidy_attendance_short"  # 申领出勤天数多于考勤
    SUBSIDY_CERTIFICATE_LACKING = "subsidy_certificate_lacking"  # 申领等级无有效证书
    SUBSIDY_REWARD_UNENTITLED = "subsidy_reward_unentitled"  # 入职奖励条件不符
    SUBSIDY_ACCOUNT_SHARED = "subsidy_account_shared"  # 多人共用收款账户
    SUBSIDY_ACCOUNT_OF_STAFF = "subsidy_account_of_staff"  # 补贴打入从业人员账户
    SUBSIDY_CLOSE_TO_OPERATOR = "subsidy_close_to_operator"  # 经办或审批人与机构有关联
    SUBSIDY_ASSESSOR_APPROVED = "subsidy_assessor_approved"  # 同一人既评估又审批
    SUBSIDY_MEALS_UNDERPAID = "subsidy_meals_underpaid"  # 老人自付少于补贴
    SUBSIDY_PAID_IN_NOTICE = "subsidy_paid_in_notice"  # 公示未满即发放
    SUBSIDY_OVER_BUDGET = "subsidy_over_budget"  # 核定金额超过预算余额
    SUBSIDY_VENDOR_RELATED = "subsidy_vendor_related"  # 发放经手人与收款机构有关联


class FindingState(StrEnum):
    OPEN = "open"  # 待核查
    TRUE = "true"  # 属实
    FALSE_ALARM = "false_alarm"  # 误报
    RECOVERING = "recovering"  # 追缴中: it was true, and money is asked back
    CLOSED = "closed"  # 已办结: it was true, and what followed from it is done
    WITHDRAWN = "withdrawn"  # 已撤销: what it rested on was reversed


class Finding(Table, table=True):
    """疑点: `subject` names the one thing it is about, so that nothing is found twice.

    It is about a resident, or about a facility.
    `owner_id` has taken it, until `due_on`; whoever took it says what it came to, in `note`.
    `recover_fen` is what is asked back where it was true.
    """

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        CheckConstraint(
            "(owner_id IS NULL) = (taken_at IS NULL) AND (owner_id IS NULL) = (due_on IS NULL)",
            name="taken_is_whole",
        ),
        CheckConstraint(
            "(state IN ('true', 'false_alarm', 'recovering', 'closed')) = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL OR note IS NOT NULL AND owner_id IS NOT NULL)",
            name="settled_is_whole",
        ),
        CheckConstraint("num_nonnulls(resident_id, site_id) = 1", name="about_one"),
        CheckConstraint(
            "(recover_fen IS NOT NULL OR state <> 'recovering') AND recover_fen > 0"
            " AND (recover_fen IS NULL OR state IN ('recovering', 'closed'))",
            name="recovers_an_amount",
        ),
        Index("ix_finding_state", "state", "found_at", "id"),
    )

    id: int | None = key()
    kind: FindingKind = chosen_from(FindingKind)
    subject: str = Field(max_length=80, description="For instance `booking:12`; ids alone.")
    resident_id: int | None = refers_to("resident.id", optional=True, index=True)
    site_id: int | None = refers_to("site.id", optional=True, index=True)
    evidence: dict[str, object] = structured(description="Ids, days and amounts; no names.")
    found_at: datetime = instant()
    state: FindingState = chosen_from(FindingState, default=FindingState.OPEN)
    owner_id: int | None = refers_to("staff.id", optional=True)
    taken_at: datetime | None = instant(optional=True)
    due_on: date | None = None
    note: str | None = Field(default=None, max_length=400)
    settled_at: datetime | None = instant(optional=True)
    recover_fen: int | None = Field(default=None, sa_column=Column(BigInteger))
