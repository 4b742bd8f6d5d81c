"""Who hears of an order: the provider of its coming, the elder of who comes, both of its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.homecare.lives import Told
from server.homecare.orders.models import CareOrder
from server.homecare.stepping import PHONES
from server.homecare.visits.models import CareVisit
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

OF_USE = timedelta(days=2)
WORKER = text("SELECT name_of_staff(:worker)")


class News(StrEnum):
    """What is told; the catalogues hold a sentence for each, of the kind `care_order.…`."""

    PROVIDER_PLACED = "provider_placed"
    ASSIGNED = "assigned"
    CANCELLED = "cancelled"
    PROVIDER_CANCELLED = "provider_cancelled"


def tell_of_order(session: Session, order: CareOrder) -> None:
    """The provider hears that somebody waits to be visited."""
    _tell(session, order, News.PROVIDER_PLACED)


def tell_of_visit(session: Session, order: CareOrder, visit: CareVisit) -> None:
    """The elder's phone, and helpers who may apply, hear who comes and when."""
    with reaching_everywhere(session):
        worker = session.connection().execute(WORKER, {"worker": visit.worker_id}).scalar_one()
    _tell(session, order, News.ASSIGNED, worker=worker, time=_hour(visit.starts_at))


def tell_of_end(session: Session, order: CareOrder) -> None:
    """Both sides hear that nobody comes."""
    _tell(session, order, News.CANCELLED)
    _tell(session, order, News.PROVIDER_CANCELLED)


def _tell(session: Session, order: CareOrder, news: News, **facts: str) -> None:
    now = clock.now()
    ask_for_messages(
        session,
        [
            Asked(
                phone=row.phone,
                language=row.language,
                channel=Channel.SMS,
                kind=f"care_order.{news.value}",
                subject=f"care_order:{order.id}",
                facts={"time": _hour(order.starts_at)} | facts,
                due_at=now,
                expires_at=now + OF_USE,
            )
            for row in _phones(session, order, news)
        ],
    )


def _hour(at: datetime) -> str:
    return f"{at.astimezone(clock.CITY):%m-%d %H:%M}"


def _phones(session: Session, order: CareOrder, news: News) -> Sequence[Row[tuple[str, str]]]:
    whose = {"resident": order.resident_id, "site": order.site_id, "today": clock.today()}
    is_for_provider = news in (News.PROVIDER_PLACED, News.PROVIDER_CANCELLED)
    query = PHONES[Told.PROVIDER] if is_for_provider else PHONES[Told.RESIDENT]
    with reaching_everywhere(session):
        return session.connection().execute(query, whose).all()
