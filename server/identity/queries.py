"""Who holds a phone or a name, and which sign-ins are open."""

from sqlmodel import Session, col, select

from server.errors import NotFound
from server.identity.models import Account, SignIn, SignInCode, Staff


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


def get_sign_in(session: Session, sign_in_id: int) -> SignIn:
    """Return the sign-in; raises `NotFound`."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None:
        raise NotFound()
    return sign_in
