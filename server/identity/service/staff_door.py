"""How staff come in: name and password, then a second step; or first by a one-time code.

Nobody is signed in here yet: the platform acts.
"""

import secrets
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from server import clock
from server.db.sessions import KeptRefusal, token_digest
from server.identity import one_time, queries, rules
from server.identity.errors import LockedOut, PasswordWrong, SecondStepWrong, TicketExpired
from server.identity.models import SecondFactor, Staff, StaffTicket, TicketPurpose
from server.identity.rules import Limit
from server.identity.service import second_factors
from server.identity.service.passwords import keep_password, password_fits
from server.identity.service.sign_ins import SignedIn, open_sign_in
from server.identity.service.throttles import check_open, count

Buckets = Sequence[tuple[str, Limit]]

TO_STEP: Set[TicketPurpose] = {TicketPurpose.SECOND_STEP}
TO_CHOOSE: Set[TicketPurpose] = set(TicketPurpose) - TO_STEP


@dataclass(frozen=True)
class Caller:
    """Where one comes from: the address counts tries, the label names the device in lists.

    A care worker's phone (`is_on_the_way`) may lie unused between two visits, a console may not.
    """

    address: str
    device_label: str = ""
    is_on_the_way: bool = False


@dataclass(frozen=True)
class NextStep:
    """The first step was right. The token opens the second for ten minutes, and is shown once.

    Where `is_set_up`, no authenticator is known yet, and one is to be set up.
    """

    token: str
    expires_at: datetime
    is_set_up: bool


def sign_in_by_password(
    session: Session, *, sign_in_name: str, password: str, caller: Caller
) -> SignedIn | NextStep:
    """Let someone pass the first step; raises `PasswordWrong` (the try counts) and `LockedOut`."""
    buckets = _password_buckets(sign_in_name, caller)
    for bucket, limit in buckets:
        check_open(session, bucket, limit)
    staff = queries.find_staff(session, sign_in_name)
    if not password_fits(session, staff, password) or staff is None:
        _count_all(session, buckets)
        raise KeptRefusal(PasswordWrong())
    return _go_on(session, staff, caller)


def join(
    session: Session, *, sign_in_name: str, code: str, password: str, caller: Caller
) -> SignedIn | NextStep:
    """Let an invited person, or one whose password was reset, choose a password and go on.

    Raises `TicketExpired` (the try counts), `LockedOut` and `PasswordTooWeak`.
    """
    buckets = _password_buckets(sign_in_name, caller)
    for bucket, limit in buckets:
        check_open(session, bucket, limit)
    staff = queries.find_staff(session, sign_in_name)
    ticket = _find_ticket(session, one_time.read_code(code), TO_CHOOSE, locks=True)
    if staff is None or ticket is None or ticket.staff_id != staff.id:
        _count_all(session, buckets)
        raise KeptRefusal(TicketExpired())
    keep_password(session, staff, password)
    staff.code_needed_since = None
    ticket.used_at = clock.now()
    session.flush()
    return _go_on(session, staff, caller)


def pass_second_step(session: Session, *, token: str, typed: str, caller: Caller) -> SignedIn:
    """Sign in by the authenticator; raises `SecondStepWrong` (it counts) and `TicketExpired`."""
    ticket = _get_ticket(session, token)
    factor = session.get(SecondFactor, ticket.staff_id)
    if factor is None or factor.confirmed_at is None:
        raise TicketExpired()
    _try(session, ticket, caller, lambda: second_factors.use_code(session, factor, typed))
    return _sign_in(session, ticket, caller)


def pass_by_recovery_code(session: Session, *, token: str, typed: str, caller: Caller) -> SignedIn:
    """Sign in by a code from paper, which then is used up; raises as `pass_second_step`."""
    ticket = _get_ticket(session, token)
    staff_id = ticket.staff_id
    _try(
        session, ticket, caller, lambda: second_factors.use_recovery_code(session, staff_id, typed)
    )
    return _sign_in(session, ticket, caller)


def finish_set_up(
    session: Session, *, token: str, typed: str, caller: Caller
) -> tuple[SignedIn, list[str]]:
    """Confirm a new authenticator and sign in; returns the recovery codes too, shown once."""
    ticket = _get_ticket(session, token)
    codes: list[str] = []
    staff_id = ticket.staff_id

    def confirm() -> None:
        codes.extend(second_factors.confirm_second_factor(session, staff_id, typed))

    _try(session, ticket, caller, confirm)
    return _sign_in(session, ticket, caller), codes


