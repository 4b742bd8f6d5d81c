"""A phone account becomes a caregiver's own: by the phone in the file and a number's end."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.caregivers.errors import AccountLinkedAlready, CaregiverNotLinked, TooManyLooks
from server.caregivers.models import ID_NUMBER_FIELD, Caregiver
from server.caregivers.register import get_kept
from server.db.refusals import refusing
from server.db.sessions import KeptRefusal, TryAgain, actor_of, reaching_everywhere
from server.errors import NotAllowed
from server.identity.errors import PhoneNumberUnusable
from server.identity.models import Account
from server.identity.rules import Limit, read_phone
from server.identity.service.throttles import check_open, count
from server.people.papers import ends_one_of
from server.secrets.fields import keyring

ONE_ACCOUNT = {"uq_caregiver_account_id": AccountLinkedAlready()}
WRONG_DIGITS: Limit = (5, timedelta(days=1))


def link_own(session: Session, *, id_digits: str) -> Caregiver:
    """Link the present account to the caregiver whose phone it has and whose ID number ends so.

    Raises `CaregiverNotLinked` (the try counts) whether phone or number is not theirs, and
    `TooManyLooks` after so many of them; `AccountLinkedAlready` where the account is another
    caregiver's. Linking again what is linked changes nothing.
    """
    account_id = actor_of(session).account_id
    if account_id is None:
        raise NotAllowed()
    bucket = f"caregiver-digits/account/{account_id}"
    check_open(session, bucket, WRONG_DIGITS, refusal=TooManyLooks)
    with reaching_everywhere(session):
        caregiver = _find(session, account_id, id_digits)
        if caregiver is not None:
            with refusing(session, ONE_ACCOUNT):
                caregiver.account_id = account_id
    if caregiver is None:
        count(session, bucket, WRONG_DIGITS, refusal=TooManyLooks)
        raise KeptRefusal(CaregiverNotLinked())
    return caregiver


def let_sign_in(session: Session, phones: Sequence[str]) -> None:
    """Open accounts for these phones where they have none, so that their holders can come and link.

    A number that no message reaches, such as a landline, gets none.
    """
    mobiles = {phone for phone in phones if _is_mobile(phone)}
    with reaching_everywhere(session):
        query = select(col(Account.phone)).where(
            col(Account.phone).in_(mobiles), col(Account.closed_at).is_(None)
        )
        known = set(session.execute(query).scalars())
        with refusing(session, {"uq_account_open_phone": TryAgain()}):
            now = clock.now()
            session.add_all([Account(phone=one, created_at=now) for one in sorted(mobiles - known)])


def unlink(session: Session, caregiver_id: int) -> Caregiver:
    """Take the phone account off a caregiver whose file is kept here."""
    caregiver = get_kept(session, caregiver_id)
    caregiver.account_id = None
    session.flush()
    return caregiver


def _is_mobile(phone: str) -> bool:
    try:
        return read_phone(phone) == phone
    except PhoneNumberUnusable:
        return False


def _find(session: Session, account_id: int, id_digits: str) -> Caregiver | None:
    """Of those with this phone, the one whose number ends so; nobody whom another account has."""
    account = session.get_one(Account, account_id)
    query = (
        select(Caregiver)
        .where(
            col(Caregiver.phone) == account.phone,
            col(Caregiver.account_id).is_(None) | (col(Caregiver.account_id) == account_id),
        )
        .order_by(col(Caregiver.id))
        .with_for_update()
    )
    caregiver: Caregiver
    for caregiver in session.execute(query).scalars():
        number = keyring().decrypt(caregiver.id_number_cipher, ID_NUMBER_FIELD)
        if ends_one_of(id_digits, [number]):
            return caregiver
    return None
