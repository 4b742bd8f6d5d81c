"""代办人: who may act for a resident, in what, until when; and what was done for whom."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime, Row, Text, bindparam, func, literal, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.audit.models import ActRow
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.models import Account
from server.identity.rules import read_phone
from server.residents.errors import AlreadyHelps, OutsideScope
from server.residents.models import GrantKind, HelperScope, Relation, ResidentGrant
from server.residents.presence import check_still_here

_ACCOUNT_OF = text("SELECT account_of(:phone, :at)").bindparams(
    bindparam("phone", type_=Text), bindparam("at", type_=DateTime(timezone=True))
)

# A form that saves itself does so at every answer; beginning it and handing it in are told.
STEPS_OF_A_DEED = ("assessment_form.save_step",)


def bind_helper(
    session: Session,
    resident_id: int,
    *,
    phone: str,
    holder_name: str,
    relation: Relation,
    scopes: Sequence[HelperScope],
    ends_on: date | None = None,
) -> ResidentGrant:
    """Let the account of a phone act for the resident from today, until the day `ends_on`.

    The account is opened where the phone has none. Raises `PhoneNumberUnusable`, `AlreadyHelps`
    and `ResidentGone`.
    """
    check_still_here(session, resident_id)
    account_id = _account_of(session, phone)
    return bind_account(
        session, resident_id, account_id, holder_name=holder_name, relation=relation,
        scopes=scopes, ends_on=ends_on,
    )  # fmt: skip


def bind_account(
    session: Session,
    resident_id: int,
    account_id: int,
    *,
    holder_name: str,
    relation: Relation,
    scopes: Sequence[HelperScope],
    ends_on: date | None = None,
) -> ResidentGrant:
    """As `bind_helper`, for an account that is known. Raises `AlreadyHelps`."""
    if _holds_one(session, account_id, resident_id):
        raise AlreadyHelps()
    return _give(
        session, account_id, resident_id, GrantKind.HELPER,
        {"holder_name": holder_name, "relation": relation, "ends_on": ends_on,
         "scopes": [scope.value for scope in scopes]},
    )  # fmt: skip


def let_sign_in(session: Session, resident_id: int, *, phone: str) -> ResidentGrant:
    """Let the resident act for themselves by this phone; a couple may share one.

    Raises `PhoneNumberUnusable`, `ResidentGone`.
    """
    check_still_here(session, resident_id)
    account_id = _account_of(session, phone)
    return _give(session, account_id, resident_id, GrantKind.SELF, {"ends_on": None, "scopes": []})


def dismiss_helper(session: Session, resident_id: int, grant_id: int) -> None:
    """Take a helper's grant back, at once; doing it twice is as good as once.

    Raises `NotFound` for a grant of somebody else, and for one's own sign-in.
    """
    grant = session.execute(
        select(ResidentGrant).where(
            col(ResidentGrant.id) == grant_id,
            col(ResidentGrant.resident_id) == resident_id,
            col(ResidentGrant.kind) == GrantKind.HELPER,
        )
    ).scalar_one_or_none()
    if grant is None:
        raise NotFound()
    today = clock.today()
    if grant.ends_on is None or grant.ends_on > today:
        grant.ends_on = max(today, grant.starts_on)
        session.flush()


def list_helpers(session: Session, resident_id: int) -> Sequence[Row[Any]]:
    """Return everybody who acts or acted for the resident, whoever still does first.

    `phone` is None where the reader may not know it.
    """
    query = (
        select(
            col(ResidentGrant.id),
            col(ResidentGrant.account_id),
            col(ResidentGrant.kind),
            col(ResidentGrant.holder_name),
            col(ResidentGrant.relation),
            col(ResidentGrant.scopes),
            col(ResidentGrant.starts_on),
            col(ResidentGrant.ends_on),
            col(Account.phone),
            lasts_on(clock.today()).label("lasts"),
        )
        .join(Account, col(Account.id) == col(ResidentGrant.account_id), isouter=True)
        .where(col(ResidentGrant.resident_id) == resident_id)
        .order_by(
            lasts_on(clock.today()).desc(), col(ResidentGrant.kind).desc(), col(ResidentGrant.id)
        )
    )
    return session.execute(query).all()


def check_may(session: Session, resident_id: int, scope: HelperScope) -> None:
    """Raise unless the signed-in account may act for the resident in this matter today.

    `NotFound` for a resident it does not act for, `OutsideScope` for a helper whose scopes lack it.
    """
    if resident_id not in actor_of(session).resident_ids:
        raise NotFound()
    if resident_id not in residents_within(session, scope):
        raise OutsideScope()


def residents_within(session: Session, scope: HelperScope) -> list[int]:
    """Return the residents for whom the signed-in account may act in this matter today.

    Whoever acts for nobody but themselves costs no look at the database.
    """
    actor = actor_of(session)
    own = list(actor.own_resident_ids)
    if set(own) == set(actor.resident_ids):
        return own
    held = session.execute(
        select(col(ResidentGrant.resident_id)).where(
            col(ResidentGrant.account_id) == actor.account_id,
            literal(scope.value, Text) == func.any(col(ResidentGrant.scopes)),
            lasts_on(clock.today()),
        )
    )
    return list({*own, *held.scalars()})


def check_own(session: Session, resident_id: int) -> None:
    """Raise `NotFound` unless the signed-in account is the resident's own."""
    if resident_id not in actor_of(session).own_resident_ids:
        raise NotFound()


