"""Who holds a phone, a name or an office, which sign-ins are open, and what keys were used for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, func, literal, or_, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.identity.models import (
    Account,
    ApiCall,
    ApiKey,
    Passkey,
    Role,
    SignIn,
    SignInCode,
    Staff,
    StaffRole,
    StaffTicket,
    TicketPurpose,
)
from server.identity.roles import NEED_SECOND_FACTOR, Reach
from server.places.models import Division
from server.providers.models import Site


def find_account(session: Session, phone: str) -> Account | None:
    """Return the open account of a phone in E.164."""
    return session.exec(
        select(Account).where(Account.phone == phone, col(Account.closed_at).is_(None))
    ).one_or_none()


def get_account(session: Session, account_id: int) -> Account:
    """Return the account; raises `NotFound`."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    return account


def find_open_code(session: Session, phone: str) -> SignInCode | None:
    """Return the code of a phone, locked, so that parallel guesses are counted one by one."""
    return session.get(SignInCode, phone, with_for_update=True)


def find_staff(session: Session, sign_in_name: str) -> Staff | None:
    """Return the staff member of that name who may still come in."""
    return session.exec(
        select(Staff).where(Staff.sign_in_name == sign_in_name, col(Staff.disabled_at).is_(None))
    ).one_or_none()


def find_anybody(session: Session, sign_in_name: str) -> Staff | None:
    """Return the member of staff of that name, locked out or not."""
    return session.exec(select(Staff).where(Staff.sign_in_name == sign_in_name)).one_or_none()


def get_staff(session: Session, staff_id: int) -> Staff:
    """Return the staff member; raises `NotFound`."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound()
    return staff


def get_managed(session: Session, staff_id: int, reach: Reach, *, today: date) -> Staff:
    """Return the colleague if all of their offices lie in the reach; raises `NotFound`."""
    managed = select(Staff).where(col(Staff.id) == staff_id, ~_held_beyond(reach, today=today))
    found = session.exec(managed).one_or_none()
    if found is None:
        raise NotFound()
    return found


def find_staff_names(session: Session, staff_ids: Collection[int]) -> Mapping[int, str]:
    """Return the display names of these staff, disabled ones too."""
    if not staff_ids:
        return {}
    query = select(col(Staff.id), col(Staff.display_name)).where(col(Staff.id).in_(staff_ids))
    return {row.id: row.display_name for row in session.execute(query)}


def list_names_of_staff(session: Session) -> Sequence[tuple[int, str]]:
    """Return number and display name of everybody who works or has worked here, by name."""
    query = select(col(Staff.id), col(Staff.display_name))
    rows = session.execute(query.order_by(col(Staff.display_name), col(Staff.id)))
    return [(row.id, row.display_name) for row in rows]


def list_offices(
    session: Session, *, today: date, staff_id: int | None = None
) -> Sequence[Row[Any]]:
    """Return who holds which office today, and where by name, in the order they were entered.

    `staff_id` asks for the offices of one member of staff.
    """
    query = (
        select(
            col(Staff.sign_in_name),
            col(Staff.display_name),
            col(StaffRole.role),
            func.coalesce(Site.name, Division.name).label("place"),
        )
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .outerjoin(Site, col(Site.id) == col(StaffRole.site_id))
        .outerjoin(Division, col(Division.code) == col(StaffRole.division_code))
        .where(
            col(Staff.disabled_at).is_(None),
            col(StaffRole.starts_on) <= today,
            or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
        )
        .order_by(col(Staff.id), col(StaffRole.id))
    )
    if staff_id is not None:
        query = query.where(col(Staff.id) == staff_id)
    return session.execute(query).all()


def get_sign_in(session: Session, sign_in_id: int) -> SignIn:
    """Return the sign-in; raises `NotFound`."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None:
        raise NotFound()
    return sign_in


def list_open_sign_ins(
    session: Session,
    *,
    now: datetime,
    account_id: int | None = None,
    staff_id: int | None = None,
) -> Sequence[SignIn]:
    """Return the sign-ins of someone that still open doors, the last used first."""
    last_used = func.coalesce(col(SignIn.last_used_at), col(SignIn.created_at))
    pause = func.make_interval(0, 0, 0, 0, 0, 0, col(SignIn.idle_seconds))
    return session.exec(
        select(SignIn)
        .where(
            col(SignIn.account_id).is_not_distinct_from(account_id),
            col(SignIn.staff_id).is_not_distinct_from(staff_id),
            col(SignIn.revoked_at).is_(None),
            col(SignIn.expires_at) > now,
            or_(col(SignIn.idle_seconds).is_(None), last_used + pause > now),
        )
        .order_by(last_used.desc(), col(SignIn.id).desc())
    ).all()


