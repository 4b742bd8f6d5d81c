"""Somebody stands before a facility, which so learns who that is: by name and ID number alone."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from server import clock
from server.db.cities import current_city
from server.db.refusals import all_or_nothing
from server.db.sessions import reaching_everywhere
from server.facilities.stays.knowing import let_site_know
from server.residents.contacts import Contact, add_contact
from server.residents.errors import PersonIncomplete
from server.residents.meant import get_meant
from server.residents.registering import Entry, enter_newcomer

# Papers lie on the desk today; what follows, a hold or a stay, lets the facility know them longer.
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is not in the register yet, and whom to call about them."""

    entry: Entry
    contact: Contact


@all_or_nothing
def introduce(session: Session, *, site_id: int, name: str, id_number: str) -> int:
    """Return the resident of this name and ID number, whom the facility then knows for today.

    Both must be right, and no resident of the city is too far away. Raises `IdNumberUnusable`,
    `NameDisagrees`, `NotFound`.
    """
    with reaching_everywhere(session):
        resident_id = get_meant(session, name=name, id_number=id_number, born_on=None)
    _let_know_today(session, resident_id, site_id)
    return resident_id


@all_or_nothing
def register_newcomer(session: Session, newcomer: Newcomer, *, site_id: int) -> int:
    """Enter somebody whom the facility is about to take in, and return their number.

    The facility registers nobody for the register's sake: the caller admits or holds a bed in the
    same transaction. Raises `PersonIncomplete` without an ID number, and what `enter_newcomer` and
    `add_contact` raise.
    """
    if newcomer.entry.id_number is None:
        raise PersonIncomplete()
    with reaching_everywhere(session):
        resident_id = enter_newcomer(session, newcomer.entry, city_code=current_city()).id
        assert resident_id is not None, "a flushed row has its key"
        add_contact(session, resident_id, newcomer.contact)
    _let_know_today(session, resident_id, site_id)
    return resident_id


def _let_know_today(session: Session, resident_id: int, site_id: int) -> None:
    let_site_know(session, resident_id, site_id, until=clock.today() + A_DAY)
