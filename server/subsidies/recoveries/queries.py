"""Recoveries with what is left of each, and what was done about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, case, cast, func, or_, select
from sqlmodel import Session, col

from server.caregivers.models import Caregiver
from server.db.tables import table_of
from server.errors import NotFound
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.terms import Beneficiary
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.models import SubsidyRun
from server.subsidies.recoveries.models import (
    SubsidyRecovery,
    SubsidyRecoveryDecision,
    SubsidyRecoveryEntry,
)

RECOVERY = table_of(SubsidyRecovery)
RUN, VERSION = table_of(SubsidyRun), table_of(PolicyVersion)
GONE = RECOVERY.c.netted_fen + RECOVERY.c.received_fen + RECOVERY.c.written_off_fen
LEFT = RECOVERY.c.amount_fen - GONE
SHOWN_AT_MOST = 1000


@dataclass(frozen=True)
class RecoveryWanted:
    """Which recoveries; what is None is not asked for."""

    payee_kind: Beneficiary | None = None
    is_open: bool | None = None
    site_id: int | None = None


def list_recoveries(
    session: Session, prefixes: Sequence[str], wanted: RecoveryWanted
) -> Sequence[Row[Any]]:
    """Return recoveries under these divisions, the most that is left first."""
    query = _recoveries(prefixes)
    if wanted.payee_kind is not None:
        query = query.where(RECOVERY.c.payee_kind == wanted.payee_kind)
    if wanted.is_open is not None:
        query = query.where((LEFT > 0) == wanted.is_open)
    if wanted.site_id is not None:
        query = query.where(RECOVERY.c.site_id == wanted.site_id)
    return session.execute(query.order_by(LEFT.desc(), RECOVERY.c.id).limit(SHOWN_AT_MOST)).all()


def get_recovery(session: Session, prefixes: Sequence[str], recovery_id: int) -> Row[Any]:
    """Return one of `list_recoveries`; raises `NotFound`."""
    row = session.execute(_recoveries(prefixes).where(RECOVERY.c.id == recovery_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def sum_by_payee(session: Session, prefixes: Sequence[str]) -> Sequence[Row[Any]]:
    """Return (payee_kind, payees, amount_fen, left_fen) of what is under these divisions."""
    query = (
        select(
            RECOVERY.c.payee_kind,
            func.count(RECOVERY.c.payee_id.distinct()).label("payees"),
            cast(func.sum(RECOVERY.c.amount_fen), BigInteger).label("amount_fen"),
            cast(func.sum(LEFT), BigInteger).label("left_fen"),
        )
        .where(_under(prefixes))
        .group_by(RECOVERY.c.payee_kind)
    )
    return session.execute(query.order_by(RECOVERY.c.payee_kind)).all()


def list_entries(session: Session, recovery_id: int) -> Sequence[Row[Any]]:
    """Return what was paid back of a recovery, the first first."""
    table = table_of(SubsidyRecoveryEntry)
    name = func.name_of_staff(table.c.by, type_=Text).label("staff_name")
    query = select(*table.c, name).where(table.c.recovery_id == recovery_id)
    return session.execute(query.order_by(table.c.id)).all()


def list_decisions(session: Session, recovery_id: int) -> Sequence[Row[Any]]:
    """Return what was asked for and decided, the latest first."""
    table = table_of(SubsidyRecoveryDecision)
    names = (
        func.name_of_staff(table.c[column], type_=Text).label(label)
        for column, label in (("asked_by", "asker"), ("decided_by", "decider"))
    )
    query = select(*table.c, *names).where(table.c.recovery_id == recovery_id)
    return session.execute(query.order_by(table.c.id.desc())).all()


def _recoveries(prefixes: Sequence[str]) -> Select[Any]:
    kind, payee = RECOVERY.c.payee_kind, RECOVERY.c.payee_id
    name = case(
        (kind == Beneficiary.SITE, col(Site.name)),
        (kind == Beneficiary.RESIDENT, col(Resident.name)),
        else_=col(Caregiver.name),
    )
    return (
        select(
            *RECOVERY.c,
            LEFT.label("left_fen"),
            func.coalesce(name, "").label("payee_name"),
            VERSION.c.content["name"]["zh"].astext.label("name_zh"),
            VERSION.c.content["name"]["en"].astext.label("name_en"),
        )
        .join(RUN, RUN.c.id == RECOVERY.c.of_run_id)
        .join(VERSION, VERSION.c.id == RUN.c.version_id)
        .outerjoin(Site, (kind == Beneficiary.SITE) & (col(Site.id) == payee))
        .outerjoin(Resident, (kind == Beneficiary.RESIDENT) & (col(Resident.id) == payee))
        .outerjoin(Caregiver, (kind == Beneficiary.CAREGIVER) & (col(Caregiver.id) == payee))
        .where(_under(prefixes))
    )


def _under(prefixes: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(RECOVERY.c.division_code.startswith(one, autoescape=True) for one in prefixes))
