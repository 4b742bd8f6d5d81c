"""Subsidy policies in the demo: the reference in force, and a pack of the city that waits."""

from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import enter_proposal, put_in_force

IN_FORCE, WAITING = "reference", "shanxi-jincheng"
ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM policy_pack)")
STAFF = text("SELECT sign_in_name, id FROM staff WHERE sign_in_name IN ('city', 'approver')")


def are_policies_there(session: Session) -> bool:
    """True for a demo in which anybody proposed a pack already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_policies(session: Session) -> int:
    """Put the reference into force since the last year began, and propose the city's for the next.

    Returns how many packs.
    """
    staff = {row.sign_in_name: row.id for row in session.connection().execute(STAFF)}
    year = clock.today().year
    pack = enter_proposal(
        session, read_shipped(IN_FORCE), starts_on=date(year - 1, 1, 1), proposed_by=staff["city"]
    )
    put_in_force(session, pack, decided_by=staff["approver"])
    enter_proposal(
        session, read_shipped(WAITING), starts_on=date(year + 1, 1, 1), proposed_by=staff["city"]
    )
    return 2
