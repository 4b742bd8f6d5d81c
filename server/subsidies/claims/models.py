"""Claims, the papers and looks they rest on, and the hands they went through."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
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


class Claimant(StrEnum):
    """Who asks."""

    SITE = "site"  # 机构
    RESIDENT = "resident"  # 老年人
    CAREGIVER = "caregiver"  # 护理员


class ClaimState(StrEnum):
    DRAFT = "draft"  # 草稿
    AT_TOWN = "at_town"  # 乡镇审核
    AT_COUNTY = "at_county"  # 区县审核
    AT_CITY = "at_city"  # 市级审核
    RETURNED = "returned"  # 退回补正
    ACCEPTED = "accepted"  # 已通过
    REFUSED = "refused"  # 不予通过
    WITHDRAWN = "withdrawn"  # 已撤回


class ClaimStep(StrEnum):
    """What somebody does with a claim."""

    BEGIN = "begin"  # 开始填写
    HAND_IN = "hand_in"  # 提交
    PASS = "pass"  # 审核通过，转下一级
    ACCEPT = "accept"  # 最后一级通过
    RETURN = "return"  # 退回补正
    REFUSE = "refuse"  # 不予通过
    WITHDRAW = "withdraw"  # 撤回


class Part(StrEnum):
    """Which part a person has in a claim or a run; nobody has two."""

    MAKER = "maker"  # 经办
    TOWN = "town"  # 乡镇
    COUNTY = "county"  # 区县
    CITY = "city"  # 市级


class LookedAt(StrEnum):
    """Where a look at a claim's cases was taken."""

    FACTS = "facts"  # 平台数据
    RUN = "run"  # 最近一次核算
    NOTHING = "nothing"  # 无数据


class SubsidyClaim(Table, table=True):
    """申领: a programme and a period, asked for by one site, elder or caregiver.

    `cases` and `expected_fen` are those of the latest look at the platform's facts. While it waits
    at an office, `due_on` is the last working day on which that office should have said its word.
    """

    __tablename__ = "subsidy_claim"
    __table_args__ = (
        CheckConstraint(
            "claimant_id = CASE claimant WHEN 'site' THEN site_id WHEN 'resident' THEN resident_id"
            " ELSE caregiver_id END",
            name="claimant_is_named",
        ),
        CheckConstraint("num_nonnulls(resident_id, caregiver_id) <= 1", name="about_one"),
        CheckConstraint("num_nonnulls(made_by, made_account) <= 1", name="made_by_one"),
        CheckConstraint("EXTRACT(day FROM first_month) = 1", name="starts_with_a_month"),
        CheckConstraint("months BETWEEN 1 AND 12", name="is_a_year_at_most"),
        CheckConstraint("closes_on >= opens_on", name="window_is_whole"),
        CheckConstraint(
            "(state IN ('at_town', 'at_county', 'at_city')) = (due_on IS NOT NULL)",
            name="waits_until_a_day",
        ),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR handed_in_at IS NOT NULL", name="was_handed_in"
        ),
        CheckConstraint(
            "state NOT IN ('returned', 'refused') OR words <> ''", name="given_back_with_words"
        ),
        Index(
            "uq_subsidy_claim_one_live",
            "claimant",
            "claimant_id",
            "programme",
            "first_month",
            unique=True,
            postgresql_where=text("state NOT IN ('refused', 'withdrawn')"),
        ),
        Index("ix_subsidy_claim_waiting", "due_on", postgresql_where=text("due_on IS NOT NULL")),
        Index("ix_subsidy_claim_site_id", "site_id"),
        Index("ix_subsidy_claim_resident_id", "resident_id"),
        Index("ix_subsidy_claim_caregiver_id", "caregiver_id"),
    )

    id: int | None = key()
    programme: str = Field(max_length=40)
    version_id: int = refers_to("policy_version.id")
    claimant: Claimant = chosen_from(Claimant)
    claimant_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    site_id: int | None = refers_to("site.id", optional=True)
    resident_id: int | None = refers_to("resident.id", optional=True)
    caregiver_id: int | None = refers_to("caregiver.id", optional=True)
    division_code: str = Field(max_length=12)
    first_month: date
    months: int = Field(sa_column=Column(SmallInteger, nullable=False))
    state: ClaimState = chosen_from(ClaimState)
    opens_on: date | None = None
    closes_on: date | None = None
    cases: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    expected_fen: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    made_at: datetime = instant()
    made_by: int | None = refers_to("staff.id", optional=True)
    made_account: int | None = refers_to("account.id", optional=True)
    handed_in_at: datetime | None = instant(optional=True)
    due_on: date | None = None
    words: str = Field(default="", max_length=400)


