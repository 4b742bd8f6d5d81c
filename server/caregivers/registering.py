"""An operator enters a caregiver, and keeps what can be said of them up to date."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select
from sqlmodel import Session, col
from stdnum.cn import ric

from server import clock
from server.caregivers import rules
from server.caregivers.errors import (
    CaregiverKnownHere,
    CaregiverRegisteredElsewhere,
    StaffIsAnother,
    TooManyLooks,
)
from server.caregivers.linking import end_link, let_sign_in
from server.caregivers.models import ID_NUMBER_FIELD, PAYEE_FIELD, Caregiver
from server.caregivers.register import KEEP, find_by_digest, get_kept, get_own_site
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.identity.models import Role, Staff, StaffRole
from server.identity.roles import reach_of
from server.identity.rules import Limit
from server.identity.service.throttles import count
from server.people import papers
from server.secrets.fields import keyring

# A home takes on a few people a day; whoever tries numbers needs thousands.
LOOKS_AN_HOUR: Limit = (60, timedelta(hours=1))
LAST_SHOWN = 4


@dataclass(frozen=True)
class Entry:
    """What an operator writes down of somebody new; `site_id` keeps the file."""

    site_id: int
    name: str
    id_number: str
    phone: str | None = None
    payee_bank: str = ""
    payee_account: str | None = None
    staff_id: int | None = None


@dataclass(frozen=True)
class Particulars:
    """What may change of somebody who is known; no account means: the one that is there stays."""

    name: str
    phone: str | None
    payee_bank: str = ""
    payee_account: str | None = None
    staff_id: int | None = None


def enter_caregiver(session: Session, entry: Entry) -> Caregiver:
    """Enter somebody at one's own site.

    Raises `CaregiverKnownHere`, `CaregiverRegisteredElsewhere` (where, is not told), `NotFound` for
    another's site, `TooManyLooks`, and what is wrong with number, phone or account.
    """
    note_look(session)
    get_own_site(session, entry.site_id)
    number = papers.check_id_number(entry.id_number)
    known = find_by_digest(session, number)
    if known is not None:
        raise _known(session, known)
    caregiver = sealed(entry, number)
    caregiver.registered_by = actor_of(session).staff_id
    _link_staff(session, caregiver, entry.staff_id)
    elsewhere = CaregiverRegisteredElsewhere()
    broken = {"uq_caregiver_id_number_digest": elsewhere, "uq_caregiver_staff_id": StaffIsAnother()}
    with refusing(session, broken):
        session.add(caregiver)
    let_sign_in(session, [caregiver.phone] if caregiver.phone else [])
    return caregiver


def change_particulars(session: Session, caregiver_id: int, said: Particulars) -> Caregiver:
    """Bring name, phone, account and sign-in of the staff up to date.

    Another phone is not the account that was linked: that link ends.
    """
    caregiver = get_kept(session, caregiver_id)
    phone = papers.read_contact_phone(said.phone) if said.phone else None
    if phone != caregiver.phone:
        end_link(session, caregiver)
    caregiver.phone = phone
    caregiver.name = said.name.strip()
    caregiver.pinyin, caregiver.initials = papers.pinyin_of(caregiver.name)
    if said.payee_account:
        _seal_account(caregiver, said.payee_bank, said.payee_account)
    with refusing(session, {"uq_caregiver_staff_id": StaffIsAnother()}):
        _link_staff(session, caregiver, said.staff_id)
    let_sign_in(session, [phone] if phone else [])
    return caregiver


def note_look(session: Session) -> None:
    """Count one ID number that was typed in; raises `TooManyLooks` beyond so many an hour."""
    bucket = f"caregiver-numbers:{actor_of(session).staff_id}"
    count(session, bucket, LOOKS_AN_HOUR, refusal=TooManyLooks)


def last_of_account(caregiver: Caregiver) -> str | None:
    """Return the last four digits of the account, which is all that a page shows of it."""
    if caregiver.payee_cipher is None:
        return None
    return keyring().decrypt(caregiver.payee_cipher, PAYEE_FIELD)[-LAST_SHOWN:]


def list_staff(session: Session, site_id: int) -> list[tuple[int, str]]:
    """Return (id, name) of the care workers of a site, whose sign-in may be a caregiver's."""
    works_there = exists().where(
        col(StaffRole.staff_id) == col(Staff.id),
        col(StaffRole.site_id) == site_id,
        col(StaffRole.role) == Role.CARE_WORKER,
    )
    query = (
        select(col(Staff.id), col(Staff.display_name))
        .where(works_there)
        .order_by(col(Staff.display_name), col(Staff.id))
    )
    return [(row.id, row.display_name) for row in session.execute(query)]


def _link_staff(session: Session, caregiver: Caregiver, staff_id: int | None) -> None:
    """Raises `StaffIsAnother` for somebody who is no care worker of the keeper's site."""
    if staff_id is not None and staff_id != caregiver.staff_id:
        known = {one for one, _name in list_staff(session, caregiver.keeper_site_id)}
        if staff_id not in known:
            raise StaffIsAnother()
    caregiver.staff_id = staff_id


def _known(session: Session, caregiver: Caregiver) -> Exception:
    reach = reach_of(actor_of(session), KEEP)
    if caregiver.keeper_site_id in reach.site_ids or reach.prefixes:
        return CaregiverKnownHere(caregiver_id=caregiver.id)
    return CaregiverRegisteredElsewhere()


def sealed(entry: Entry, number: str) -> Caregiver:
    """Return the row of somebody new, whose ID number was checked; nothing is written yet."""
    name = entry.name.strip()
    pinyin, initials = papers.pinyin_of(name)
    caregiver = Caregiver(
        name=name,
        pinyin=pinyin,
        initials=initials,
        born_on=ric.get_birth_date(number),
        id_number_cipher=keyring().encrypt(number, ID_NUMBER_FIELD),
        id_number_digest=keyring().digest(number, ID_NUMBER_FIELD),
        phone=papers.read_contact_phone(entry.phone) if entry.phone else None,
        keeper_site_id=entry.site_id,
        registered_at=clock.now(),
    )
    if entry.payee_account:
        _seal_account(caregiver, entry.payee_bank, entry.payee_account)
    return caregiver


def _seal_account(caregiver: Caregiver, bank: str, account: str) -> None:
    digits = rules.read_payee_account(account)
    caregiver.payee_bank = bank.strip()
    caregiver.payee_cipher = keyring().encrypt(digits, PAYEE_FIELD)
    caregiver.payee_digest = keyring().digest(digits, PAYEE_FIELD)
