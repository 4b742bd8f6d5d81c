"""What those who manage accounts do for others: invite, give offices, lock out, let in again.

Every one of these is an act with a reason. None of them shows or sets anybody's password or second
factor: a one-time code lets the person do that. Nobody does any of it to themselves.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity import one_time, queries, roles, rules
from server.identity.errors import (
    DaysReversed,
    DutiesClash,
    NotOnOneself,
    OfficeHeldAlready,
    SignInNameTaken,
)
from server.identity.models import Role, Staff, StaffRole, StaffTicket, TicketPurpose
from server.identity.service import passkeys
from server.identity.service.sign_ins import end_sign_ins_of_staff
from server.identity.service.staff_door import write_ticket
from server.identity.service.telling import tell_staff
from server.providers.queries import get_site

MANAGES = "identity.manage-staff"


@dataclass(frozen=True)
class OneTimeCode:
    """What the person is handed, by word or on paper; shown once, good until `expires_at`."""

    staff: Staff
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class Place:
    """Where an office holds: over a division, or at one site."""

    division_code: str | None = None
    site_id: int | None = None


def invite(
    session: Session, *, sign_in_name: str, display_name: str, phone: str | None = None
) -> OneTimeCode:
    """Open an account for a colleague, still without office; raises `SignInNameTaken`.

    The code lets them choose their own password within 72 hours.
    """
    staff = Staff(
        sign_in_name=sign_in_name,
        display_name=display_name,
        phone=rules.read_phone(phone) if phone else None,
        code_needed_since=clock.now(),
    )
    with refusing(session, {"uq_staff_sign_in_name": SignInNameTaken()}):
        session.add(staff)
    return _hand_out_code(session, staff, TicketPurpose.INVITATION)


def reset_password(session: Session, staff_id: int) -> OneTimeCode:
    """Let someone choose another password by a one-time code; the old one opens nothing any more.

    Their sign-ins end, and they are told. Their second factor stays as it is.
    """
    staff = _get_other(session, staff_id)
    staff.code_needed_since = clock.now()
    session.flush()
    end_sign_ins_of_staff(session, staff_id)
    tell_staff(session, staff, "identity.password_reset")
    return _hand_out_code(session, staff, TicketPurpose.PASSWORD_RESET)


def reset_second_factor(session: Session, staff_id: int) -> None:
    """Forget a lost authenticator with its recovery codes; the next sign-in sets up another.

    Their passkeys, which may be in the lost phone too, are revoked, their sign-ins end, and they
    are told.
    """
    staff = _get_other(session, staff_id)
    passkeys.revoke(session, staff_id)
    session.execute(select(func.forget_second_factor(literal(staff_id))))
    end_sign_ins_of_staff(session, staff_id)
    tell_staff(session, staff, "identity.second_factor_reset")


def revoke_passkey(session: Session, staff_id: int, passkey_id: int) -> None:
    """Revoke a colleague's passkey, which was lost or lent, with all of their sign-ins.

    They are told.
    """
    staff = _get_other(session, staff_id)
    if passkeys.revoke(session, staff_id, passkey_id=passkey_id):
        end_sign_ins_of_staff(session, staff_id)
        tell_staff(session, staff, "identity.passkey_revoked")


def disable(session: Session, staff_id: int) -> None:
    """Lock someone out, at their next request; offices and history stay."""
    staff = _get_other(session, staff_id)
    staff.disabled_at = staff.disabled_at or clock.now()
    session.flush()
    end_sign_ins_of_staff(session, staff_id)


def enable(session: Session, staff_id: int) -> None:
    """Let someone in again who was locked out, with the offices that still run."""
    _get_other(session, staff_id).disabled_at = None
    session.flush()


def end_sign_ins(session: Session, staff_id: int, *, sign_in_id: int | None = None) -> int:
    """Sign a colleague's devices out, or one of them; returns how many there were."""
    _get_other(session, staff_id)
    return end_sign_ins_of_staff(session, staff_id, sign_in_id=sign_in_id)


def give_office(
    session: Session,
    staff_id: int,
    *,
    role: Role,
    place: Place,
    starts_on: date,
    ends_on: date | None = None,
) -> StaffRole:
    """Give someone an office from a civil day on, until the day before `ends_on`.

    Raises `DutiesClash`, `OfficeHeldAlready`, `DaysReversed`, and `NotFound` for a place outside
    the reach of the one who gives.
    """
    _get_other(session, staff_id)
    _check_place(session, place)
    if ends_on is not None and ends_on <= starts_on:
        raise DaysReversed()
    office = StaffRole(
        staff_id=staff_id,
        role=role,
        division_code=place.division_code,
        site_id=place.site_id,
        starts_on=starts_on,
        ends_on=ends_on,
        given_by=actor_of(session).staff_id,
    )
    with refusing(session, _WHAT_AN_OFFICE_BREAKS):
        session.add(office)
    return office


def end_office(session: Session, staff_id: int, office_id: int) -> None:
    """Let an office end with yesterday; one that has not begun is never held."""
    _get_other(session, staff_id)
    office = session.get(StaffRole, office_id)
    if office is None or office.staff_id != staff_id:
        raise NotFound()
    last = max(office.starts_on, clock.today())
    if office.ends_on is None or office.ends_on > last:
        office.ends_on = last
        session.flush()


_WHAT_AN_OFFICE_BREAKS = {
    "ex_staff_role_duties_apart": DutiesClash(),
    "ex_staff_role_held_once": OfficeHeldAlready(),
    "fk_staff_role_division_code": NotFound(),
    "fk_staff_role_site_id": NotFound(),
}


def get_managed(session: Session, staff_id: int) -> Staff:
    """Return a colleague whom the actor may manage; raises `NotFound` beyond their reach.

    Whoever manages a county must not let themselves into an office of the next, or of the city, by
    resetting the password of its holder.
    """
    actor = actor_of(session)
    if actor.is_service:
        return queries.get_staff(session, staff_id)
    reach = roles.reach_of(actor, MANAGES)
    return queries.get_managed(session, staff_id, reach, today=clock.today())


def _get_other(session: Session, staff_id: int) -> Staff:
    if actor_of(session).staff_id == staff_id:
        raise NotOnOneself()
    return get_managed(session, staff_id)


def _check_place(session: Session, place: Place) -> None:
    """Whoever manages a county gives no office over the city."""
    actor = actor_of(session)
    if actor.is_service:
        return
    reach = roles.reach_of(actor, MANAGES)
    if place.site_id is not None:
        get_site(session, place.site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)
    elif not (place.division_code or "").startswith(tuple(reach.prefixes) or ("\0",)):
        raise NotFound()


def _hand_out_code(session: Session, staff: Staff, purpose: TicketPurpose) -> OneTimeCode:
    """A new code replaces those of before."""
    assert staff.id is not None, "a stored row has its key"
    earlier = update(StaffTicket).where(
        col(StaffTicket.staff_id) == staff.id, col(StaffTicket.used_at).is_(None)
    )
    session.execute(
        earlier.values(used_at=clock.now()), execution_options={"synchronize_session": False}
    )
    code = one_time.new_code(one_time.GROUPS_OF_AN_INVITATION)
    ticket = write_ticket(
        session,
        staff.id,
        purpose,
        one_time.read_code(code),
        lives=rules.INVITATION_LIVES,
        given_by=actor_of(session).staff_id,
    )
    return OneTimeCode(staff, code, ticket.expires_at)