class SubsidyClaimHand(Table, table=True):
    """经手人: the one part that somebody has in a claim. A second one breaks the key."""

    __tablename__ = "subsidy_claim_hand"
    __table_args__ = (
        UniqueConstraint("claim_id", "staff_id", "part", name="uq_subsidy_claim_hand_part"),
    )

    claim_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("subsidy_claim.id"), primary_key=True)
    )
    staff_id: int = Field(sa_column=Column(BigInteger, ForeignKey("staff.id"), primary_key=True))
    part: Part = chosen_from(Part)


class SubsidyClaimLook(Table, table=True):
    """比对: what the platform knew of a claim's cases at a moment, and what they came to."""

    __tablename__ = "subsidy_claim_look"
    __table_args__ = (Index("ix_subsidy_claim_look_claim_id", "claim_id", "id"),)

    id: int | None = key()
    claim_id: int = refers_to("subsidy_claim.id")
    state: ClaimState = chosen_from(ClaimState)
    looked_at: LookedAt = chosen_from(LookedAt)
    cases: int
    total_fen: int = Field(sa_column=Column(BigInteger, nullable=False))
    content: list[dict[str, Any]] = structured()
    digest: bytes = sealed()
    taken_at: datetime = instant()


class SubsidyClaimStep(Table, table=True):
    """办理记录: who took a claim from one state to the next, for whom, and what they said.

    `for_staff_id` is the officer in whose place somebody acted. Both have the part of that office.
    """

    __tablename__ = "subsidy_claim_step"
    __table_args__ = (
        UniqueConstraint("claim_id", "number", name="uq_subsidy_claim_step_number"),
        ForeignKeyConstraint(
            ["claim_id", "staff_id", "part"],
            ["subsidy_claim_hand.claim_id", "subsidy_claim_hand.staff_id",
             "subsidy_claim_hand.part"],
            name="fk_subsidy_claim_step_hand",
        ),
        ForeignKeyConstraint(
            ["claim_id", "for_staff_id", "part"],
            ["subsidy_claim_hand.claim_id", "subsidy_claim_hand.staff_id",
             "subsidy_claim_hand.part"],
            name="fk_subsidy_claim_step_for_hand",
        ),
        CheckConstraint("staff_id IS NULL OR part IS NOT NULL", name="staff_has_a_part"),
        CheckConstraint(
            "step NOT IN ('pass', 'accept', 'return', 'refuse') OR staff_id IS NOT NULL",
            name="decided_by_somebody",
        ),
        different_people("staff_id", "for_staff_id", name="not_for_oneself"),
    )  # fmt: skip

    id: int | None = key()
    claim_id: int = refers_to("subsidy_claim.id")
    number: int = Field(sa_column=Column(SmallInteger, nullable=False))
    step: ClaimStep = chosen_from(ClaimStep)
    before: ClaimState | None = chosen_from(ClaimState, optional=True, check="before")
    after: ClaimState = chosen_from(ClaimState, check="after")
    taken_at: datetime = instant()
    staff_id: int | None = refers_to("staff.id", optional=True)
    for_staff_id: int | None = refers_to("staff.id", optional=True)
    account_id: int | None = refers_to("account.id", optional=True)
    part: Part | None = chosen_from(Part, optional=True)
    look_id: int | None = refers_to("subsidy_claim_look.id", optional=True)
    was_due_on: date | None = None
    words: str = Field(default="", max_length=400)


class SubsidyClaimPaper(Table, table=True):
    """申领材料: a scan of a paper that the programme asks for."""

    __tablename__ = "subsidy_claim_paper"
    __table_args__ = (
        CheckConstraint("removed_at >= added_at", name="removed_after"),
        UniqueConstraint("file_id"),
        Index("ix_subsidy_claim_paper_claim_id", "claim_id"),
    )

    id: int | None = key()
    claim_id: int = refers_to("subsidy_claim.id")
    evidence: str = Field(min_length=2, max_length=40)
    file_id: int = refers_to("file.id")
    added_at: datetime = instant()
    removed_at: datetime | None = instant(optional=True)


class SubsidyStandIn(Table, table=True):
    """委托代办: an officer names who decides claims in their place, for some days."""

    __tablename__ = "subsidy_stand_in"
    __table_args__ = (
        different_people("staff_id", "stand_in_id", name="not_oneself"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name="days_fit_the_fold",
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(staff_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " staff_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            where=text("ended_at IS NULL"),
            name="ex_subsidy_stand_in_one_a_day",
        ),
        Index("ix_subsidy_stand_in_stand_in_id", "stand_in_id"),
    )

    id: int | None = key()
    staff_id: int = refers_to("staff.id")
    stand_in_id: int = refers_to("staff.id")
    starts_on: date
    ends_on: date
    named_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)
    words: str = Field(default="", max_length=200)
