"""Runs before those who approve them: bands, sums, what is held out, how far the approval is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.identity.models import Staff
from server.policies.programmes.models import PolicyVersion
from server.providers.models import Site
from server.subsidies.approvals.models import (
    ReviewState,
    SubsidyApprovalSlice,
    SubsidyHeldLine,
    SubsidyReview,
    SubsidyReviewStep,
)
from server.subsidies.approvals.rules import BANDS, may_sign
from server.subsidies.models import RunKind, RunStage, SubsidyLine, SubsidyRun, SubsidySlice

SHOWN_AT_MOST = 2000
LINES_SHOWN = 500
RUN, LINE, HELD, REVIEW, SLICE, DONE, STEP, VERSION, SITE = (
    table_of(model)
    for model in (
        SubsidyRun, SubsidyLine, SubsidyHeldLine, SubsidyReview, SubsidySlice,
        SubsidyApprovalSlice, SubsidyReviewStep, PolicyVersion, Site,
    )
)  # fmt: skip
IS_HELD = and_(
    HELD.c.run_id == LINE.c.run_id, HELD.c.number == LINE.c.number, HELD.c.put_back_at.is_(None)
)
REVIEWED = (
    RunStage.COMPUTED, RunStage.IN_APPROVAL, RunStage.APPROVED, RunStage.IN_NOTICE,
    RunStage.PAYABLE, RunStage.IN_PAYMENT, RunStage.PAID,
)  # fmt: skip
Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Wanted:
    """Which runs are looked for."""

    stage: RunStage | None = None
    programme: str | None = None


def list_runs(session: Session, prefixes: Sequence[str], wanted: Wanted) -> Rows:
    """Return runs that are reckoned, within the prefixes: what waits for approval first."""
    within = [RUN.c.division_code.startswith(prefix, autoescape=True) for prefix in prefixes]
    conditions = [
        column == value
        for column, value in ((RUN.c.stage, wanted.stage), (RUN.c.programme, wanted.programme))
        if value is not None
    ]
    query = _runs().where(
        RUN.c.kind != RunKind.WHAT_IF,
        RUN.c.stage.in_(REVIEWED),
        or_(false(), *within),
        *conditions,
    )
    order = (RUN.c.stage != RunStage.IN_APPROVAL, RUN.c.made_at.desc(), RUN.c.id.desc())
    rows: Rows = session.execute(query.order_by(*order).limit(SHOWN_AT_MOST)).all()
    return rows


def list_programmes(session: Session, prefixes: Sequence[str]) -> Rows:
    """Return (programme, zh, en) of runs within the prefixes, by code."""
    within = [RUN.c.division_code.startswith(prefix, autoescape=True) for prefix in prefixes]
    name = VERSION.c.content["name"]
    query = (
        select(RUN.c.programme, func.max(name["zh"].astext).label("zh"),
               func.max(name["en"].astext).label("en"))
        .join(VERSION, VERSION.c.id == RUN.c.version_id)
        .where(or_(false(), *within))
        .group_by(RUN.c.programme)
        .order_by(RUN.c.programme)
    )  # fmt: skip
    rows: Rows = session.execute(query).all()
    return rows


def may_sign_now(row: Row[Any], check: Sequence[str], approve: Sequence[str]) -> bool:
    """True where one of the offices is the one that a run waits for: those that check runs on
    their way, and those that approve them at its end."""
    if row.stage != RunStage.IN_APPROVAL or row.review_state != ReviewState.OPEN:
        return False
    is_last = row.stage_no == len(row.stages) - 1
    prefixes = approve if is_last else check
    return may_sign(row.stages[row.stage_no], row.division_code, prefixes)


def get_run(session: Session, run_id: int, prefixes: Sequence[str]) -> Row[Any]:
    """Return a run within the prefixes with its review; raises `NotFound`."""
    within = [RUN.c.division_code.startswith(prefix, autoescape=True) for prefix in prefixes]
    row = session.execute(_runs().where(RUN.c.id == run_id, or_(false(), *within))).one_or_none()
    if row is None:
        raise NotFound()
    return row


def sum_payable(session: Session, run_id: int) -> int:
    """Return what the lines of a run come to without those held out."""
    query = (
        select(_fen(LINE.c.amount_fen))
        .select_from(LINE.outerjoin(HELD, IS_HELD))
        .where(LINE.c.run_id == run_id, HELD.c.id.is_(None))
    )
    return int(session.execute(query).scalar_one())


def list_bands(session: Session, run_id: int) -> Rows:
    """Return (band, lines, total_fen, held) of the due lines by amount, the smallest first.

    Band 0 is below nought or nought; band n begins at the n-th of `BANDS`.
    """
    band = func.width_bucket(LINE.c.amount_fen, list(BANDS))
    query = (
        select(
            band.label("band"),
            func.count().label("lines"),
            _fen(LINE.c.amount_fen).label("total_fen"),
            func.count(HELD.c.id).label("held"),
        )
        .select_from(LINE.outerjoin(HELD, IS_HELD))
        .where(LINE.c.run_id == run_id, LINE.c.outcome == "due")
        .group_by(band)
        .order_by(band)
    )
    rows: Rows = session.execute(query).all()
    return rows


def list_sites(session: Session, run_id: int, *, limit: int = 50) -> Rows:
    """Return (site_id, name, lines, total_fen) of a run, the greatest sum first."""
    total = _fen(LINE.c.amount_fen)
    query = (
        select(LINE.c.site_id, SITE.c.name, func.count().label("lines"), total.label("total_fen"))
        .select_from(LINE.join(SITE, SITE.c.id == LINE.c.site_id))
        .where(LINE.c.run_id == run_id, LINE.c.outcome == "due")
        .group_by(LINE.c.site_id, SITE.c.name)
        .order_by(total.desc(), LINE.c.site_id)
    )
    rows: Rows = session.execute(query.limit(limit)).all()
    return rows


def list_lines(
    session: Session,
    run_id: int,
    *,
    band: int | None = None,
    site_id: int | None = None,
    limit: int = LINES_SHOWN,
) -> Rows:
    """Return due lines of a run with whether each is held out, the greatest amount first."""
    conditions = [LINE.c.run_id == run_id, LINE.c.outcome == "due"]
    if band is not None:
        conditions.append(func.width_bucket(LINE.c.amount_fen, list(BANDS)) == band)
    if site_id is not None:
        conditions.append(LINE.c.site_id == site_id)
    query = (
        select(
            LINE.c.run_id, LINE.c.number, LINE.c.resident_id, LINE.c.caregiver_id, LINE.c.site_id,
            LINE.c.month, LINE.c.amount_fen, SITE.c.name.label("site_name"),
            HELD.c.words.label("held_words"), HELD.c.held_for,
        )
        .select_from(
            LINE.join(SITE, SITE.c.id == LINE.c.site_id).outerjoin(HELD, IS_HELD)
        )
        .where(*conditions)
        .order_by(LINE.c.amount_fen.desc(), LINE.c.number)
    )  # fmt: skip
    rows: Rows = session.execute(query.limit(limit)).all()
    return rows


def list_held(session: Session, run_id: int) -> Rows:
    """Return the lines held out of a run, with why and by whom."""
    query = (
        select(
            HELD.c.number, HELD.c.held_for, HELD.c.words, HELD.c.held_at, LINE.c.amount_fen,
            LINE.c.month, LINE.c.resident_id, LINE.c.caregiver_id, SITE.c.name.label("site_name"),
            col(Staff.display_name).label("who"),
        )
        .select_from(
            HELD.join(LINE, IS_HELD)
            .join(SITE, SITE.c.id == LINE.c.site_id)
            .outerjoin(table_of(Staff), col(Staff.id) == HELD.c.held_by)
        )
        .where(HELD.c.run_id == run_id, HELD.c.put_back_at.is_(None))
        .order_by(HELD.c.number)
    )  # fmt: skip
    rows: Rows = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def find_office(session: Session, run_id: int) -> str | None:
    """Return the part that a run waits for; none where nobody is asked now."""
    query = select(REVIEW.c.stages, REVIEW.c.stage_no)
    row = session.execute(
        query.where(REVIEW.c.run_id == run_id, REVIEW.c.state == ReviewState.OPEN)
    ).one_or_none()
    return None if row is None else str(row.stages[row.stage_no])


def sum_held(session: Session, run_id: int) -> Row[Any]:
    """Return (lines, fen) of what is held out of a run."""
    return session.execute(
        select(func.count().label("lines"), _fen(LINE.c.amount_fen).label("fen"))
        .select_from(HELD.join(LINE, IS_HELD))
        .where(HELD.c.run_id == run_id)
    ).one()


def find_progress(session: Session, review_id: int) -> Row[Any]:
    """Return (slices, done, approved, total_fen) of a bulk approval."""
    slices = select(func.count()).where(SLICE.c.run_id == REVIEW.c.run_id).scalar_subquery()
    done = select(
        func.count().label("done"),
        _fen(DONE.c.lines + DONE.c.held).label("approved"),
        _fen(DONE.c.total_fen).label("total_fen"),
    ).where(DONE.c.review_id == review_id)
    found = done.subquery()
    query = select(slices.label("slices"), found).select_from(REVIEW.join(found, literal(True)))
    return session.execute(query.where(REVIEW.c.id == review_id)).one()


def list_steps(session: Session, run_id: int) -> Rows:
    """Return who said what on a run, in the order of it."""
    query = (
        select(*STEP.c, col(Staff.display_name).label("who"))
        .join(table_of(Staff), col(Staff.id) == STEP.c.staff_id)
        .where(STEP.c.run_id == run_id)
        .order_by(STEP.c.id)
    )
    rows: Rows = session.execute(query).all()
    return rows


def _fen(amount: ColumnElement[Any]) -> ColumnElement[int]:
    """A sum as a whole number, nought where there is nothing."""
    return cast(func.coalesce(func.sum(amount), 0), BigInteger)


def _runs() -> Select[Any]:
    review = REVIEW.c
    return (
        select(
            *RUN.c,
            VERSION.c.content["name"].label("programme_name"),
            review.id.label("review_id"), review.state.label("review_state"), review.stages,
            review.stage_no, review.control_fen, review.pressed_at, review.submitted_at,
        )
        .join(VERSION, VERSION.c.id == RUN.c.version_id)
        .outerjoin(
            REVIEW,
            and_(review.run_id == RUN.c.id, review.state != ReviewState.RETURNED),
        )
    )  # fmt: skip
