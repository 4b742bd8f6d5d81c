"""The register as an office reads it: looked for, never leafed through, and only in one's reach."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.roles import reach_of
from server.places.models import CODE_LENGTH, Division, DivisionLevel
from server.residents.errors import MergedInto
from server.residents.exporting import residents_told
from server.residents.models import (
    DOCUMENT_FIELD,
    ID_NUMBER_FIELD,
    HardshipPeriod,
    IdentityDocument,
    Resident,
    SpecialCarePeriod,
)
from server.residents.rules import Sought, Wanted
from server.secrets.fields import keyring

SEE = "residents.search"
MOST_FOUND = 20
BEYOND = "\U0010ffff"  # Sorts after every text that begins the same.

Town = aliased(Division)


def search(session: Session, wanted: Wanted) -> Sequence[Row[Any]]:
    """Return up to `MOST_FOUND` + 1 residents in reach, by name; the one more says: and others."""
    query = (
        _people()
        .where(_fits(wanted), _is_found(session))
        .order_by(col(Resident.name), col(Resident.born_on), col(Resident.id))
        .limit(MOST_FOUND + 1)
    )
    return session.execute(query).all()


def search_told(session: Session, wanted: Wanted) -> Sequence[Row[Any]]:
    """Return those whom `search` shows, with all that a file of the register tells of them."""
    found = [row.id for row in search(session, wanted)[:MOST_FOUND]]
    query = residents_told(clock.today()).where(col(Resident.id).in_(found))
    return session.execute(query).all()


def get_in_reach(session: Session, resident_id: int) -> Row[Any]:
    """Return one resident's head line; raises `NotFound` beyond one's reach, as for nobody.

    Raises `MergedInto`, with the number that was kept, for somebody who was merged.
    """
    query = _people().where(col(Resident.id) == resident_id, _is_found(session))
    row = session.execute(query).one_or_none()
    if row is None:
        raise _none_here(session, resident_id)
    return row


def get_person(session: Session, resident_id: int) -> Row[Any]:
    """Return all that the register holds of a resident, the ID number still sealed.

    Raises what `get_in_reach` raises.
    """
    query = (
        _people()
        .add_columns(
            col(Resident.address),
            col(Resident.id_number_cipher),
            col(Resident.usual_canteen_id),
        )
        .where(col(Resident.id) == resident_id, _is_found(session))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise _none_here(session, resident_id)
    return row


def list_merged_numbers(session: Session, resident_id: int) -> list[int]:
    """Return the numbers of those who were merged into this resident."""
    twins = session.execute(select(func.twins_of(resident_id))).scalar_one()
    return [one for one in twins if one != resident_id]


def find_likenesses(
    session: Session,
    *,
    name: str,
    born_on: date,
    phone: str | None,
    village_code: str,
    everywhere: bool = False,
) -> Sequence[Row[Any]]:
    """Return residents of the same name and birth day, and the same phone or village.

    Those in one's reach; `everywhere` is for whoever is told that there are some, and not whom.
    """
    query = _people().where(
        col(Resident.name) == name,
        col(Resident.born_on) == born_on,
        or_(col(Resident.phone) == phone, col(Resident.village_code) == village_code),
        col(Resident.merged_into_id).is_(None) if everywhere else _is_found(session),
    )
    return session.execute(query.order_by(col(Resident.id)).limit(MOST_FOUND)).all()


def find_by_id_number(session: Session, id_number: str) -> Row[Any] | None:
    """Return who holds a checked ID number, if they are in reach."""
    rows = search(session, Wanted(Sought.ID_NUMBER, id_number))
    return rows[0] if rows else None


def find_by_document(session: Session, number: str) -> Row[Any] | None:
    """Return who holds a document of this number, if they are in reach."""
    rows = search(session, Wanted(Sought.DOCUMENT, number, number))
    return rows[0] if rows else None


def list_hardship(session: Session, resident_id: int) -> Sequence[HardshipPeriod]:
    """Return the hardship periods, the latest first."""
    return (
        session.execute(
            select(HardshipPeriod)
            .where(col(HardshipPeriod.resident_id) == resident_id)
            .order_by(col(HardshipPeriod.starts_on).desc())
        )
        .scalars()
        .all()
    )


def list_special_care(session: Session, resident_id: int) -> Sequence[SpecialCarePeriod]:
    """Return why and since when a resident is called on, what still holds first."""
    return (
        session.execute(
            select(SpecialCarePeriod)
            .where(col(SpecialCarePeriod.resident_id) == resident_id)
            .order_by(
                col(SpecialCarePeriod.ends_on).desc().nulls_first(),
                col(SpecialCarePeriod.starts_on).desc(),
            )
        )
        .scalars()
        .all()
    )


def list_villages(session: Session, *, prefixes: Sequence[str] | None = None) -> Sequence[Row[Any]]:
    """Return (code, name, town) of the villages in one's reach, or of `prefixes`, town by town."""
    if prefixes is None:
        prefixes = reach_of(actor_of(session), SEE).prefixes
    query: Any = (
        select(col(Division.code), col(Division.name), col(Town.name).label("town"))
        .join(Town, col(Town.code) == col(Division.parent_code))
        .where(
            col(Division.level) == DivisionLevel.VILLAGE,
            or_(False, *(_begins(Division.code, prefix) for prefix in prefixes)),
        )
        .order_by(col(Division.code))
    )
    return session.execute(query).all()


