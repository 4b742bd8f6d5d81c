"""联系人: who is called about a resident, and in which order."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from server.db.refusals import refusing
from server.errors import NotFound
from server.people.papers import read_contact_phone
from server.residents import register
from server.residents.errors import ContactKnown
from server.residents.models import Relation, ResidentContact

KNOWN = {"uq_resident_contact_phone": ContactKnown()}


@dataclass(frozen=True)
class Contact:
    """Somebody to call, as a window writes it down."""

    name: str
    relation: Relation
    phone: str
    is_emergency: bool = False
    call_order: int = 1
    note: str = ""


def note_contact(session: Session, resident_id: int, contact: Contact) -> ResidentContact:
    """Note whom to call; raises `NotFound`, `ContactPhoneUnusable`, `ContactKnown`.

    Somebody who has died or moved away may get one still: their family is called.
    """
    register.get_in_reach(session, resident_id)
    return add_contact(session, resident_id, contact)


def add_contact(session: Session, resident_id: int, contact: Contact) -> ResidentContact:
    """The same for whoever has just entered the person; raises all but `NotFound`."""
    noted = ResidentContact(resident_id=resident_id, **_columns(contact))
    with refusing(session, KNOWN):
        session.add(noted)
    return noted


def correct_contact(session: Session, resident_id: int, contact_id: int, contact: Contact) -> None:
    """Put right what was noted; raises as `note_contact` does."""
    register.get_in_reach(session, resident_id)
    noted = get_contact(session, resident_id, contact_id)
    with refusing(session, KNOWN):
        for name, value in _columns(contact).items():
            setattr(noted, name, value)


def remove_contact(session: Session, resident_id: int, contact_id: int) -> None:
    """Take somebody out who is no longer to be called; raises `NotFound`."""
    register.get_in_reach(session, resident_id)
    get_contact(session, resident_id, contact_id)
    session.execute(delete(ResidentContact).where(col(ResidentContact.id) == contact_id))


def list_contacts(session: Session, resident_id: int) -> Sequence[ResidentContact]:
    """Return whom to call, in the order of calling, for an emergency before the others."""
    return (
        session.execute(
            select(ResidentContact)
            .where(col(ResidentContact.resident_id) == resident_id)
            .order_by(
                col(ResidentContact.is_emergency).desc(),
                col(ResidentContact.call_order),
                col(ResidentContact.id),
            )
        )
        .scalars()
        .all()
    )


def get_contact(session: Session, resident_id: int, contact_id: int) -> ResidentContact:
    """Return one of `list_contacts`; raises `NotFound`."""
    contact: ResidentContact | None = session.execute(
        select(ResidentContact).where(
            col(ResidentContact.id) == contact_id,
            col(ResidentContact.resident_id) == resident_id,
        )
    ).scalar_one_or_none()
    if contact is None:
        raise NotFound()
    return contact


def _columns(contact: Contact) -> dict[str, Any]:
    return {**asdict(contact), "phone": read_contact_phone(contact.phone)}
