"""公告: what the people whom an account acts for are told, and which of it the account has read.

Each account has its own marks: what a daughter has read her mother may not have seen.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    Text,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.errors import NotFound
from server.meals.days.models import CanteenClosure
from server.meals.models import Canteen
from server.meals.voices.models import MealNotice, MealNoticeRead, ToldKind
from server.providers.models import Site
from server.residents.models import CareLink

MOST_TOLD = 50
COLUMNS = {ToldKind.NOTICE: "notice_id", ToldKind.CLOSURE: "closure_id"}


def list_told(
    session: Session, account_id: int, resident_ids: Sequence[int], *, today: date
) -> Sequence[Row[Any]]:
    """Return what is told today to eaters of the canteens that know these people, in one statement.

    Announcements of the canteens and their counties, and days from today on that one is closed; the
    latest first, each with `is_read`. What was taken back is not told.
    """
    canteens = _canteens(resident_ids, today)
    told = union_all(_notices(account_id, canteens, today), _closures(account_id, canteens, today))
    rows = told.subquery("told")
    in_order = select(*rows.c).order_by(rows.c.told_at.desc(), rows.c.kind, rows.c.id.desc())
    return session.execute(in_order.limit(MOST_TOLD)).all()


def note_read(session: Session, account_id: int, kind: ToldKind, told_id: int) -> None:
    """Note that the account has opened it; twice is as good as once. Raises `NotFound`."""
    told = table_of(MealNotice if kind is ToldKind.NOTICE else CanteenClosure)
    if session.execute(select(told.c.id).where(told.c.id == told_id)).first() is None:
        raise NotFound()
    mark = {"account_id": account_id, COLUMNS[kind]: told_id, "read_at": clock.now()}
    new = upsert(table_of(MealNoticeRead)).values(mark)
    session.execute(new.on_conflict_do_nothing())


def is_read(account_id: int | None, kind: ToldKind, told: Any) -> Any:
    """Return the condition that the account has read a row of what is told."""
    mark = table_of(MealNoticeRead)
    of_it = mark.c[COLUMNS[kind]] == told.c.id
    return exists().where(mark.c.account_id == account_id, of_it).label("is_read")


def _canteens(resident_ids: Sequence[int], today: date) -> Any:
    """The canteens that any of them has to do with."""
    known = select(col(CareLink.site_id)).where(
        col(CareLink.resident_id).in_(resident_ids),
        col(CareLink.starts_on) <= today,
        col(CareLink.ends_on) > today,
    )
    return (
        select(col(Site.id), col(Site.name), col(Site.division_code))
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .where(col(Site.id).in_(known))
        .cte("canteens")
    )


def _notices(account_id: int, canteens: Any, today: date) -> Select[Any]:
    notice = table_of(MealNotice)
    here = or_(
        notice.c.site_id == canteens.c.id,
        canteens.c.division_code.startswith(notice.c.division_code),
    )
    return (
        select(
            literal(ToldKind.NOTICE.value).label("kind"),
            notice.c.id,
            select(col(Site.name)).where(col(Site.id) == notice.c.site_id)
            .scalar_subquery().label("canteen_name"),
            notice.c.title,
            notice.c.words,
            notice.c.starts_on,
            notice.c.ends_on,
            cast(null(), Text).label("meal"),
            notice.c.made_at.label("told_at"),
            is_read(account_id, ToldKind.NOTICE, notice),
        )
        .where(
            notice.c.starts_on <= today,
            notice.c.ends_on >= today,
            notice.c.withdrawn_at.is_(None),
            exists().where(here),
        )
    )  # fmt: skip


def _closures(account_id: int, canteens: Any, today: date) -> Select[Any]:
    closure = table_of(CanteenClosure)
    return (
        select(
            literal(ToldKind.CLOSURE.value).label("kind"),
            closure.c.id,
            canteens.c.name.label("canteen_name"),
            cast(literal(""), Text).label("title"),
            closure.c.reason.label("words"),
            closure.c.service_on.label("starts_on"),
            closure.c.service_on.label("ends_on"),
            cast(closure.c.meal, Text).label("meal"),
            closure.c.closed_at.label("told_at"),
            is_read(account_id, ToldKind.CLOSURE, closure),
        )
        .join(canteens, canteens.c.id == closure.c.canteen_id)
        .where(closure.c.service_on >= today, closure.c.reopened_at.is_(None))
    )