def find_last_seen(session: Session, account: Account) -> datetime:
    """Return when the account was last used, vouched for at a window, or else opened."""
    used = session.exec(
        select(func.max(func.coalesce(col(SignIn.last_used_at), col(SignIn.created_at)))).where(
            col(SignIn.account_id) == account.id
        )
    ).one()
    known = (used, account.vouched_at, account.created_at)
    return max(moment for moment in known if moment is not None)


def find_open_ticket(
    session: Session,
    digest: bytes,
    purposes: Collection[TicketPurpose],
    *,
    now: datetime,
    locks: bool,
) -> StaffTicket | None:
    """Return the ticket if it still opens something for someone who may come in.

    Whoever is about to use it `locks` it, so that of two at the same time one comes too late.
    """
    query = (
        select(StaffTicket)
        .join(Staff, col(Staff.id) == col(StaffTicket.staff_id))
        .where(
            col(StaffTicket.token_digest) == digest,
            col(StaffTicket.purpose).in_(purposes),
            col(StaffTicket.used_at).is_(None),
            col(StaffTicket.expires_at) > now,
            col(Staff.disabled_at).is_(None),
        )
    )
    return session.exec(query.with_for_update(of=StaffTicket) if locks else query).one_or_none()


def find_code_expiry(session: Session, staff_id: int, *, now: datetime) -> datetime | None:
    """Return until when the one-time code that a person was handed can be used."""
    return session.exec(
        select(func.max(col(StaffTicket.expires_at))).where(
            col(StaffTicket.staff_id) == staff_id,
            col(StaffTicket.purpose) != TicketPurpose.SECOND_STEP,
            col(StaffTicket.used_at).is_(None),
            col(StaffTicket.expires_at) > now,
        )
    ).one()


def needs_second_factor(session: Session, staff_id: int, *, today: date) -> bool:
    """True where one of the person's offices, now or to come, asks for a second factor."""
    needing = columns(col(StaffRole.id)).where(
        col(StaffRole.staff_id) == staff_id,
        col(StaffRole.role).in_(NEED_SECOND_FACTOR),
        or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
    )
    return bool(session.execute(columns(needing.exists())).scalar_one())


def find_second_factor_since(session: Session, staff_id: int) -> datetime | None:
    """Return since when a colleague has a second factor; its secret is for nobody to read."""
    since = func.second_factor_since(literal(staff_id))
    found: datetime | None = session.execute(columns(since)).scalar_one()
    return found


def list_passkeys(session: Session, staff_id: int) -> Sequence[Passkey]:
    """Return the passkeys of a person that still open, and those found to be copied, by age."""
    return session.exec(
        select(Passkey)
        .where(
            col(Passkey.staff_id) == staff_id,
            or_(col(Passkey.revoked_at).is_(None), col(Passkey.doubted_at).is_not(None)),
        )
        .order_by(col(Passkey.created_at), col(Passkey.id))
    ).all()


def find_open_passkey(session: Session, credential_id: bytes) -> Passkey | None:
    """Return the passkey, if its owner may come in and waits for no one-time code."""
    return session.exec(
        select(Passkey)
        .join(Staff, col(Staff.id) == col(Passkey.staff_id))
        .where(
            col(Passkey.credential_id) == credential_id,
            col(Passkey.revoked_at).is_(None),
            col(Staff.disabled_at).is_(None),
            col(Staff.code_needed_since).is_(None),
        )
    ).one_or_none()


def list_offices_of(session: Session, staff_ids: Collection[int]) -> Sequence[Row[Any]]:
    """Return all offices of these people, past and coming ones too, the newest first."""
    return session.execute(
        columns(
            col(StaffRole.id),
            col(StaffRole.staff_id),
            col(StaffRole.role),
            col(StaffRole.starts_on),
            col(StaffRole.ends_on),
            func.coalesce(Site.name, Division.name).label("place"),
        )
        .outerjoin(Site, col(Site.id) == col(StaffRole.site_id))
        .outerjoin(Division, col(Division.code) == col(StaffRole.division_code))
        .where(col(StaffRole.staff_id).in_(staff_ids))
        .order_by(
            col(StaffRole.staff_id), col(StaffRole.starts_on).desc(), col(StaffRole.id).desc()
        )
    ).all()


