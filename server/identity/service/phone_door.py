"""How care workers come in on the phone, and canteens on a tablet: by name and password, for a
working day (ADR 41, 51)."""

from dataclasses import replace

from sqlalchemy import or_, select
from sqlmodel import Session, col

from server import clock
from server.errors import NotAllowed
from server.identity.errors import UseTheConsole
from server.identity.models import Role, StaffRole
from server.identity.service.sign_ins import SignedIn
from server.identity.service.staff_door import Caller, NextStep, sign_in_by_password


def sign_in_worker(
    session: Session, *, sign_in_name: str, password: str, caller: Caller
) -> SignedIn:
    """Sign a care worker's phone in; it may lie unused between two visits, unlike a console.

    Raises as `sign_in_by_password`; `UseTheConsole` for whoever needs a second step, `NotAllowed`
    for staff who are no care workers today.
    """
    return _sign_in(session, sign_in_name, password, caller, Role.CARE_WORKER)


def sign_in_at_counter(
    session: Session, *, sign_in_name: str, password: str, caller: Caller
) -> SignedIn:
    """Sign a canteen's tablet in, named by `caller`; raises as `sign_in_worker`."""
    return _sign_in(session, sign_in_name, password, caller, Role.CANTEEN_STAFF)


def _sign_in(
    session: Session, sign_in_name: str, password: str, caller: Caller, role: Role
) -> SignedIn:
    came = sign_in_by_password(
        session,
        sign_in_name=sign_in_name,
        password=password,
        caller=replace(caller, is_on_the_way=True),
    )
    if isinstance(came, NextStep):
        raise UseTheConsole()
    sign_in = came.sign_in
    if sign_in.staff_id is None or not _holds(session, sign_in.staff_id, role):
        raise NotAllowed()
    return came


def _holds(session: Session, staff_id: int, role: Role) -> bool:
    today = clock.today()
    query = select(col(StaffRole.id)).where(
        col(StaffRole.staff_id) == staff_id,
        col(StaffRole.role) == role,
        col(StaffRole.starts_on) <= today,
        or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
    )
    return session.execute(query).first() is not None
