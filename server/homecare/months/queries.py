"""What a month came to: reckoned while it is open, read as it was frozen once it is closed."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, TextClause, func, select, text
from sqlmodel import Session, col

from server.db.tables import table_of
from server.homecare.months.models import HomeMonth, HomeMonthBed, HomeMonthWorker
from server.homecare.visits.models import (
    CareVisit,
    CorrectionState,
    HomeMonthClose,
    VisitCorrection,
)
from server.providers.models import FacilityKind, Site

SERVED = (Path(__file__).parent / "served.sql").read_text()
SUMS = """
    count(*) FILTER (WHERE counts) AS visits,
    coalesce(sum(made) FILTER (WHERE counts), 0) AS minutes,
    count(*) FILTER (WHERE is_doubted) AS doubted,
    count(score) FILTER (WHERE counts) AS rated,
    count(*) FILTER (WHERE counts AND score = 3) AS satisfied
"""
BEDS = text(
    SERVED
    + f"""
    SELECT s.home_bed_id, s.resident_id, {SUMS},
           coalesce(round(sum(made * life) FILTER (WHERE counts)), 0)::int AS life_minutes,
           count(*) FILTER (WHERE counts AND nursing) AS nursing_visits,
           count(*) FILTER (WHERE counts AND is_confirmed) AS confirmed,
           count(*) FILTER (WHERE NOT counts) AS unproved
      FROM served s WHERE s.home_bed_id IS NOT NULL
     GROUP BY s.home_bed_id, s.resident_id ORDER BY s.home_bed_id
    """
)
WORKERS = text(
    SERVED
    + f"""
    SELECT s.worker_id, {SUMS}, count(DISTINCT home_bed_id) FILTER (WHERE counts) AS beds
      FROM served s GROUP BY s.worker_id ORDER BY s.worker_id
    """
)


def next_month(month: date) -> date:
    """Return the first day of the month after this one's first."""
    return (month + timedelta(days=32)).replace(day=1)


def reckon_beds(session: Session, site_id: int, month: date) -> Sequence[Row[Any]]:
    """Return what each bed of the provider was served in the month, as of now."""
    return _reckon(session, BEDS, site_id, month)


def reckon_workers(session: Session, site_id: int, month: date) -> Sequence[Row[Any]]:
    """Return what each worker of the provider served in the month, as of now."""
    return _reckon(session, WORKERS, site_id, month)


def find_close(session: Session, site_id: int, month: date) -> HomeMonthClose | None:
    """Return the closing of the month, None while it is open."""
    query = select(HomeMonthClose).where(
        col(HomeMonthClose.site_id) == site_id, col(HomeMonthClose.month) == month
    )
    closing: HomeMonthClose | None = session.execute(query).scalar_one_or_none()
    return closing


def count_corrections_waiting(session: Session, site_id: int, month: date) -> int:
    """Return how many corrections of the month's visits nobody has decided."""
    query = (
        select(func.count())
        .select_from(VisitCorrection)
        .join(CareVisit, col(CareVisit.id) == col(VisitCorrection.visit_id))
        .where(
            col(VisitCorrection.state) == CorrectionState.ASKED,
            col(VisitCorrection.site_id) == site_id,
            col(CareVisit.service_on) >= month,
            col(CareVisit.service_on) < next_month(month),
        )
    )
    return int(session.execute(query).scalar_one())


def list_beds(session: Session, site_id: int, month: date) -> Sequence[Row[Any]]:
    """Return the frozen facts of each bed of a closed month."""
    fact = table_of(HomeMonthBed)
    query = select(*fact.c).where(fact.c.site_id == site_id, fact.c.month == month)
    return session.execute(query.order_by(fact.c.home_bed_id)).all()


def list_workers(session: Session, site_id: int, month: date) -> Sequence[Row[Any]]:
    """Return the frozen facts of each worker of a closed month."""
    fact = table_of(HomeMonthWorker)
    query = select(*fact.c).where(fact.c.site_id == site_id, fact.c.month == month)
    return session.execute(query.order_by(fact.c.worker_id)).all()


def list_providers(
    session: Session, within: ColumnElement[bool], month: date
) -> Sequence[Row[Any]]:
    """Return the providers in reach with what they closed of the month; None where they did not."""
    fact = table_of(HomeMonth)
    own = (fact.c.site_id == col(Site.id)) & (fact.c.month == month)
    query = (
        select(col(Site.id), col(Site.name), *(c for c in fact.c if c.name != "site_id"))
        .select_from(table_of(Site))
        .outerjoin(fact, own)
        .where(within, col(Site.kind) == FacilityKind.HOME_CARE_PROVIDER)
    )
    return session.execute(query.order_by(col(Site.name), col(Site.id))).all()


def find_month(session: Session, site_id: int, month: date) -> Row[Any] | None:
    """Return the frozen sums of a provider's month, None where it is open."""
    fact = table_of(HomeMonth)
    query = select(*fact.c).where(fact.c.site_id == site_id, fact.c.month == month)
    return session.execute(query).one_or_none()


def _reckon(session: Session, query: TextClause, site_id: int, month: date) -> Sequence[Row[Any]]:
    days = {"site_id": site_id, "month": month, "next_month": next_month(month)}
    return session.connection().execute(query, days).all()
