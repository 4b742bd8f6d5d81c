"""A site takes on somebody whom another provider employs: by ID number and name, and by consent.

Neither learns of the other more than the act itself says: the new employer typed in whom it means,
and the one before sees which site asks.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import clock
from server.caregivers import rules
from server.caregivers.asking.models import EmploymentTakeover, Settled
from server.caregivers.employing import Terms, begin, end
from server.caregivers.errors import (
    CaregiverNotConfirmed,
    SettledAlready,
    TakeoverWaits,
    WorksFullTimeElsewhere,
)
from server.caregivers.models import Caregiver, Employment, LeavingReason
from server.caregivers.register import KEEP, find_by_digest, get_own_site
from server.caregivers.registering import note_look
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.identity.roles import reach_of
from server.people.papers import check_id_number
from server.providers.models import Site

MOST_LISTED = 100
ONE_WAITING = {"uq_employment_takeover_one_waiting": TakeoverWaits()}

Before, After = aliased(Site), aliased(Site)


@dataclass(frozen=True)
class Asked:
    """What became of it: the employment that has begun, or the question that waits."""

    caregiver_id: int
    employment_id: int | None = None
    takeover_id: int | None = None


def take_on_known(session: Session, *, id_number: str, name: str, terms: Terms) -> Asked:
    """Take on somebody who is in the register, wherever; ask first where they still work.

    Raises `CaregiverNotConfirmed` where number and name are not one person's, `TooManyLooks`,
    `EmployedHereAlready`, `TakeoverWaits`, `NotFound`.
    """
    note_look(session)
    get_own_site(session, terms.site_id)
    rules.check_days(terms.starts_on, None)
    number = check_id_number(id_number)
    with reaching_everywhere(session):
        caregiver = find_by_digest(session, number)
        if caregiver is None or caregiver.name != name.strip():
            raise CaregiverNotConfirmed()
        try:
            employment = begin(session, caregiver, terms)
            return Asked(caregiver.id or 0, employment_id=employment.id)
        except WorksFullTimeElsewhere:
            takeover = _ask(session, caregiver, terms)
            return Asked(caregiver.id or 0, takeover_id=takeover.id)


def let_go(session: Session, takeover_id: int, *, ends_on: date) -> Employment:
    """Confirm the day from which they are free: the one employment ends and the other begins.

    It begins on the day that was asked for, or on the first free day, whichever is later. Raises
    `SettledAlready`, `EmploymentDaysImpossible`, `NotFound` for whoever does not employ them.
    """
    takeover = _get_to_answer(session, takeover_id)
    with reaching_everywhere(session):
        caregiver = session.get(Caregiver, takeover.caregiver_id)
        assert caregiver is not None, "the question refers to them"
        for employment in _full_time_at(session, takeover):
            end(session, employment, ends_on, LeavingReason.TRANSFERRED)
        terms = _terms_of(takeover)
        terms = replace(terms, starts_on=max(terms.starts_on, ends_on))
        begun = begin(session, caregiver, terms)
        _settle(session, takeover, Settled.CONFIRMED)
    return begun


def keep(session: Session, takeover_id: int, *, said: str) -> EmploymentTakeover:
    """Refuse: they stay where they are, and whoever asked reads why."""
    takeover = _get_to_answer(session, takeover_id)
    _settle(session, takeover, Settled.REFUSED, said)
    return takeover


def withdraw(session: Session, takeover_id: int) -> EmploymentTakeover:
    """Take the question back, as the one who asked."""
    takeover = _get_waiting(session, takeover_id)
    get_own_site(session, takeover.to_site_id)
    _settle(session, takeover, Settled.REFUSED)
    return takeover


def list_takeovers(session: Session, *, waiting: bool | None = None) -> Sequence[Row[Any]]:
    """Return what was asked of one's own sites and by them, what waits first."""
    reach = reach_of(actor_of(session), KEEP)
    query: Any = (
        select(
            EmploymentTakeover,
            col(Before.name).label("from_name"),
            col(After.name).label("to_name"),
            col(Caregiver.name).label("caregiver_name"),
            col(EmploymentTakeover.from_site_id).in_(reach.site_ids).label("is_mine_to_answer"),
        )
        .join(Before, col(Before.id) == col(EmploymentTakeover.from_site_id))
        .join(After, col(After.id) == col(EmploymentTakeover.to_site_id))
        .outerjoin(Caregiver, col(Caregiver.id) == col(EmploymentTakeover.caregiver_id))
        .where(
            or_(
                col(EmploymentTakeover.from_site_id).in_(reach.site_ids),
                col(EmploymentTakeover.to_site_id).in_(reach.site_ids),
            )
        )
        .order_by(
            col(EmploymentTakeover.settled_at).desc().nulls_first(),
            col(EmploymentTakeover.id).desc(),
        )
        .limit(MOST_LISTED)
    )
    if waiting:
        query = query.where(col(EmploymentTakeover.state) == Settled.WAITING)
    return session.execute(query).all()


def _ask(session: Session, caregiver: Caregiver, terms: Terms) -> EmploymentTakeover:
    """The question goes to whoever employs them full-time on the day, or last until then."""
    query = (
        select(col(Employment.site_id))
        .where(
            col(Employment.caregiver_id) == caregiver.id,
            col(Employment.is_full_time),
            or_(col(Employment.ends_on).is_(None), col(Employment.ends_on) > terms.starts_on),
        )
        .order_by(col(Employment.starts_on), col(Employment.id))
        .limit(1)
    )
    takeover = EmploymentTakeover(
        caregiver_id=caregiver.id or 0,
        from_site_id=session.execute(query).scalar_one(),
        to_site_id=terms.site_id,
        asked_at=clock.now(),
        asked_by=actor_of(session).staff_id,
        state=Settled.WAITING,
        **{name: value for name, value in asdict(terms).items() if name != "site_id"},
    )
    with refusing(session, ONE_WAITING):
        session.add(takeover)
    return takeover


def _full_time_at(session: Session, takeover: EmploymentTakeover) -> list[Employment]:
    query = (
        select(Employment)
        .where(
            col(Employment.caregiver_id) == takeover.caregiver_id,
            col(Employment.site_id) == takeover.from_site_id,
            col(Employment.is_full_time),
            col(Employment.ends_on).is_(None),
        )
        .order_by(col(Employment.id))
        .with_for_update()
    )
    return list(session.execute(query).scalars())


def _get_to_answer(session: Session, takeover_id: int) -> EmploymentTakeover:
    takeover = _get_waiting(session, takeover_id)
    get_own_site(session, takeover.from_site_id)
    return takeover


def _get_waiting(session: Session, takeover_id: int) -> EmploymentTakeover:
    takeover = session.get(EmploymentTakeover, takeover_id, with_for_update=True)
    if takeover is None:
        raise NotFound()
    if takeover.state is not Settled.WAITING:
        raise SettledAlready()
    return takeover


def _settle(session: Session, takeover: EmploymentTakeover, state: Settled, said: str = "") -> None:
    takeover.state, takeover.said = state, said.strip()
    takeover.settled_at, takeover.settled_by = clock.now(), actor_of(session).staff_id
    session.flush()


def _terms_of(takeover: EmploymentTakeover) -> Terms:
    return Terms(
        site_id=takeover.to_site_id,
        starts_on=takeover.starts_on,
        post=takeover.post,
        is_front_line=takeover.is_front_line,
        is_full_time=takeover.is_full_time,
        on_establishment=takeover.on_establishment,
    )
