"""A phone account becomes a caregiver's own: by the phone in the file and a number's end.

The link lasts while the account has the phone that stands in the file. Its end is told to that
phone, without a name: whose it is by now is not known.
"""

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
from server.identity.events import AccountsClosed
from server.identity.models import Account
from server.identity.rules import Limit, read_phone
from server.identity.service.throttles import check_open, count
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.people.papers import ends_one_of
from server.secrets.fields import keyring

ONE_ACCOUNT = {"uq_caregiver_account_id": AccountLinkedAlready()}
LINK_ENDED = "caregivers.link_ended"
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
    end_link(session, caregiver)
    return caregiver


def end_link(session: Session, caregiver: Caregiver) -> None:
    """Let the account that is linked, if any, see the caregiver's file no more."""
    account_id, caregiver.account_id = caregiver.account_id, None
    session.flush()
    if account_id is not None:
        _tell(session, [account_id])


def follow_accounts_closed(session: Session, event: AccountsClosed) -> None:
    """An account that is closed is nobody's; a later one of the same phone is linked anew."""
    linked = (
        select(Caregiver)
        .where(col(Caregiver.account_id).in_(event.account_ids))
        .order_by(col(Caregiver.id))
        .with_for_update()
    )
    with reaching_everywhere(session):
        ended = []
        for caregiver in session.execute(linked).scalars():
            ended.append(caregiver.account_id)
            caregiver.account_id = None
        session.flush()
        _tell(session, ended)


def _is_mobile(phone: str) -> bool:
    try:
        return read_phone(phone) == phone
    except PhoneNumberUnusable:
        return False


def _tell(session: Session, account_ids: Sequence[int]) -> None:
    if not account_ids:
        return
    with reaching_everywhere(session):
        query = select(Account).where(col(Account.id).in_(account_ids)).order_by(col(Account.id))
        ask_for_messages(
            session,
            [
                Asked(one.phone, one.language, Channel.SMS, LINK_ENDED, f"account:{one.id}", {},
                      clock.now())
                for one in session.execute(query).scalars()
            ],
        )  # fmt: skip


def _find(session: Session, account_id: int, id_digits: str) -> Caregiver | None:
    """Of those with this phone, the one whose number ends so; nobody whom another account has."""
    account = session.get_one(Account, account_id)
    closed = select(col(Account.id)).where(col(Account.closed_at).is_not(None))
    query = (
        select(Caregiver)
        .where(
            col(Caregiver.phone) == account.phone,
            col(Caregiver.account_id).is_(None)
            | (col(Caregiver.account_id) == account_id)
            | col(Caregiver.account_id).in_(closed),
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
