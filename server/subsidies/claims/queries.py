"""Claims as lists and as one page show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, cast, func, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server.caregivers.models import Caregiver
from server.db.tables import table_of
from server.errors import NotFound
from server.identity.models import Staff
from server.policies.programmes.models import PolicyVersion
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.claims.models import (
    Claimant,
    ClaimState,
    SubsidyClaim,
    SubsidyClaimLook,
    SubsidyClaimPaper,
    SubsidyClaimStep,
)

SHOWN_AT_MOST = 2000
CLAIM, SITE, ELDER, CARER, VERSION = (
    table_of(model) for model in (SubsidyClaim, Site, Resident, Caregiver, PolicyVersion)
)
Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Wanted:
    """Which claims are looked for."""

    state: ClaimState | None = None
    programme: str | None = None
    claimant: Claimant | None = None
    is_late_on: date | None = None


def list_claims(session: Session, within: ColumnElement[bool], wanted: Wanted) -> Rows:
    """Return claims in reach: those that wait by the day they are due, then the latest."""
    query = _claims().where(within, *_conditions(wanted))
    order = (CLAIM.c.due_on.asc().nulls_last(), CLAIM.c.made_at.desc(), CLAIM.c.id.desc())
    rows: Rows = session.execute(query.order_by(*order).limit(SHOWN_AT_MOST)).all()
    return rows


def list_of(session: Session, claimant: Claimant, claimant_ids: Sequence[int]) -> Rows:
    """Return the claims of some elders or of a caregiver, the latest first."""
    query = _claims().where(CLAIM.c.claimant == claimant, CLAIM.c.claimant_id.in_(claimant_ids))
    rows: Rows = session.execute(query.order_by(CLAIM.c.id.desc()).limit(SHOWN_AT_MOST)).all()
    return rows


def get_claim(
    session: Session, claim_id: int, within: ColumnElement[bool] | None = None
) -> Row[Any]:
    """Return one claim as lists show it; raises `NotFound`."""
    query = _claims().where(CLAIM.c.id == claim_id, true() if within is None else within)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def count_of_months(
    session: Session, programme: str, first: date, until: date
) -> Mapping[ClaimState, int]:
    """Return how many claims of a programme for these months stand where, as far as one sees."""
    ends = CLAIM.c.first_month + func.make_interval(0, CLAIM.c.months)
    query = (
        select(CLAIM.c.state, func.count())
        .where(CLAIM.c.programme == programme, CLAIM.c.first_month < until, ends > first)
        .group_by(CLAIM.c.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_waiting(session: Session, within: ColumnElement[bool], today: date) -> Row[Any]:
    """Return how many claims wait for these offices, how many are late, and their sum."""
    late = CLAIM.c.due_on < today
    query = select(
        func.count().label("waiting"),
        func.count().filter(late).label("late"),
        func.count().filter(CLAIM.c.due_on == today).label("today"),
        cast(func.coalesce(func.sum(CLAIM.c.expected_fen), 0), BigInteger).label("expected_fen"),
    ).select_from(CLAIM)
    return session.execute(query.where(within)).one()


def list_programmes(session: Session, within: ColumnElement[bool]) -> Rows:
    """Return (programme, name) of claims in reach, by code."""
    query = (
        select(CLAIM.c.programme, func.max(VERSION.c.content["name"]["zh"].astext).label("zh"),
               func.max(VERSION.c.content["name"]["en"].astext).label("en"))
        .join(VERSION, VERSION.c.id == CLAIM.c.version_id)
        .where(within)
        .group_by(CLAIM.c.programme)
        .order_by(CLAIM.c.programme)
    )  # fmt: skip
    rows: Rows = session.execute(query).all()
    return rows


def list_steps(session: Session, claim_id: int) -> Rows:
    """Return what was done with a claim, with the names of both where one stood in."""
    step, who, whom = table_of(SubsidyClaimStep), aliased(Staff), aliased(Staff)
    query = (
        select(*step.c, col(who.display_name).label("who"), col(whom.display_name).label("whom"))
        .outerjoin(who, col(who.id) == step.c.staff_id)
        .outerjoin(whom, col(whom.id) == step.c.for_staff_id)
        .where(step.c.claim_id == claim_id)
        .order_by(step.c.number)
    )
    rows: Rows = session.execute(query).all()
    return rows


def find_last_look(session: Session, claim_id: int) -> SubsidyClaimLook | None:
    """Return the latest look at a claim that was written down."""
    query = select(SubsidyClaimLook).where(col(SubsidyClaimLook.claim_id) == claim_id)
    return session.execute(
        query.order_by(col(SubsidyClaimLook.id).desc()).limit(1)
    ).scalar_one_or_none()


def list_papers(session: Session, claim_id: int) -> Sequence[SubsidyClaimPaper]:
    """Return the papers that are there, in the order in which they came."""
    query = select(SubsidyClaimPaper).where(
        col(SubsidyClaimPaper.claim_id) == claim_id, col(SubsidyClaimPaper.removed_at).is_(None)
    )
    return session.execute(query.order_by(col(SubsidyClaimPaper.id))).scalars().all()


def get_paper(session: Session, claim_id: int, paper_id: int) -> SubsidyClaimPaper:
    """Return a paper of the claim that was not taken away; raises `NotFound`."""
    for paper in list_papers(session, claim_id):
        if paper.id == paper_id:
            return paper
    raise NotFound()


def find_names(session: Session, cases: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of whom cases are about, as far as the actor knows them, by
    `resident:12` and `caregiver:3`."""
    cases = list(cases)
    elders = {one["resident_id"] for one in cases if one.get("resident_id")}
    carers = {one["caregiver_id"] for one in cases if one.get("caregiver_id")}
    found = {
        f"resident:{row.id}": row.name
        for row in session.execute(select(ELDER.c.id, ELDER.c.name).where(ELDER.c.id.in_(elders)))
    }
    rows = session.execute(select(CARER.c.id, CARER.c.name).where(CARER.c.id.in_(carers)))
    return found | {f"caregiver:{row.id}": row.name for row in rows}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[tuple[Any, Any]] = [
        (CLAIM.c.state, wanted.state),
        (CLAIM.c.programme, wanted.programme),
        (CLAIM.c.claimant, wanted.claimant),
    ]
    found = [column == value for column, value in asked if value is not None]
    return found if wanted.is_late_on is None else [*found, CLAIM.c.due_on < wanted.is_late_on]


def _claims() -> Select[Any]:
    name = func.coalesce(ELDER.c.name, CARER.c.name, SITE.c.name)
    return (
        select(
            *CLAIM.c,
            name.label("name"),
            SITE.c.name.label("site_name"),
            VERSION.c.content["name"].label("programme_name"),
        )
        .join(VERSION, VERSION.c.id == CLAIM.c.version_id)
        .outerjoin(SITE, SITE.c.id == CLAIM.c.site_id)
        .outerjoin(ELDER, ELDER.c.id == CLAIM.c.resident_id)
        .outerjoin(CARER, CARER.c.id == CLAIM.c.caregiver_id)
    )
