"""What is noted of a person, and what held on a day, for one resident or for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, SQLModel, col

from server.errors import NotFound
from server.places.models import Division, DivisionLevel
from server.residents.facts.models import (
    CareInsurance,
    CareScheme,
    DisabilityCategory,
    DisabilityCertificate,
    GuardianBasis,
    Guardianship,
    Hukou,
    HukouKind,
    Incapacity,
    PayeeAccount,
)
from server.residents.models import Relation, Resident

Period = Hukou | DisabilityCertificate | Guardianship | CareInsurance | PayeeAccount


@dataclass(frozen=True)
class FactsOfDay:
    """What held of a resident on a day; None where nothing is noted.

    `village_code` is where they live as the register has it now: residence keeps no past. A
    `hukou_division` lies in this city, a `hukou_place` anywhere else. `payee_relation` is None for
    the resident's own account too. `is_gone` says that they had died or moved away before that day.
    """

    resident_id: int
    village_code: str
    is_gone: bool
    hukou_kind: HukouKind | None
    hukou_division: str | None
    hukou_place: str | None
    disability_category: DisabilityCategory | None
    disability_grade: int | None
    guardianship_id: int | None
    incapacity: Incapacity | None
    guardian_basis: GuardianBasis | None
    insurance_scheme: CareScheme | None
    insurance_level: int | None
    payee_account_id: int | None
    payee_relation: Relation | None

    def has_hukou_within(self, prefix: str) -> bool | None:
        """True for a hukou under the division prefix; None where none is noted."""
        if self.hukou_kind is None:
            return None
        return self.hukou_division is not None and self.hukou_division.startswith(prefix)


def read_facts_on(session: Session, resident_id: int, day: date) -> FactsOfDay:
    """Return what held of the resident on the civil day; raises `NotFound`."""
    found = read_facts_of(session, [resident_id], day)
    if resident_id not in found:
        raise NotFound()
    return found[resident_id]


def read_facts_of(
    session: Session, resident_ids: Sequence[int], day: date
) -> Mapping[int, FactsOfDay]:
    """Return what held of each of these residents on the civil day, in one statement."""
    wanted = literal(list(resident_ids), ARRAY(BigInteger))
    rows = session.execute(facts_on(day).where(col(Resident.id) == func.any(wanted)))
    return {row.resident_id: FactsOfDay(**row._mapping) for row in rows}


def facts_on(day: date) -> Any:
    """Return the statement of `FactsOfDay` for every resident; later contexts join it.

    Of each kind one at most holds on a day, which the database sees to: one row for each resident.
    """
    query: Any = select(*_columns(day)).select_from(Resident)
    for table in (Hukou, DisabilityCertificate, Guardianship, CareInsurance, PayeeAccount):
        query = query.outerjoin(table, _held(table, day))
    return query


def list_facts(session: Session, model: type[Period], resident_id: int) -> Sequence[Any]:
    """Return the facts of one kind, the latest first."""
    table: Any = model
    query = select(table).where(table.resident_id == resident_id)
    return session.execute(query.order_by(table.starts_on.desc(), table.id.desc())).scalars().all()


def get_fact(session: Session, model: type[Period], resident_id: int, fact_id: int) -> Any:
    """Return one fact of the resident; raises `NotFound`."""
    table: Any = model
    fact = session.execute(
        select(table).where(table.id == fact_id, table.resident_id == resident_id)
    ).scalar_one_or_none()
    if fact is None:
        raise NotFound()
    return fact


def list_hukou_divisions(session: Session, villages: Sequence[str]) -> Sequence[Row[Any]]:
    """Return (code, name, level) of the city, its counties, and these villages with their towns."""
    towns = {code[:9] for code in villages}
    query: Any = (
        select(col(Division.code), col(Division.name), col(Division.level))
        .where(
            or_(
                col(Division.level).in_((DivisionLevel.CITY, DivisionLevel.COUNTY)),
                col(Division.code).in_(towns),
            )
        )
        .order_by(col(Division.code))
    )
    return session.execute(query).all()


def find_division_names(session: Session, codes: Sequence[str]) -> Mapping[str, str]:
    """Return code → name of these divisions."""
    query: Any = select(col(Division.code), col(Division.name)).where(col(Division.code).in_(codes))
    return {row.code: row.name for row in session.execute(query)}


def _columns(day: date) -> list[Any]:
    gone = or_(col(Resident.died_on) < day, col(Resident.moved_away_on) < day)
    return [
        col(Resident.id).label("resident_id"),
        col(Resident.village_code),
        func.coalesce(gone, False).label("is_gone"),
        col(Hukou.kind).label("hukou_kind"),
        col(Hukou.division_code).label("hukou_division"),
        func.nullif(col(Hukou.place), "").label("hukou_place"),
        col(DisabilityCertificate.category).label("disability_category"),
        col(DisabilityCertificate.grade).label("disability_grade"),
        col(Guardianship.id).label("guardianship_id"),
        col(Guardianship.incapacity),
        col(Guardianship.basis).label("guardian_basis"),
        col(CareInsurance.scheme).label("insurance_scheme"),
        col(CareInsurance.level).label("insurance_level"),
        col(PayeeAccount.id).label("payee_account_id"),
        col(PayeeAccount.relation).label("payee_relation"),
    ]


def _held(model: type[SQLModel], day: date) -> ColumnElement[bool]:
    table: Any = model
    return and_(
        table.resident_id == col(Resident.id),
        table.starts_on <= day,
        or_(table.ends_on.is_(None), table.ends_on > day),
    )
