"""Which offices somebody decides claims for today: their own, and those they stand in for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, literal, or_
from sqlmodel import Session, col, select

from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.identity.models import Role, Staff, StaffRole
from server.identity.roles import OF_AN_OFFICE, reach_of
from server.subsidies.claims.models import ClaimState, SubsidyClaim, SubsidyStandIn
from server.subsidies.claims.rules import DIGITS
from server.subsidies.claims.states import CHECK

OF_A_COUNTY = 6
HOLDING = [role for role in Role if CHECK in OF_AN_OFFICE[role]]


@dataclass(frozen=True)
class Office:
    """A division over which somebody decides claims, and in whose place they do."""

    prefix: str
    for_staff_id: int | None = None

    def decides(self, claim: SubsidyClaim) -> bool:
        """True where the claim waits for this office, or for one below it."""
        wide_enough = len(self.prefix) <= DIGITS.get(claim.state, 0)
        return wide_enough and claim.division_code.startswith(self.prefix)


def offices_of(session: Session) -> list[Office]:
    """Return the offices the actor decides for today, their own first."""
    actor = actor_of(session)
    own = [Office(prefix) for prefix in reach_of(actor, CHECK).prefixes]
    if actor.staff_id is None:
        return own
    with reaching_everywhere(session):
        return [*own, *_stood_in_for(session, actor.staff_id)]


def office_for(offices: Iterable[Office], claim: SubsidyClaim) -> Office | None:
    """Return the first of the offices that decides the claim now."""
    return next((one for one in offices if one.decides(claim)), None)


def waiting_for(offices: Sequence[Office]) -> ColumnElement[bool]:
    """Return the condition on claims that wait for one of the offices."""
    code, state = col(SubsidyClaim.division_code), col(SubsidyClaim.state)
    found = [
        and_(code.startswith(one.prefix, autoescape=True), state.in_(_states(one)))
        for one in offices
    ]
    return or_(false(), *found)


def list_officers(session: Session, *, besides: int | None) -> Sequence[Staff]:
    """Return who could stand in for the actor, by name: whoever decides claims today in the
    actor's county, or above it."""
    near = _near(reach_of(actor_of(session), CHECK).prefixes)
    with reaching_everywhere(session):
        query = select(Staff).where(
            col(Staff.id).in_(select(StaffRole.staff_id).where(_holds_today(), near)),
            col(Staff.disabled_at).is_(None),
            col(Staff.id) != besides,
        )
        return session.exec(query.order_by(col(Staff.display_name), col(Staff.id))).all()


def _states(office: Office) -> list[ClaimState]:
    return [state for state, digits in DIGITS.items() if len(office.prefix) <= digits]


def _stood_in_for(session: Session, staff_id: int) -> list[Office]:
    today = clock.today()
    query = (
        select(StaffRole.division_code, StaffRole.staff_id)
        .join(SubsidyStandIn, col(SubsidyStandIn.staff_id) == col(StaffRole.staff_id))
        .join(Staff, col(Staff.id) == col(StaffRole.staff_id))
        .where(
            col(Staff.disabled_at).is_(None),
            col(SubsidyStandIn.stand_in_id) == staff_id,
            col(SubsidyStandIn.ended_at).is_(None),
            col(SubsidyStandIn.starts_on) <= today,
            col(SubsidyStandIn.ends_on) > today,
            _holds_today(),
        )
        .order_by(col(StaffRole.staff_id), col(StaffRole.id))
    )
    return [Office(prefix, whose) for prefix, whose in session.exec(query) if prefix]


def _near(prefixes: Iterable[str]) -> ColumnElement[bool]:
    code = col(StaffRole.division_code)
    found = [
        or_(code.startswith(one[:OF_A_COUNTY], autoescape=True), literal(one).startswith(code))
        for one in prefixes
    ]
    return or_(false(), *found)


def _holds_today() -> ColumnElement[bool]:
    today = clock.today()
    return and_(
        col(StaffRole.role).in_(HOLDING),
        col(StaffRole.division_code).is_not(None),
        col(StaffRole.starts_on) <= today,
        or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
    )