def find_second_step(session: Session, token: str) -> SecondFactor | None:
    """Return the second factor that the token's owner is asked for, confirmed or to be set up."""
    ticket = _find_ticket(session, token, TO_STEP, locks=False)
    return session.get(SecondFactor, ticket.staff_id) if ticket is not None else None


def _go_on(session: Session, staff: Staff, caller: Caller) -> SignedIn | NextStep:
    assert staff.id is not None, "a stored row has its key"
    factor = session.get(SecondFactor, staff.id)
    is_known = factor is not None and factor.confirmed_at is not None
    if not is_known and not queries.needs_second_factor(session, staff.id, today=clock.today()):
        return _open(session, staff.id, caller)
    if not is_known:
        second_factors.begin_second_factor(session, staff.id)
    return _give_step(session, staff.id, is_set_up=not is_known)


def _give_step(session: Session, staff_id: int, *, is_set_up: bool) -> NextStep:
    token = secrets.token_urlsafe(32)
    ticket = write_ticket(
        session, staff_id, TicketPurpose.SECOND_STEP, token, lives=rules.SECOND_STEP_LIVES
    )
    return NextStep(token, ticket.expires_at, is_set_up)


def write_ticket(
    session: Session,
    staff_id: int,
    purpose: TicketPurpose,
    token: str,
    *,
    lives: timedelta,
    given_by: int | None = None,
) -> StaffTicket:
    """Keep the digest of a ticket's token; the token itself is shown once."""
    now = clock.now()
    ticket = StaffTicket(
        staff_id=staff_id,
        purpose=purpose,
        token_digest=token_digest(token),
        given_by=given_by,
        created_at=now,
        expires_at=now + lives,
    )
    session.add(ticket)
    session.flush()
    return ticket


def _sign_in(session: Session, ticket: StaffTicket, caller: Caller) -> SignedIn:
    ticket.used_at = clock.now()
    session.flush()
    return _open(session, ticket.staff_id, caller, second_factor_at=ticket.used_at)


def _open(
    session: Session, staff_id: int, caller: Caller, *, second_factor_at: datetime | None = None
) -> SignedIn:
    return open_sign_in(
        session,
        staff_id=staff_id,
        device_label=caller.device_label,
        now=clock.now(),
        lasts=rules.WORKER_SIGN_IN_LASTS if caller.is_on_the_way else rules.STAFF_SIGN_IN_LASTS,
        may_pause=None if caller.is_on_the_way else rules.STAFF_MAY_PAUSE,
        second_factor_at=second_factor_at,
    )


def _find_ticket(
    session: Session, token: str, purposes: Set[TicketPurpose], *, locks: bool
) -> StaffTicket | None:
    return queries.find_open_ticket(
        session, token_digest(token), purposes, now=clock.now(), locks=locks
    )


def _get_ticket(session: Session, token: str) -> StaffTicket:
    ticket = _find_ticket(session, token, TO_STEP, locks=True)
    if ticket is None:
        raise TicketExpired()
    return ticket


def _try(
    session: Session, ticket: StaffTicket, caller: Caller, attempt: Callable[[], object]
) -> None:
    buckets = (
        (
            f"second-step/{ticket.staff_id}/{caller.address}",
            rules.WRONG_SECOND_STEPS_PER_PERSON_AND_ADDRESS,
        ),
        (f"second-step/{ticket.staff_id}", rules.WRONG_SECOND_STEPS_PER_PERSON),
    )
    for bucket, limit in buckets:
        check_open(session, bucket, limit)
    try:
        attempt()
    except SecondStepWrong as refusal:
        _count_all(session, buckets)
        raise KeptRefusal(refusal) from refusal


def _password_buckets(sign_in_name: str, caller: Caller) -> Buckets:
    return (
        (
            f"password/name/{sign_in_name}/address/{caller.address}",
            rules.WRONG_PASSWORDS_PER_NAME_AND_ADDRESS,
        ),
        (f"password/name/{sign_in_name}", rules.WRONG_PASSWORDS_PER_NAME),
        (f"password/address/{caller.address}", rules.WRONG_PASSWORDS_PER_ADDRESS),
    )


def _count_all(session: Session, buckets: Buckets) -> None:
    for bucket, limit in buckets:
        count(session, bucket, limit, refusal=LockedOut)
