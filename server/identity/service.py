"""Sign in by phone and code, or by name and password; sign out."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock, masking
from server.db.refusals import refusing
from server.db.sessions import KeptRefusal, actor_of, token_digest
from server.errors import DomainError, NotFound, SignInNeeded
from server.identity import queries, rules
from server.identity.errors import (
    CodeAskedTooOften,
    CodeExpired,
    CodeWrong,
    LockedOut,
    PasswordWrong,
    SignInNameTaken,
)
from server.identity.models import Account, Role, SignIn, SignInCode, Staff, StaffRole, Throttle
from server.notifications.models import Channel
from server.notifications.service import ask_for_message
from server.secrets.fields import keyring

_passwords = PasswordHasher()
# Checked where no such name exists, so that the answer takes as long as for a real one.
_NOBODYS_PASSWORD = _passwords.hash(secrets.token_urlsafe(16))

Limit = tuple[int, timedelta]


@dataclass(frozen=True)
class CodeAsked:
    """What the one who asked may know; `code` is None where nobody has that phone."""

    sent_to: str
    expires_at: datetime
    resend_at: datetime
    code: str | None


@dataclass(frozen=True)
class SignedIn:
    """The token is shown once; the database keeps its digest."""

    token: str
    sign_in: SignIn


def ask_for_code(session: Session, *, phone: str, address: str) -> CodeAsked:
    """Send a six-digit code to the phone, if it belongs to an account.

    The answer is the same for an unknown phone, and no message goes out. Raises
    `PhoneNumberUnusable` and `CodeAskedTooOften`.
    """
    now = clock.now()
    number = rules.read_phone(phone)
    _check_not_asked_just_now(session, number, now=now)
    for bucket, limit in (
        (f"code/phone/{number}", rules.CODES_PER_PHONE),
        (f"code/address/{address}", rules.CODES_PER_ADDRESS),
    ):
        _count(session, bucket, limit, refusal=CodeAskedTooOften)

    code = f"{secrets.randbelow(1_000_000):06d}"
    _keep_code(session, number, code, now=now)
    account = queries.find_account(session, number)
    if account is not None:
        _send_code(session, account, code, now=now)
    return CodeAsked(
        sent_to=masking.phone(number),
        expires_at=now + rules.CODE_LIVES,
        resend_at=now + rules.RESEND_AFTER,
        code=code if account is not None else None,
    )


def sign_in_by_code(session: Session, *, phone: str, code: str, device_label: str = "") -> SignedIn:
    """Sign the phone's account in; raises `CodeWrong` (the try counts) and `CodeExpired`."""
    now = clock.now()
    number = rules.read_phone(phone)
    open_code = queries.find_open_code(session, number)
    if open_code is None or open_code.expires_at <= now or open_code.tries_left == 0:
        raise CodeExpired()

    account = queries.find_account(session, number)
    fits = hmac.compare_digest(_code_digest(number, code), open_code.code_digest)
    if not fits or account is None:
        open_code.tries_left -= 1
        session.flush()
        raise KeptRefusal(CodeWrong(tries_left=open_code.tries_left))

    session.delete(open_code)
    return _open_sign_in(
        session, account_id=account.id, device_label=device_label, now=now,
        lasts=rules.ACCOUNT_SIGN_IN_LASTS,
    )  # fmt: skip


def sign_in_by_password(
    session: Session, *, sign_in_name: str, password: str, address: str
) -> SignedIn:
    """Sign a staff member in; raises `PasswordWrong` (the try counts) and `LockedOut`."""
    now = clock.now()
    buckets = (
        (f"password/name/{sign_in_name}", rules.WRONG_PASSWORDS_PER_NAME),
        (f"password/address/{address}", rules.WRONG_PASSWORDS_PER_ADDRESS),
    )
    for bucket, limit in buckets:
        _check_open(session, bucket, limit)

    staff = queries.find_staff(session, sign_in_name)
    if not _password_fits(staff, password) or staff is None:
        for bucket, limit in buckets:
            _count(session, bucket, limit, refusal=LockedOut)
        raise KeptRefusal(PasswordWrong())
    return _open_sign_in(
        session, staff_id=staff.id, device_label="", now=now, lasts=rules.STAFF_SIGN_IN_LASTS
    )


def sign_out(session: Session) -> None:
    """End the present sign-in; ending it twice is as good as once."""
    sign_in_id = actor_of(session).sign_in_id
    if sign_in_id is None:
        raise SignInNeeded()
    queries.get_sign_in(session, sign_in_id).revoked_at = clock.now()
    session.flush()


def choose_language(session: Session, account_id: int, language: str) -> Account:
    """Speak to the account in this language from now on."""
    account = queries.get_account(session, account_id)
    account.language = language
    session.flush()
    return account