def list_acts_for(
    session: Session,
    resident_id: int,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return what was done for a resident, the latest first: who did it, from where, and why.

    What was done under a number that was merged into this one is part of it.

    `kind` tells by which grant an account acted (`self`: the resident herself); `holder_name` and
    `relation` name a helper, `staff_name` somebody of an office.
    """
    order = (col(ActRow.at), col(ActRow.id))
    query = select(
        col(ActRow.id),
        col(ActRow.at),
        col(ActRow.face),
        col(ActRow.action),
        col(ActRow.reason),
        col(ActRow.staff_id),
        func.name_of_staff(col(ActRow.staff_id), type_=Text).label("staff_name"),
        *_holder_of_act(),
    ).where(
        col(ActRow.for_resident_id) == func.any(func.twins_of(resident_id)),
        col(ActRow.action).not_in(STEPS_OF_A_DEED),
    )
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return session.execute(query.order_by(*(one.desc() for one in order)).limit(limit)).all()


def _holder_of_act() -> list[Any]:
    """The latest grant by which the act's account stood for the resident."""

    def latest(column: Any) -> Any:
        return (
            select(column)
            .where(
                col(ResidentGrant.account_id) == col(ActRow.account_id),
                col(ResidentGrant.resident_id) == col(ActRow.for_resident_id),
            )
            .order_by(col(ResidentGrant.kind).desc(), col(ResidentGrant.starts_on).desc())
            .limit(1)
            .correlate(ActRow)
            .scalar_subquery()
        )

    return [
        latest(col(ResidentGrant.kind)).label("kind"),
        latest(col(ResidentGrant.holder_name)).label("holder_name"),
        latest(col(ResidentGrant.relation)).label("relation"),
    ]


def _account_of(session: Session, phone: str) -> int:
    values = {"phone": read_phone(phone), "at": clock.now()}
    return int(session.execute(_ACCOUNT_OF, values).scalar_one())


def _holds_one(session: Session, account_id: int, resident_id: int) -> bool:
    query = select(col(ResidentGrant.id)).where(
        col(ResidentGrant.account_id) == account_id,
        col(ResidentGrant.resident_id) == resident_id,
        lasts_on(clock.today()),
    )
    return session.execute(query).first() is not None


def _give(
    session: Session, account_id: int, resident_id: int, kind: GrantKind, given: dict[str, Any]
) -> ResidentGrant:
    """A grant taken back today and given again today is the same row."""
    values = {"kind": kind, **given}
    statement = (
        upsert(ResidentGrant)
        .values(account_id=account_id, resident_id=resident_id, starts_on=clock.today(), **values)
        .on_conflict_do_update(constraint="uq_resident_grant_once", set_=values)
        .returning(ResidentGrant)
    )
    given_now: ResidentGrant = session.execute(statement).scalar_one()
    return given_now


def lasts_on(today: date) -> Any:
    """True of the grants that hold on the day."""
    return (col(ResidentGrant.starts_on) <= today) & or_(
        col(ResidentGrant.ends_on).is_(None), col(ResidentGrant.ends_on) > today
    )
