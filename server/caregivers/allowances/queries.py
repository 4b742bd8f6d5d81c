"""Entitlements and claims, as far as row security lets the actor see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, true
from sqlmodel import Session, col

from server.caregivers.allowances.models import (
    AllowanceClaim,
    AllowanceClaimLine,
    CaregiverEntitlement,
    ClaimState,
    Standing,
)
from server.caregivers.allowances.terms import Programme
from server.caregivers.models import Caregiver, Employment
from server.db.tables import table_of
from server.errors import NotFound
from server.providers.models import Site

SHOWN_AT_MOST = 2000
HELD = table_of(CaregiverEntitlement)
CLAIM = table_of(AllowanceClaim)
LINE = table_of(AllowanceClaimLine)

EVERYWHERE: ColumnElement[bool] = true()

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Wanted:
    """Which entitlements of a month are looked at; `reason` is one that speaks against it."""

    month: date
    site_id: int | None = None
    programme: Programme | None = None
    state: Standing | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ClaimWanted:
    state: ClaimState | None = None
    programme: Programme | None = None
    site_id: int | None = None


@dataclass(frozen=True)
class ShownClaim:
    """A claim with its lines, each beside the entitlement it rests on."""

    claim: Row[Any]
    lines: Rows

    @property
    def caregiver_id(self) -> int:
        return int(self.claim.caregiver_id)


def list_month(session: Session, within: ColumnElement[bool], wanted: Wanted) -> Rows:
    """Return what holds of a month at the sites in reach, by site and name."""
    query = (
        _shown()
        .where(*_of_month(wanted), within)
        .order_by(col(Site.name), col(Caregiver.name), HELD.c.caregiver_id, HELD.c.programme,
                  HELD.c.period)
    )  # fmt: skip
    rows: Rows = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def sum_month(session: Session, within: ColumnElement[bool], wanted: Wanted) -> Rows:
    """Return (programme, judged, entitled, amount_fen) of a month; those ahead are not judged."""
    judged = HELD.c.state != Standing.AHEAD
    entitled = HELD.c.state == Standing.ENTITLED
    query = (
        select(
            HELD.c.programme,
            func.count().filter(judged).label("judged"),
            func.count().filter(entitled).label("entitled"),
            func.coalesce(func.sum(HELD.c.amount_fen), 0).label("amount_fen"),
            func.max(HELD.c.reckoned_at).label("reckoned_at"),
        )
        .select_from(HELD.join(table_of(Site), table_of(Site).c.id == HELD.c.site_id))
        .where(*_of_month(wanted), within)
        .group_by(HELD.c.programme)
        .order_by(HELD.c.programme)
    )
    rows: Rows = session.execute(query).all()
    return rows


def count_reasons(session: Session, within: ColumnElement[bool], wanted: Wanted) -> Rows:
    """Return (code, people): how many are not entitled for which reason, the commonest first."""
    reason = func.jsonb_array_elements(HELD.c.reasons).table_valued("value").alias("reason")
    code = reason.c.value.op("->>")("code")
    query = (
        select(code.label("code"), func.count(func.distinct(HELD.c.caregiver_id)).label("people"))
        .select_from(
            HELD.join(table_of(Site), table_of(Site).c.id == HELD.c.site_id).join(
                reason, reason.c.value.op("->>")("holds") == "false"
            )
        )
        .where(*_of_month(wanted), HELD.c.state == Standing.NOT_ENTITLED, within)
        .group_by(code)
        .order_by(func.count(func.distinct(HELD.c.caregiver_id)).desc(), code)
    )
    rows: Rows = session.execute(query).all()
    return rows


def list_of_caregiver(
    session: Session, caregiver_id: int, *, as_known_at: datetime | None = None
) -> Rows:
    """Return everything that holds of a caregiver, or held as it was known at a moment."""
    holds: ColumnElement[bool] = HELD.c.superseded_at.is_(None)
    if as_known_at is not None:
        holds = and_(
            HELD.c.reckoned_at <= as_known_at,
            or_(HELD.c.superseded_at.is_(None), HELD.c.superseded_at > as_known_at),
        )
    query = (
        _shown()
        .where(HELD.c.caregiver_id == caregiver_id, holds)
        .order_by(HELD.c.month.desc().nulls_first(), HELD.c.programme, HELD.c.period.desc())
    )
    rows: Rows = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def find_claimable(session: Session, caregiver_id: int, *, since: date, before: date) -> Rows:
    """Return what the caregiver is entitled to and nobody has claimed, the earlier first.

    Instalments count however long ago they were due; months since a month.
    """
    claimed = exists().where(
        LINE.c.caregiver_id == HELD.c.caregiver_id,
        LINE.c.programme == HELD.c.programme,
        LINE.c.period == HELD.c.period,
        LINE.c.is_live,
    )
    query = (
        select(*HELD.c)
        .where(
            HELD.c.caregiver_id == caregiver_id,
            HELD.c.superseded_at.is_(None),
            HELD.c.state == Standing.ENTITLED,
            HELD.c.amount_fen > 0,
            HELD.c.due_on.is_not(None)
            | ((HELD.c.month >= since) & (HELD.c.month < before.replace(day=1))),
            ~claimed,
        )
        .order_by(HELD.c.month, HELD.c.period)
    )
    rows: Rows = session.execute(query).all()
    return rows


def find_claimed(session: Session, caregiver_id: int) -> set[tuple[str, str]]:
    """Return (programme, period) of everything of a caregiver that stands in a claim."""
    query = select(LINE.c.programme, LINE.c.period).where(
        LINE.c.caregiver_id == caregiver_id, LINE.c.is_live
    )
    return {(row.programme.value, row.period) for row in session.execute(query)}


def list_claims(session: Session, within: ColumnElement[bool], wanted: ClaimWanted) -> Rows:
    """Return the claims in reach, what waits for the county first."""
    conditions = [
        column == value
        for column, value in (
            (CLAIM.c.state, wanted.state),
            (CLAIM.c.programme, wanted.programme),
            (CLAIM.c.site_id, wanted.site_id),
        )
        if value is not None
    ]
    query = (
        _claims()
        .where(within, *conditions)
        .order_by(CLAIM.c.state != ClaimState.HANDED_IN, CLAIM.c.handed_in_at, CLAIM.c.id)
    )
    rows: Rows = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def list_claims_of(session: Session, caregiver_id: int) -> Rows:
    """Return a caregiver's claims, the latest first."""
    query = _claims().where(CLAIM.c.caregiver_id == caregiver_id).order_by(CLAIM.c.id.desc())
    rows: Rows = session.execute(query).all()
    return rows


