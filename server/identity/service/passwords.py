"""Passwords of staff: only the person who uses one ever chooses it."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from server import clock
from server.db.sessions import KeptRefusal, actor_of
from server.identity import queries, rules
from server.identity.errors import LockedOut, PasswordWrong
from server.identity.models import Staff, StaffPassword
from server.identity.service.sign_ins import end_other_sign_ins
from server.identity.service.throttles import check_open, count

_passwords = PasswordHasher()


@cache
def _nobodys_password() -> str:
    """Checked where no such name exists, so that the answer takes as long as for a real one."""
    return _passwords.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash to store for a member of staff."""
    return _passwords.hash(password)


def password_fits(session: Session, staff: Staff | None, password: str) -> bool:
    """Say whether this opens for that person; False for one who must come by a one-time code."""
    kept = session.get(StaffPassword, staff.id) if staff is not None else None
    usable = kept is not None and staff is not None and staff.code_needed_since is None
    hashed = kept.password_hash if kept is not None and usable else _nobodys_password()
    try:
        return _passwords.verify(hashed, password) and usable
    except (VerificationError, InvalidHashError):
        return False


def keep_password(session: Session, staff: Staff, password: str) -> None:
    """Store the password that the person has chosen; raises `PasswordTooWeak`."""
    rules.check_password(password, about=(staff.sign_in_name, staff.display_name))
    assert staff.id is not None, "a stored row has its key"
    kept = session.get(StaffPassword, staff.id)
    if kept is None:
        kept = StaffPassword(staff_id=staff.id, password_hash="", changed_at=clock.now())
        session.add(kept)
    kept.password_hash = hash_password(password)
    kept.changed_at = clock.now()
    session.flush()


def change_password(session: Session, *, present: str, wanted: str) -> None:
    """Let the signed-in person choose another password, and sign their other devices out.

    Raises `PasswordWrong` (the try counts), `LockedOut` and `PasswordTooWeak`.
    """
    keep_password(session, check_present(session, present), wanted)
    end_other_sign_ins(session)


def check_present(session: Session, password: str) -> Staff:
    """Return the signed-in person, who has typed their password once more.

    Raises `PasswordWrong` (the try counts) and `LockedOut`.
    """
    staff = queries.get_staff(session, actor_of(session).staff_id or 0)
    bucket, limit = f"password/own/{staff.id}", rules.WRONG_PASSWORDS_PER_NAME_AND_ADDRESS
    check_open(session, bucket, limit)
    if not password_fits(session, staff, password):
        count(session, bucket, limit, refusal=LockedOut)
        raise KeptRefusal(PasswordWrong())
    return staff
