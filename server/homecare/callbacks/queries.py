"""Samples and their calls as far as the actor may see them, and what they came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, func, or_, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.callbacks.models import CallBack, CallResult, CallSample, CallState, CallTry
from server.homecare.callbacks.rules import Share, wilson
from server.homecare.visits.models import CareVisit, VisitProof
from server.places.models import Division
from server.providers.models import Site
from server.residents.models import Resident

SHOWN_AT_MOST = 2000


@dataclass(frozen=True)
class Counted:
    """What the calls of a provider, or of all, came to."""

    site_id: int | None
    name: str
    calls: int
    waiting: int
    unreached: int
    agrees: int
    contradicts: int
    cannot_say: int

    @property
    def confirmed(self) -> Share:
        """Of those that could say, the share that says it was so."""
        return wilson(self.agrees, self.agrees + self.contradicts)


def list_samples(session: Session) -> Sequence[Row[Any]]:
    """Return the samples in reach with how far their calls are, the newest first."""
    settled = func.count(col(CallBack.id)).filter(col(CallBack.state) == CallState.SETTLED)
    unreached = func.count(col(CallBack.id)).filter(col(CallBack.state) == CallState.UNREACHED)
    query = (
        select(*_sample_columns(), settled.label("settled"), unreached.label("unreached"))
        .outerjoin(CallBack, col(CallBack.sample_id) == col(CallSample.id))
        .outerjoin(Site, col(Site.id) == col(CallSample.site_id))
        .outerjoin(Division, col(Division.code) == col(CallSample.prefix))
        .group_by(col(CallSample.id), col(Site.name), col(Division.name))
        .order_by(col(CallSample.month).desc(), col(CallSample.id).desc())
    )
    return session.execute(query).all()


def get_shown(session: Session, sample_id: int) -> Row[Any]:
    """Return a sample with its names; raises `NotFound`."""
    query = (
        select(*_sample_columns())
        .outerjoin(Site, col(Site.id) == col(CallSample.site_id))
        .outerjoin(Division, col(Division.code) == col(CallSample.prefix))
        .where(col(CallSample.id) == sample_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def count_of(session: Session, sample_id: int) -> Sequence[Counted]:
    """Return what the calls came to, by provider."""
    names = ("waiting", "unreached", "agrees", "contradicts", "cannot_say")
    conditions = [
        col(CallBack.state).in_([CallState.WAITING, CallState.IN_HAND]),
        col(CallBack.state) == CallState.UNREACHED,
        *(col(CallBack.result) == result for result in CallResult),
    ]
    counted = [
        func.count().filter(condition).label(name)
        for name, condition in zip(names, conditions, strict=True)
    ]
    query = (
        select(col(CallBack.site_id), col(Site.name), func.count().label("calls"), *counted)
        .join(Site, col(Site.id) == col(CallBack.site_id))
        .where(col(CallBack.sample_id) == sample_id)
        .group_by(col(CallBack.site_id), col(Site.name))
        .order_by(col(Site.name), col(CallBack.site_id))
    )
    return [Counted(**row._mapping) for row in session.execute(query)]


def sum_of(counted: Sequence[Counted]) -> Counted:
    """Return the sums over all providers."""
    names = ("calls", "waiting", "unreached", "agrees", "contradicts", "cannot_say")
    sums: Mapping[str, int] = {name: sum(getattr(one, name) for one in counted) for name in names}
    return Counted(site_id=None, name="", **sums)


def list_calls(
    session: Session,
    sample_id: int,
    *,
    site_id: int | None = None,
    result: CallResult | None = None,
    state: CallState | None = None,
) -> Sequence[Row[Any]]:
    """Return the calls of a sample in the order of the drawing, those that fit."""
    wanted = [col(CallBack.sample_id) == sample_id]
    if site_id is not None:
        wanted.append(col(CallBack.site_id) == site_id)
    if result is not None:
        wanted.append(col(CallBack.result) == result)
    if state is CallState.WAITING:
        wanted.append(col(CallBack.state).in_([CallState.WAITING, CallState.IN_HAND]))
    elif state is not None:
        wanted.append(col(CallBack.state) == state)
    return _calls(session, *wanted)


def get_call(session: Session, call_id: int) -> Row[Any]:
    """Return one call with the visit as it was proved; raises `NotFound`."""
    rows = _calls(session, col(CallBack.id) == call_id)
    if not rows:
        raise NotFound()
    return rows[0]


def list_tries(session: Session, call_id: int) -> Sequence[Row[Any]]:
    """Return every try of a call, the first one first."""
    query = (
        select(
            *table_of(CallTry).c,
            func.name_of_staff(col(CallTry.staff_id), type_=Text).label("staff_name"),
        )
        .where(col(CallTry.call_id) == call_id)
        .order_by(col(CallTry.number))
    )
    return session.execute(query).all()


def list_months(today: date, *, number: int = 6) -> Sequence[date]:
    """Return the last whole months, the newest first."""
    return [_month_before(today, back) for back in range(1, number + 1)]


def _month_before(today: date, back: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    return date(year, month + 1, 1)


def _sample_columns() -> list[Any]:
    return [
        *table_of(CallSample).c,
        col(Site.name).label("site_name"),
        col(Division.name).label("place_name"),
    ]


def _calls(session: Session, *wanted: ColumnElement[bool]) -> Sequence[Row[Any]]:
    visit = ("service_on", "starts_at", "minutes", "services")
    proof = ("arrived_at", "left_at", "tasks_done", "confirmed_by")
    query: Any = (
        select(
            *table_of(CallBack).c,
            *(table_of(CareVisit).c[name] for name in visit),
            *(table_of(VisitProof).c[name] for name in proof),
            col(Resident.name).label("resident_name"),
            col(Resident.phone).label("resident_phone"),
            col(Resident.died_on),
            col(Resident.village_code),
            col(Site.name).label("site_name"),
            func.name_of_staff(col(VisitProof.worker_id), type_=Text).label("worker_name"),
        )
        .join(CareVisit, col(CareVisit.id) == col(CallBack.visit_id))
        .join(Site, col(Site.id) == col(CallBack.site_id))
        .join(CallSample, col(CallSample.id) == col(CallBack.sample_id))
        .join(
            VisitProof,
            (col(VisitProof.visit_id) == col(CareVisit.id))
            & (col(VisitProof.left_recorded_at) <= col(CallSample.drawn_at))
            & or_(
                col(VisitProof.superseded_at).is_(None),
                col(VisitProof.superseded_at) > col(CallSample.drawn_at),
            ),
        )
        .outerjoin(Resident, col(Resident.id) == col(CallBack.resident_id))
        .where(*wanted)
        .order_by(col(CallBack.place), col(CallBack.id))
        .limit(SHOWN_AT_MOST)
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