def is_village_in_reach(
    session: Session, village_code: str, *, prefixes: Sequence[str] | None = None
) -> bool:
    """True for a village that there is and that this office works for, or lies in `prefixes`."""
    if prefixes is None:
        prefixes = reach_of(actor_of(session), SEE).prefixes
    query = select(
        exists().where(
            col(Division.code) == village_code,
            col(Division.level) == DivisionLevel.VILLAGE,
            or_(False, *(_begins(Division.code, prefix) for prefix in prefixes)),
        )
    )
    return bool(session.execute(query).scalar_one())


def _people() -> Select[Any]:
    county = func.left(col(Resident.village_code), CODE_LENGTH[DivisionLevel.COUNTY])
    town = func.left(col(Resident.village_code), CODE_LENGTH[DivisionLevel.TOWN])
    return (
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.sex),
            col(Resident.born_on),
            col(Resident.phone),
            col(Resident.village_code),
            col(Resident.died_on),
            col(Resident.moved_away_on),
            col(Division.name).label("village_name"),
            _name_of(town).label("town"),
            _name_of(county).label("county"),
        )
        .select_from(Resident)
        .join(Division, col(Division.code) == col(Resident.village_code))
    )


def _name_of(code: ColumnElement[str]) -> Any:
    return select(col(Town.name)).where(col(Town.code) == code).scalar_subquery()


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.document is None:
        return _fits_itself(wanted)
    return or_(_fits_itself(wanted), _shows_document(wanted.document))


def _fits_itself(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.sought is Sought.ID_NUMBER:
        return col(Resident.id_number_digest) == keyring().digest(wanted.text, ID_NUMBER_FIELD)
    if wanted.sought is Sought.PHONE:
        return col(Resident.phone) == wanted.text
    if wanted.sought is Sought.NAME:
        return _begins(Resident.name, wanted.text)
    if wanted.sought is Sought.SPELLING:
        return or_(_begins(Resident.pinyin, wanted.text), _begins(Resident.initials, wanted.text))
    return false()


def _shows_document(number: str) -> ColumnElement[bool]:
    """An array, so that both sides of the `OR` are looked up by their indexes."""
    digest = keyring().digest(number, DOCUMENT_FIELD)
    holders = select(func.array_agg(col(IdentityDocument.resident_id))).where(
        col(IdentityDocument.number_digest) == digest
    )
    return col(Resident.id) == func.any(cast(holders.scalar_subquery(), ARRAY(BigInteger)))


def in_reach(session: Session, resident: Any = Resident) -> ColumnElement[bool]:
    """The query's own filter by division; row security lies beneath it, should it be forgotten."""
    prefixes = reach_of(actor_of(session), SEE).prefixes
    return or_(False, *(_begins(resident.village_code, prefix) for prefix in prefixes))


def _is_found(session: Session) -> ColumnElement[bool]:
    """In reach, and not merged into somebody else."""
    return and_(in_reach(session), col(Resident.merged_into_id).is_(None))


def _none_here(session: Session, resident_id: int) -> Exception:
    """Whoever was merged is found under the number that was kept, if that is in reach."""
    kept = select(col(Resident.id)).where(
        col(Resident.id) == func.kept_of(resident_id), _is_found(session)
    )
    kept_id = session.execute(kept).scalar_one_or_none()
    return NotFound() if kept_id is None else MergedInto(resident_id=kept_id)


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """`LIKE 'x%'` in operators that are leakproof, so that an index serves beneath row security."""
    return and_(col(column).op("~>=~")(text), col(column).op("~<~")(text + BEYOND))
