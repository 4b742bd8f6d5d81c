"""Accounts of phones: the code by text message, coming in, and the language one is spoken to in.

Who comes in is decided one layer up, in `server.residents`, where it is known whom an account is.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session

from server import clock, masking
from server.db.sessions import KeptRefusal
from server.identity import one_time, queries, rules
from server.identity.errors import CodeAskedTooOften, CodeExpired, CodeWrong
from server.identity.models import Account, SignInCode
from server.identity.service.sign_ins import SignedIn, open_sign_in
from server.identity.service.throttles import count
from server.notifications.models import Channel
from server.notifications.service import ask_for_message
from server.secrets.fields import keyring


@dataclass(frozen=True)
class CodeAsked:
    """What the one who asked may know; `code` is None where nobody has that phone."""

    sent_to: str
    expires_at: datetime
    resend_at: datetime
    code: str | None


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
        count(session, bucket, limit, refusal=CodeAskedTooOften)

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


def check_code(session: Session, *, phone: str, code: str) -> Account:
    """Return the account of the phone whose open code this is; the code stays open.

    Raises `CodeWrong` (the try counts) and `CodeExpired`.
    """
    number = rules.read_phone(phone)
    open_code = queries.find_open_code(session, number)
    if open_code is None or open_code.expires_at <= clock.now() or open_code.tries_left == 0:
        raise CodeExpired()

    account = queries.find_account(session, number)
    fits = hmac.compare_digest(_code_digest(number, code), open_code.code_digest)
    if not fits or account is None:
        open_code.tries_left -= 1
        session.flush()
        raise KeptRefusal(CodeWrong(tries_left=open_code.tries_left))
    return account


def enter(session: Session, account: Account, *, device_label: str = "") -> SignedIn:
    """Sign a device in for the account, and use up the code that brought it here."""
    open_code = queries.find_open_code(session, account.phone)
    if open_code is not None:
        session.delete(open_code)
    return open_sign_in(
        session,
        account_id=account.id,
        device_label=device_label,
        now=clock.now(),
        lasts=rules.ACCOUNT_SIGN_IN_LASTS,
    )


def vouch_for(session: Session, account: Account) -> None:
    """Note that a window has seen the holder's papers: the phone is theirs, from now on."""
    account.vouched_at = clock.now()
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
    return keyring().digest(f"{number}:{one_time.read_code(code)}", "sign_in_code")
