"""All of a person's rows, in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Text,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy import Table as CoreTable
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import union_all
from sqlmodel import Session, col

from server.audit.models import ActRow
from server.caregivers.models import Caregiver
from server.db.tables import table_of
from server.facilities.models import Stay
from server.own_data.parts import PARTS, Part
from server.residents.models import Resident

Rows = Sequence[Mapping[str, Any]]


def list_parts(
    session: Session, *, account_id: int, resident_ids: Sequence[int]
) -> Mapping[str, Rows]:
    """Return table → rows of this account and these residents, each in the order of its key.

    What is sealed is left out; ID numbers are added by the service.
    """
    statement = union_all(*(_part(part, account_id, resident_ids) for part in PARTS))
    found = {row.part: row.rows for row in session.execute(statement).all()}
    return {table_of(part.table).name: found[table_of(part.table).name] for part in PARTS}


def list_id_ciphers(session: Session, resident_ids: Sequence[int]) -> Mapping[int, bytes]:
    """Return resident → sealed ID number of those who have one."""
    rows = session.execute(
        select(col(Resident.id), col(Resident.id_number_cipher)).where(
            col(Resident.id).in_(resident_ids), col(Resident.id_number_cipher).is_not(None)
        )
    )
    return {row.id: row.id_number_cipher for row in rows}


def find_names_of_staff(session: Session, staff_ids: Sequence[int]) -> Mapping[int, str]:
    """Return the names of those members of staff, who act by name."""
    staff_id = func.unnest(literal(sorted(staff_ids), ARRAY(BigInteger))).column_valued("staff_id")
    name = func.name_of_staff(staff_id, type_=Text)
    rows = session.execute(select(staff_id.label("id"), name.label("name")))
    return {row.id: row.name or "" for row in rows}


def has_asked(session: Session, *, action: str, sign_in_id: int, since: Any) -> bool:
    """True where this sign-in did so since then."""
    asked = select(col(ActRow.id)).where(
        col(ActRow.at) >= since,
        col(ActRow.sign_in_id) == sign_in_id,
        col(ActRow.action) == action,
    )
    return bool(session.execute(select(asked.exists())).scalar_one())


def _part(part: Part, account_id: int, resident_ids: Sequence[int]) -> Any:
    table = table_of(part.table)
    shown = [column for column in table.c if not isinstance(column.type, LargeBinary)]
    rows = (
        select(*shown)
        .where(_whose(part, table, account_id, resident_ids))
        .order_by(*table.primary_key)
        .subquery()
    )
    listed = func.coalesce(
        func.jsonb_agg(func.to_jsonb(rows.table_valued())), func.jsonb_build_array()
    )
    return select(literal(table.name).label("part"), listed.label("rows"))


def _whose(
    part: Part, table: CoreTable, account_id: int, resident_ids: Sequence[int]
) -> ColumnElement[bool]:
    mine: list[ColumnElement[bool]] = []
    residents = literal(list(resident_ids), ARRAY(BigInteger))
    if part.of_resident is not None:
        mine.append(table.c[part.of_resident] == func.any(residents))
    if part.of_stay is not None:
        theirs = select(col(Stay.id)).where(col(Stay.resident_id) == func.any(residents))
        mine.append(table.c[part.of_stay].in_(theirs))
    if part.of_account is not None:
        mine.append(table.c[part.of_account] == account_id)
    if part.of_caregiver is not None:
        mine.append(table.c[part.of_caregiver] == func.any(_own_caregivers(account_id)))
    if part.within is not None:
        column, whole = part.within
        wholes = table_of(whole.table)
        theirs = select(wholes.c.id).where(_whose(whole, wholes, account_id, resident_ids))
        mine.append(table.c[column].in_(theirs))
    return or_(*mine, *_by_money(part, table, account_id, resident_ids))


def _by_money(
    part: Part, table: CoreTable, account_id: int, resident_ids: Sequence[int]
) -> Sequence[ColumnElement[bool]]:
    """Rows about whom they pay, and those that a line about somebody rests on."""
    if part.of_payee:
        residents = func.any(literal(list(resident_ids), ARRAY(BigInteger)))
        caregivers = func.any(_own_caregivers(account_id))
        return [
            and_(table.c.payee_kind == kind, table.c.payee_id == payees)
            for kind, payees in (("resident", residents), ("caregiver", caregivers))
        ]
    if part.of_lines is None:
        return []
    lines = table_of(part.of_lines.table)
    named = select(lines.c.run_id, lines.c.number).where(
        _whose(part.of_lines, lines, account_id, resident_ids)
    )
    return [tuple_(table.c.run_id, table.c.number).in_(named)]


def _own_caregivers(account_id: int) -> Any:
    """As an array that is found first, so that the index over the column is used beside others."""
    own = select(col(Caregiver.id)).where(col(Caregiver.account_id) == account_id)
    return func.array(own.scalar_subquery(), type_=ARRAY(BigInteger))
