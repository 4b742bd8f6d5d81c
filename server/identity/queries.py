"""Who holds a phone or a name, and which sign-ins are open."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_
from sqlmodel import Session, col, select

from server.errors import NotFound
from server.identity.models import Account, SignIn, SignInCode, Staff, StaffRole
from server.places.models import Division
from server.providers.models import Site


def find_account(session: Session, phone: str) -> Account | None:
    """Return the open account of a phone in E.164."""
    return session.exec(
        select(Account).where(Account.phone == phone, col(Account.closed_at).is_(None))
    ).one_or_none()


def get_account(session: Session, account_id: int) -> Account:
    """Return the account; raises `NotFound`."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    return account


def find_open_code(session: Session, phone: str) -> SignInCode | None:
    """Return the code of a phone, locked, so that parallel guesses are counted one by one."""
    return session.get(SignInCode, phone, with_for_update=True)


def find_staff(session: Session, sign_in_name: str) -> Staff | None:
    """Return the staff member of that name who may still come in."""
    return session.exec(
        select(Staff).where(Staff.sign_in_name == sign_in_name, col(Staff.disabled_at).is_(None))
    ).one_or_none()


def get_staff(session: Session, staff_id: int) -> Staff:
    """Return the staff member; raises `NotFound`."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound()
    return staff


def find_staff_names(session: Session, staff_ids: Collection[int]) -> Mapping[int, str]:
    """Return the display names of these staff, disabled ones too."""
    if not staff_ids:
        return {}
    query = select(col(Staff.id), col(Staff.display_name)).where(col(Staff.id).in_(staff_ids))
    return {row.id: row.display_name for row in session.execute(query)}


def list_names_of_staff(session: Session) -> Sequence[tuple[int, str]]:
    """Return number and display name of everybody who works or has worked here, by name."""
    query = select(col(Staff.id), col(Staff.display_name))
    rows = session.execute(query.order_by(col(Staff.display_name), col(Staff.id)))
    return [(row.id, row.display_name) for row in rows]


def list_offices(
    session: Session, *, today: date, staff_id: int | None = None
) -> Sequence[Row[Any]]:
    """Return who holds which office today, and where by name, in the order they were entered.

    `staff_id` asks for the offices of one member of staff.
    """
    query = (
        select(
            col(Staff.sign_in_name),
            col(Staff.display_name),
            col(StaffRole.role),
            func.coalesce(Site.name, Division.name).label("place"),
        )
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .outerjoin(Site, col(Site.id) == col(StaffRole.site_id))
        .outerjoin(Division, col(Division.code) == col(StaffRole.division_code))
        .where(
            col(Staff.disabled_at).is_(None),
            col(StaffRole.starts_on) <= today,
            or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
        )
        .order_by(col(Staff.id), col(StaffRole.id))
    )
    if staff_id is not None:
        query = query.where(col(Staff.id) == staff_id)
    return session.execute(query).all()


def get_sign_in(session: Session, sign_in_id: int) -> SignIn:
    """Return the sign-in; raises `NotFound`."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None:
        raise NotFound()
    return sign_in