def get_claim(
    session: Session, claim_id: int, within: ColumnElement[bool] = EVERYWHERE
) -> ShownClaim:
    """Return a claim in reach with its lines; raises `NotFound`."""
    claim = session.execute(_claims().where(CLAIM.c.id == claim_id, within)).one_or_none()
    if claim is None:
        raise NotFound()
    lines = (
        select(*LINE.c, HELD.c.band, HELD.c.reasons, HELD.c.due_on, HELD.c.superseded_at,
               HELD.c.month)
        .select_from(LINE.join(HELD, HELD.c.id == LINE.c.entitlement_id))
        .where(LINE.c.claim_id == claim_id, LINE.c.is_live)
        .order_by(HELD.c.month, LINE.c.period)
    )  # fmt: skip
    return ShownClaim(claim, session.execute(lines).all())


def get_caregiver(
    session: Session, caregiver_id: int, within: ColumnElement[bool] = EVERYWHERE
) -> Row[Any]:
    """Return the name of a caregiver who works or worked at a site in reach; raises `NotFound`."""
    query: Any = (
        select(col(Caregiver.id), col(Caregiver.name), col(Caregiver.keeper_site_id))
        .select_from(Caregiver)
        .where(
            col(Caregiver.id) == caregiver_id,
            exists()
            .where(
                col(Employment.caregiver_id) == col(Caregiver.id),
                col(Employment.site_id) == col(Site.id),
            )
            .where(within),
        )
    )
    row: Row[Any] | None = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def is_kept(session: Session, caregiver_id: int, within: ColumnElement[bool]) -> bool:
    """True when a site in reach keeps the caregiver's file, as no former employer does."""
    query: Any = select(col(Caregiver.id)).join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
    kept = session.execute(query.where(col(Caregiver.id) == caregiver_id, within))
    return kept.first() is not None


def list_employers(session: Session, within: ColumnElement[bool]) -> Rows:
    """Return (id, name) of the sites in reach at which anybody works or worked."""
    works = exists().where(col(Employment.site_id) == col(Site.id))
    query: Any = select(col(Site.id), col(Site.name)).where(within, works)
    rows: Rows = session.execute(query.order_by(col(Site.name), col(Site.id))).all()
    return rows


def _of_month(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [HELD.c.month == wanted.month, HELD.c.superseded_at.is_(None)]
    if wanted.site_id is not None:
        conditions.append(HELD.c.site_id == wanted.site_id)
    if wanted.programme is not None:
        conditions.append(HELD.c.programme == wanted.programme)
    if wanted.state is not None:
        conditions.append(HELD.c.state == wanted.state)
    if wanted.reason is not None:
        against = [{"code": wanted.reason, "holds": False}]
        conditions.append(HELD.c.reasons.contains(against))
    return conditions


def _shown() -> Any:
    return (
        select(*HELD.c, col(Caregiver.name).label("caregiver_name"),
               col(Site.name).label("site_name"))
        .select_from(HELD)
        .join(Caregiver, col(Caregiver.id) == HELD.c.caregiver_id)
        .join(Site, col(Site.id) == HELD.c.site_id)
    )  # fmt: skip


def _claims() -> Any:
    return (
        select(*CLAIM.c, col(Caregiver.name).label("caregiver_name"),
               col(Site.name).label("site_name"))
        .select_from(CLAIM)
        .join(Caregiver, col(Caregiver.id) == CLAIM.c.caregiver_id)
        .join(Site, col(Site.id) == CLAIM.c.site_id)
    )  # fmt: skip
