"""What a window does about a phone, once it has seen the papers of whoever holds it.

Each of these is an act with a reason, stands in what the resident reads of herself, and is told to
the phone. The holder may be known in another county too: that is a consequence, not a look.
"""

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.identity.models import Account
from server.identity.queries import get_account
from server.identity.rules import read_phone
from server.identity.service.accounts import vouch_for
from server.identity.service.sign_ins import end_sign_ins_of_account
from server.notifications.models import Channel
from server.notifications.service import ask_for_message
from server.residents import grants, register
from server.residents.models import GrantKind, ResidentGrant


def vouch(session: Session, resident_id: int, grant_id: int) -> None:
    """Note that the phone is its holder's: the next sign-in asks for the code alone.

    Raises `NotFound` for a grant that has ended, is another's, or lies beyond one's reach.
    """
    grant = get_phone(session, resident_id, grant_id)
    with reaching_everywhere(session):
        account = get_account(session, grant.account_id)
        vouch_for(session, account)
        _tell(session, account, "residents.phone_vouched")


def sign_out(session: Session, resident_id: int, grant_id: int) -> int:
    """Sign all devices of a lost phone's account out; returns how many. Raises as `vouch`."""
    grant = get_phone(session, resident_id, grant_id)
    with reaching_everywhere(session):
        _tell(session, get_account(session, grant.account_id), "residents.phone_signed_out")
        return end_sign_ins_of_account(session, grant.account_id)


def replace(session: Session, resident_id: int, grant_id: int, *, phone: str) -> None:
    """Let the resident sign in by another number; whoever has the old one acts for her no more.

    Raises `PhoneNumberUnusable`, and as `vouch`; a helper's phone is bound as a new helper's.
    """
    grant = get_phone(session, resident_id, grant_id)
    if grant.kind is not GrantKind.SELF:
        raise NotFound()
    number = read_phone(phone)
    grant.ends_on = max(clock.today(), grant.starts_on)
    session.flush()
    given = grants.let_sign_in(session, resident_id, phone=number)
    with reaching_everywhere(session):
        end_sign_ins_of_account(session, grant.account_id)
        account = get_account(session, given.account_id)
        vouch_for(session, account)
        _tell(session, account, "residents.phone_replaced")


def get_phone(session: Session, resident_id: int, grant_id: int) -> ResidentGrant:
    """Return by which grant somebody acts for the resident today; raises `NotFound`."""
    register.get_in_reach(session, resident_id)
    found: ResidentGrant | None = session.execute(
        select(ResidentGrant).where(
            col(ResidentGrant.id) == grant_id,
            col(ResidentGrant.resident_id) == resident_id,
            grants.lasts_on(clock.today()),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _tell(session: Session, account: Account, kind: str) -> None:
    ask_for_message(
        session,
        phone=account.phone,
        language=account.language,
        channel=Channel.SMS,
        kind=kind,
        subject=f"account:{account.id}",
        facts={},
        due_at=clock.now(),
    )
