"""What is written down on a bed's way: its steps, notice, agreement, building and acceptance."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field

from server.db.tables import Table, chosen_from, fen, instant, key, refers_to
from server.homecare.models import HomeBedState
from server.homecare.states import Step


class HomeBedMove(Table, table=True):
    """One step of a bed, by whom and when; `from_state` is None for the application.

    Written once. Nobody stands for the platform itself.
    """

    __tablename__ = "home_bed_move"
    __table_args__ = (Index("ix_home_bed_move_home_bed_id", "home_bed_id"),)

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id", index=True)
    step: Step = chosen_from(Step)
    from_state: HomeBedState | None = chosen_from(
        HomeBedState, optional=True, check="from_homebedstate"
    )
    to_state: HomeBedState = chosen_from(HomeBedState, check="to_homebedstate")
    at: datetime = instant()
    staff_id: int | None = refers_to("staff.id", optional=True)
    account_id: int | None = refers_to("account.id", optional=True)
    note: str = Field(default="", max_length=200)


class HomeBedNotice(Table, table=True):
    """公示: who is to have a bed at home, masked, for everybody to read until the day before."""

    __tablename__ = "home_bed_notice"
    __table_args__ = (
        UniqueConstraint("home_bed_id"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        Index("ix_home_bed_notice_ends_on", "ends_on"),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id", index=True)
    starts_on: date
    ends_on: date


class HomeBedObjection(Table, table=True):
    """异议: what somebody said against a bed while its notice ran, and what came of it."""

    __tablename__ = "home_bed_objection"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (finding = '')", name="settled_with_a_finding"),
        Index("ix_home_bed_objection_home_bed_id", "home_bed_id"),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id", index=True)
    said: str = Field(min_length=2, max_length=400)
    recorded_at: datetime = instant()
    settled_at: datetime | None = instant(optional=True)
    finding: str = Field(default="", max_length=400)


class HomeBedAgreement(Table, table=True):
    """服务协议: who serves from a day until the day before another, and for how much a month."""

    __tablename__ = "home_bed_agreement"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint(
            "starts_on >= DATE '1900-01-01' AND ends_on < DATE '2170-01-01'",
            name="days_fit_the_fold",
        ),
        CheckConstraint(
            "0 <= own_pay_fen AND own_pay_fen <= monthly_fee_fen", name="own_pay_within_fee"
        ),
        ExcludeConstraint(
            (
                text(
                    "int8range(home_bed_id * 100000 + (starts_on - DATE '1900-01-01'),"
                    " home_bed_id * 100000 + (ends_on - DATE '1900-01-01'))"
                ),
                "&&",
            ),
            name="ex_home_bed_agreement_one_a_day",
        ),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id", index=True)
    site_id: int = refers_to("site.id")
    starts_on: date
    ends_on: date
    monthly_fee_fen: int = fen()
    own_pay_fen: int = fen(description="What the elder pays of it, after all subsidies.")
    signed_by: str = Field(max_length=60, description="The elder, or who signs for them.")
    signed_on: date


class HomeBedBuild(Table, table=True):
    """建设: what was built into the home, for how much, by which invoice.

    `asks_grant` is false for what a grant is not asked for; it is asked for once per elder (S23).
    """

    __tablename__ = "home_bed_build"
    __table_args__ = (
        UniqueConstraint("home_bed_id"),
        UniqueConstraint("invoice_ref"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        Index(
            "uq_home_bed_build_one_grant",
            "resident_id",
            unique=True,
            postgresql_where=text("asks_grant"),
        ),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id", index=True)
    cost_fen: int = fen()
    invoice_ref: str = Field(min_length=4, max_length=60)
    installed_on: date
    inventory: str = Field(max_length=400, description="What stands there now.")
    is_after_renovation: bool = Field(
        default=False, description="An age-friendly renovation was subsidised before (S21)."
    )
    asks_grant: bool = Field(default=True)
    recorded_at: datetime = instant()


class HomeBedAcceptance(Table, table=True):
    """验收: one of two different people found on the spot what was built.

    `place` is 1 or 2. Building again supersedes what was accepted before.
    """

    __tablename__ = "home_bed_acceptance"
    __table_args__ = (
        CheckConstraint("place IN (1, 2)", name="one_of_two"),
        Index(
            "uq_home_bed_acceptance_two",
            "home_bed_id",
            "place",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "uq_home_bed_acceptance_different",
            "home_bed_id",
            "staff_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: int | None = key()
    home_bed_id: int = refers_to("home_bed.id")
    resident_id: int = refers_to("resident.id", index=True)
    place: int
    staff_id: int = refers_to("staff.id")
    accepted_at: datetime = instant()
    note: str = Field(default="", max_length=200)
    superseded_at: datetime | None = instant(optional=True)
