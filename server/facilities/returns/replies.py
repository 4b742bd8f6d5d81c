"""A return by text message: `0` for nothing changed, `37/2` for occupied and on leave."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import DomainError
from server.facilities.errors import FiguresDoNotAddUp, NothingToRepeat, ReplyUnreadable
from server.facilities.returns import rules
from server.facilities.returns.filing import file_counts, file_unchanged
from server.facilities.returns.models import ReturnSource
from server.identity.models import Role, Staff, StaffRole
from server.providers.models import Site


class Reply(StrEnum):
    """What is answered; the catalogues have a sentence for each under `sms_reply`."""

    THANKS_UNCHANGED = "thanks-unchanged"
    THANKS_COUNTED = "thanks-counted"
    UNREADABLE = "unreadable"
    DOES_NOT_ADD_UP = "does-not-add-up"
    NOTHING_TO_REPEAT = "nothing-to-repeat"
    NOBODY = "nobody"
    SEVERAL_SITES = "several-sites"


REFUSED: dict[type[DomainError], Reply] = {
    ReplyUnreadable: Reply.UNREADABLE,
    FiguresDoNotAddUp: Reply.DOES_NOT_ADD_UP,
    NothingToRepeat: Reply.NOTHING_TO_REPEAT,
}


@dataclass(frozen=True)
class Answer:
    """The sentence to send back, by its code and facts."""

    reply: Reply
    facts: dict[str, Any]
    language: str | None = None


def take_reply(session: Session, *, phone: str, text: str) -> Answer:
    """File what an operator's text message says, for the one home they operate.

    A number that is nobody's is told what to do, in the same words whatever it wrote, so that
    nothing can be learnt of who works where. Never raises for what somebody wrote.
    """
    with reaching_everywhere(session):
        homes = _homes_of(session, phone)
        if not homes:
            return Answer(Reply.NOBODY, {})
        if len(homes) > 1:
            return Answer(Reply.SEVERAL_SITES, {}, homes[0].language)
        return _file(session, homes[0], text)


def _file(session: Session, home: Any, text: str) -> Answer:
    try:
        numbers = rules.read_reply(text)
        if numbers is None:
            file_unchanged(session, home.site_id, source=ReturnSource.SMS, filed_by=home.staff_id)
            return Answer(Reply.THANKS_UNCHANGED, {"site": home.name}, home.language)
        occupied, on_leave = numbers
        file_counts(
            session, home.site_id, occupied=occupied, on_leave=on_leave, filed_by=home.staff_id
        )
    except (ReplyUnreadable, FiguresDoNotAddUp, NothingToRepeat) as refusal:
        return Answer(REFUSED[type(refusal)], {"site": home.name}, home.language)
    counted = {"site": home.name, "occupied": occupied, "on_leave": on_leave}
    return Answer(Reply.THANKS_COUNTED, counted, home.language)


def _homes_of(session: Session, phone: str) -> Any:
    today = clock.today()
    query: Any = (
        select(
            col(Staff.id).label("staff_id"),
            col(Staff.language),
            col(StaffRole.site_id),
            col(Site.name),
        )
        .join(StaffRole, col(StaffRole.staff_id) == col(Staff.id))
        .join(Site, col(Site.id) == col(StaffRole.site_id))
        .where(
            col(Staff.phone) == phone,
            col(Staff.disabled_at).is_(None),
            col(StaffRole.role) == Role.FACILITY_OPERATOR,
            col(StaffRole.starts_on) <= today,
            or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
        )
        .ext(distinct_on(col(StaffRole.site_id)))
        .order_by(col(StaffRole.site_id), col(Staff.id))
    )
    return session.execute(query).all()