def open_account(session: Session, *, phone: str) -> Account:
    """Open an account for a phone, or return the one it has."""
    number = rules.read_phone(phone)
    account = queries.find_account(session, number)
    if account is None:
        account = Account(phone=number, created_at=clock.now())
        session.add(account)
        session.flush()
    return account


def add_staff(
    session: Session,
    *,
    sign_in_name: str,
    display_name: str,
    password: str,
    role: Role,
    division_code: str | None = None,
    site_id: int | None = None,
    starts_on: date,
) -> Staff:
    """Let somebody in with one office, over a division or at a site, from a civil day on.

    Raises `SignInNameTaken`, and `NotFound` for a division or site that is not there.
    """
    staff = Staff(
        sign_in_name=sign_in_name,
        display_name=display_name,
        password_hash=hash_password(password),
    )
    with refusing(session, {"uq_staff_sign_in_name": SignInNameTaken()}):
        session.add(staff)
    assert staff.id is not None, "a flushed row has its key"
    missing = {"fk_staff_role_division_code": NotFound(), "fk_staff_role_site_id": NotFound()}
    office = StaffRole(
        staff_id=staff.id,
        role=role,
        division_code=division_code,
        site_id=site_id,
        starts_on=starts_on,
    )
    with refusing(session, missing):
        session.add(office)
    return staff


def hash_password(password: str) -> str:
    """Return the argon2id hash to store for a staff member."""
    return _passwords.hash(password)


def _check_not_asked_just_now(session: Session, number: str, *, now: datetime) -> None:
    open_code = queries.find_open_code(session, number)
    if open_code is not None and now < open_code.asked_at + rules.RESEND_AFTER:
        wait = rules.seconds_until(open_code.asked_at + rules.RESEND_AFTER, now=now)
        raise CodeAskedTooOften(retry_after=wait)


def _keep_code(session: Session, number: str, code: str, *, now: datetime) -> None:
    values = {
        "code_digest": _code_digest(number, code),
        "asked_at": now,
        "expires_at": now + rules.CODE_LIVES,
        "tries_left": rules.CODE_TRIES,
    }
    session.execute(
        upsert(SignInCode)
        .values(phone=number, **values)
        .on_conflict_do_update(index_elements=["phone"], set_=values)
    )


def _send_code(session: Session, account: Account, code: str, *, now: datetime) -> None:
    ask_for_message(
        session,
        phone=account.phone,
        language=account.language,
        channel=Channel.SMS,
        kind="identity.sign_in_code",
        subject=f"account:{account.id}",
        facts={"code": code},
        due_at=now,
        expires_at=now + rules.CODE_LIVES,
    )


def _code_digest(number: str, code: str) -> bytes:
    return keyring().digest(f"{number}:{code}", "sign_in_code")


def _open_sign_in(
    session: Session,
    *,
    account_id: int | None = None,
    staff_id: int | None = None,
    device_label: str,
    now: datetime,
    lasts: timedelta,
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        token_digest=token_digest(token),
        account_id=account_id,
        staff_id=staff_id,
        device_label=device_label,
        created_at=now,
        expires_at=now + lasts,
    )
    session.add(sign_in)
    session.flush()
    return SignedIn(token, sign_in)


def _password_fits(staff: Staff | None, password: str) -> bool:
    try:
        return _passwords.verify(staff.password_hash if staff else _NOBODYS_PASSWORD, password)
    except (VerificationError, InvalidHashError):
        return False


def _check_open(session: Session, bucket: str, limit: Limit) -> None:
    most, window = limit
    began = rules.window_of(clock.now(), window)
    counted = session.execute(
        select(func.sum(col(Throttle.count))).where(
            col(Throttle.bucket_digest) == _bucket_digest(bucket),
            col(Throttle.window_at) == began,
        )
    ).scalar()
    if (counted or 0) >= most:
        raise LockedOut(retry_after=rules.seconds_until(began + window, now=clock.now()))


def _count(session: Session, bucket: str, limit: Limit, *, refusal: type[DomainError]) -> None:
    """Count one try; refuse with the seconds to wait where it is one too many."""
    most, window = limit
    began = rules.window_of(clock.now(), window)
    row = upsert(Throttle).values(bucket_digest=_bucket_digest(bucket), window_at=began, count=1)
    counted = session.execute(
        row.on_conflict_do_update(
            index_elements=["bucket_digest", "window_at"],
            set_={"count": col(Throttle.count) + 1},
        ).returning(col(Throttle.count))
    ).scalar_one()
    if counted > most:
        wait = rules.seconds_until(began + window, now=clock.now())
        raise KeptRefusal(refusal(retry_after=wait))


def _bucket_digest(bucket: str) -> bytes:
    return keyring().digest(bucket, "throttle")