def list_staff(
    session: Session,
    *,
    today: date,
    name: str = "",
    role: Role | None = None,
    division: str | None = None,
    is_disabled: bool | None = None,
    reach: Reach | None = None,
    after: tuple[str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return people by (sign-in name, id), filtered by part of a name, by office and by lock.

    With a `reach`, those who hold an office beyond it are left out.
    """
    query = columns(
        col(Staff.id),
        col(Staff.sign_in_name),
        col(Staff.display_name),
        col(Staff.disabled_at),
        col(Staff.code_needed_since),
    )
    if name:
        found = (col(Staff.sign_in_name), col(Staff.display_name))
        query = query.where(or_(*(one.icontains(name, autoescape=True) for one in found)))
    if role is not None or division is not None:
        query = query.where(_holds(role, division, today=today))
    if is_disabled is not None:
        query = query.where(col(Staff.disabled_at).is_not(None) == is_disabled)
    if reach is not None:
        query = query.where(~_held_beyond(reach, today=today))
    if after is not None:
        query = query.where(tuple_(col(Staff.sign_in_name), col(Staff.id)) > tuple_(*after))
    return session.execute(
        query.order_by(col(Staff.sign_in_name), col(Staff.id)).limit(limit)
    ).all()


def list_keys(session: Session, *, since: datetime) -> Sequence[Row[Any]]:
    """Return all keys, the newest first, each with its calls since a moment and its last call."""
    return session.execute(
        _keys(since).order_by(col(ApiKey.created_at).desc(), col(ApiKey.id).desc())
    ).all()


def get_key(session: Session, key_id: int, *, since: datetime) -> Row[Any]:
    """Return one of `list_keys`; raises `NotFound`."""
    row = session.execute(_keys(since).where(col(ApiKey.id) == key_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def name_of_key_holder(session: Session, key_id: int) -> str:
    """Return whose key this is; asked within a call that was made with it."""
    with reaching_everywhere(session):
        query = select(col(ApiKey.owner)).where(col(ApiKey.id) == key_id)
        return str(session.execute(query).scalar_one())


def list_calls(session: Session, key_id: int, *, limit: int) -> Sequence[ApiCall]:
    """Return the last calls of a key, the newest first."""
    return session.exec(
        select(ApiCall)
        .where(col(ApiCall.api_key_id) == key_id)
        .order_by(col(ApiCall.at).desc(), col(ApiCall.id).desc())
        .limit(limit)
    ).all()


def _keys(since: datetime) -> Select[Any]:
    calls = columns(ApiCall).where(col(ApiCall.api_key_id) == col(ApiKey.id))
    counted = calls.where(col(ApiCall.at) >= since).with_only_columns(func.count())
    last = calls.with_only_columns(func.max(col(ApiCall.at)))
    return columns(
        *ApiKey.__table__.columns,  # type: ignore[attr-defined]
        col(Staff.display_name).label("issued_by_name"),
        counted.scalar_subquery().label("calls"),
        last.scalar_subquery().label("last_call_at"),
    ).outerjoin(Staff, col(Staff.id) == col(ApiKey.issued_by))


def _holds(role: Role | None, division: str | None, *, today: date) -> ColumnElement[bool]:
    office = (
        columns(col(StaffRole.id))
        .outerjoin(Site, col(Site.id) == col(StaffRole.site_id))
        .where(
            col(StaffRole.staff_id) == col(Staff.id),
            col(StaffRole.starts_on) <= today,
            or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
        )
    )
    if role is not None:
        office = office.where(col(StaffRole.role) == role)
    if division is not None:
        place = func.coalesce(col(StaffRole.division_code), col(Site.division_code))
        office = office.where(place.startswith(division, autoescape=True))
    return office.exists()


def _held_beyond(reach: Reach, *, today: date) -> ColumnElement[bool]:
    """The condition that somebody holds an office, now or to come, outside the reach."""
    place = func.coalesce(col(StaffRole.division_code), col(Site.division_code))
    within = [place.startswith(prefix, autoescape=True) for prefix in reach.prefixes]
    here = or_(false(), *within, func.coalesce(col(StaffRole.site_id).in_(reach.site_ids), False))
    return (
        columns(col(StaffRole.id))
        .outerjoin(Site, col(Site.id) == col(StaffRole.site_id))
        .where(
            col(StaffRole.staff_id) == col(Staff.id),
            or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
            ~here,
        )
        .exists()
    )
