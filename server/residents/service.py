"""Enter people into the register, let accounts act for them, and let their phones come in."""

from datetime import date, timedelta

from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import KeptRefusal
from server.identity.errors import IdDigitsNeeded, IdDigitsWrong, WindowNeeded
from server.identity.models import Account
from server.identity.queries import find_last_seen
from server.identity.rules import WRONG_ID_DIGITS_PER_ACCOUNT
from server.identity.service import accounts
from server.identity.service.sign_ins import SignedIn
from server.identity.service.throttles import count, tries_in
from server.people import papers
from server.policies.queries import get_figures
from server.residents.errors import AlreadyRegistered
from server.residents.models import (
    ID_NUMBER_FIELD,
    GrantKind,
    HelperScope,
    Resident,
    ResidentGrant,
    Sex,
)
from server.residents.queries import list_id_ciphers_of_holder
from server.secrets.fields import keyring

ASKS_AFTER_DAYS = "identity.ask_id_digits_after_days"


def register_resident(
    session: Session,
    *,
    name: str,
    sex: Sex,
    born_on: date,
    id_number: str | None,
    village_code: str,
    address: str = "",
    phone: str | None = None,
) -> Resident:
    """Enter a person; raises `IdNumberUnusable` and `AlreadyRegistered`.

    Without a mainland ID number the person can be entered, and found by name and phone alone.
    """
    pinyin, initials = papers.pinyin_of(name)
    resident = Resident(
        name=name,
        pinyin=pinyin,
        initials=initials,
        sex=sex,
        born_on=born_on,
        village_code=village_code,
        address=address,
        phone=phone,
    )
    if id_number is not None:
        checked = papers.check_id_number(id_number)
        resident.id_number_cipher = keyring().encrypt(checked, ID_NUMBER_FIELD)
        resident.id_number_digest = keyring().digest(checked, ID_NUMBER_FIELD)
    with refusing(session, {"uq_resident_id_number_digest": AlreadyRegistered()}):
        session.add(resident)
    return resident


def grant(
    session: Session, *, account_id: int, resident_id: int, kind: GrantKind, starts_on: date
) -> ResidentGrant:
    """Let an account act for a resident from a day on; a helper books meals."""
    given = ResidentGrant(
        account_id=account_id,
        resident_id=resident_id,
        kind=kind,
        scopes=[HelperScope.BOOK_MEALS.value] if kind is GrantKind.HELPER else [],
        starts_on=starts_on,
    )
    session.add(given)
    session.flush()
    return given


def choose_usual_canteen(session: Session, resident_id: int, *, canteen_id: int) -> None:
    """Remember where a resident usually eats."""
    resident = session.get_one(Resident, resident_id)
    resident.usual_canteen_id = canteen_id
    session.flush()


def sign_in_by_code(
    session: Session,
    *,
    phone: str,
    code: str,
    device_label: str = "",
    id_digits: str | None = None,
) -> SignedIn:
    """Sign a device in for the phone's account.

    Numbers are given to new people: where the account was not used for long, the holder's ID number
    decides. Raises `CodeWrong` (the try counts), `CodeExpired`, `IdDigitsNeeded` (the code stays
    open), `IdDigitsWrong` (counts), and `WindowNeeded` where only papers can tell who this is.
    """
    account = accounts.check_code(session, phone=phone, code=code)
    if _was_away(session, account):
        _check_is_holder(session, account, id_digits)
    return accounts.enter(session, account, device_label=device_label)


def _was_away(session: Session, account: Account) -> bool:
    days = get_figures(session, [ASKS_AFTER_DAYS], on=clock.today())[ASKS_AFTER_DAYS].value
    return find_last_seen(session, account) < clock.now() - timedelta(days=int(days))


def _check_is_holder(session: Session, account: Account, id_digits: str | None) -> None:
    ciphers = list_id_ciphers_of_holder(session, account.id or 0, today=clock.today())
    bucket = f"id-digits/account/{account.id}"
    if not ciphers or tries_in(session, bucket, WRONG_ID_DIGITS_PER_ACCOUNT) >= _MOST_TRIES:
        raise WindowNeeded()
    if id_digits is None:
        raise IdDigitsNeeded()
    numbers = [keyring().decrypt(cipher, ID_NUMBER_FIELD) for cipher in ciphers]
    if not papers.ends_one_of(id_digits, numbers):
        tries = count(session, bucket, WRONG_ID_DIGITS_PER_ACCOUNT, refusal=WindowNeeded)
        left = _MOST_TRIES - tries
        raise KeptRefusal(IdDigitsWrong(tries_left=left) if left else WindowNeeded())


_MOST_TRIES = WRONG_ID_DIGITS_PER_ACCOUNT[0]
