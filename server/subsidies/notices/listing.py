"""What a notice shows everybody: masked names, place, month, and the amount where allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Row, Select, and_, cast, false, func, or_, select
from sqlmodel import Session

from server import masking
from server.caregivers.models import Caregiver
from server.db.tables import table_of
from server.errors import NotFound
from server.places.models import Division
from server.policies.programmes.models import PolicyVersion
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.approvals.models import SubsidyHeldLine
from server.subsidies.models import SubsidyLine, SubsidyRun
from server.subsidies.notices.errors import NoticeTooLong
from server.subsidies.notices.models import SubsidyNotice, SubsidyObjection

PAGE = 200
MOST_ON_PAPER = 3000
LINE, HELD, NOTICE, RUN, VERSION, SITE, ELDER, CARER, PLACE, OBJECTION = (
    table_of(model)
    for model in (
        SubsidyLine, SubsidyHeldLine, SubsidyNotice, SubsidyRun, PolicyVersion, Site, Resident,
        Caregiver, Division, SubsidyObjection,
    )
)  # fmt: skip
Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Shown:
    """A row of a notice. `number` is that of its first line."""

    number: int
    name: str
    place: str
    month: str
    amount_fen: int | None


def get_notice(session: Session, code: str) -> Row[Any]:
    """Return a notice for everybody with its programme, run and counts; raises `NotFound`."""
    row = session.execute(_notices().where(NOTICE.c.code == code)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def get_notice_in_reach(session: Session, notice_id: int, prefixes: Sequence[str]) -> Row[Any]:
    """Return the same for an office; raises `NotFound`."""
    query = _notices().where(NOTICE.c.id == notice_id, _within(prefixes))
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_standing(session: Session, run_id: int) -> Row[Any] | None:
    """Return the notice of a run that stands or has ended, None where there is none."""
    query = _notices().where(NOTICE.c.run_id == run_id, NOTICE.c.withdrawn_at.is_(None))
    return session.execute(query).one_or_none()


def list_notices(session: Session, prefixes: Sequence[str], *, stands: bool | None = None) -> Rows:
    """Return notices within the prefixes, those that stand first, with objections counted."""
    query = _notices().where(_within(prefixes))
    over = or_(NOTICE.c.ended_at.is_not(None), NOTICE.c.withdrawn_at.is_not(None))
    if stands is not None:
        query = query.where(~over if stands else over)
    rows: Rows = session.execute(
        query.order_by(over, NOTICE.c.ends_on, NOTICE.c.id.desc()).limit(2000)
    ).all()
    return rows


def list_rows(
    session: Session, notice: Row[Any], *, county: str = "", after: int = 0, limit: int = PAGE
) -> list[Shown]:
    """Return rows of a notice, by the number of their line; lines held out do not stand there."""
    query = _rows(notice.run_id, county).where(LINE.c.number > after).order_by(LINE.c.number)
    found = session.execute(query.limit(limit))
    return [_shown(row, with_amount=notice.shows_amounts) for row in found]


def list_for_paper(session: Session, notice: Row[Any], *, county: str = "") -> list[Shown]:
    """Return all rows, as they are printed; raises `NoticeTooLong`."""
    rows = list_rows(session, notice, county=county, limit=MOST_ON_PAPER + 1)
    if len(rows) > MOST_ON_PAPER:
        raise NoticeTooLong(most=MOST_ON_PAPER)
    return rows


def list_counties(session: Session, run_id: int) -> Rows:
    """Return (code, name, lines, total_fen) of a notice by county."""
    code = func.left(_village(), 6)
    query = (
        select(
            code.label("code"), PLACE.c.name, func.count().label("lines"),
            cast(func.coalesce(func.sum(LINE.c.amount_fen), 0), BigInteger).label("total_fen"),
        )
        .select_from(_joined().outerjoin(PLACE, PLACE.c.code == code))
        .where(*_published(run_id))
        .group_by(code, PLACE.c.name)
        .order_by(code)
    )  # fmt: skip
    rows: Rows = session.execute(query).all()
    return rows


def list_objections(session: Session, notice_id: int) -> Rows:
    """Return the objections to a notice, those that wait first."""
    query = select(*OBJECTION.c).where(OBJECTION.c.notice_id == notice_id)
    order = (OBJECTION.c.answered_at.is_not(None), OBJECTION.c.due_on, OBJECTION.c.id)
    rows: Rows = session.execute(query.order_by(*order)).all()
    return rows


def _within(prefixes: Sequence[str]) -> Any:
    code = RUN.c.division_code
    return or_(false(), *(code.startswith(one, autoescape=True) for one in prefixes))


def _notices() -> Select[Any]:
    of_it = OBJECTION.c.notice_id == NOTICE.c.id
    objections = select(func.count()).where(of_it).scalar_subquery()
    waiting = select(func.count()).where(of_it, OBJECTION.c.answered_at.is_(None))
    return (
        select(
            *NOTICE.c,
            RUN.c.programme, RUN.c.first_month, RUN.c.months, RUN.c.division_code, RUN.c.kind,
            RUN.c.lines, RUN.c.total_fen, RUN.c.stage, PLACE.c.name.label("division_name"),
            VERSION.c.content["name"].label("programme_name"),
            VERSION.c.content["documents"].label("documents"),
            VERSION.c.content["notice"].label("terms"),
            VERSION.c.content["beneficiary"].astext.label("beneficiary"),
            objections.label("objections"),
            waiting.scalar_subquery().label("waiting"),
        )
        .join(RUN, RUN.c.id == NOTICE.c.run_id)
        .join(VERSION, VERSION.c.id == RUN.c.version_id)
        .outerjoin(PLACE, PLACE.c.code == RUN.c.division_code)
    )  # fmt: skip


def _joined() -> Any:
    held = and_(
        HELD.c.run_id == LINE.c.run_id, HELD.c.number == LINE.c.number,
        HELD.c.put_back_at.is_(None),
    )  # fmt: skip
    return (
        LINE.join(SITE, SITE.c.id == LINE.c.site_id)
        .outerjoin(ELDER, ELDER.c.id == LINE.c.resident_id)
        .outerjoin(CARER, CARER.c.id == LINE.c.caregiver_id)
        .outerjoin(HELD, held)
    )


def _village() -> Any:
    """Elders stand under the village they live in; sites and caregivers under the site's place."""
    return func.coalesce(ELDER.c.village_code, SITE.c.division_code)


def _published(run_id: int) -> list[Any]:
    """What is taken back is not published: it is told to whom it concerns alone."""
    return [
        LINE.c.run_id == run_id, LINE.c.outcome == "due", LINE.c.amount_fen > 0,
        HELD.c.id.is_(None),
    ]  # fmt: skip


def _rows(run_id: int, county: str) -> Select[Any]:
    query = (
        select(
            LINE.c.number, LINE.c.month, LINE.c.amount_fen, LINE.c.resident_id,
            LINE.c.caregiver_id, ELDER.c.name.label("elder"), CARER.c.name.label("carer"),
            SITE.c.name.label("site"), PLACE.c.name.label("village"),
        )
        .select_from(_joined().outerjoin(PLACE, PLACE.c.code == _village()))
        .where(*_published(run_id))
    )  # fmt: skip
    if county:
        query = query.where(_village().startswith(county, autoescape=True))
    return query


def _shown(row: Row[Any], *, with_amount: bool) -> Shown:
    person = row.elder or row.carer
    return Shown(
        number=row.number,
        name=masking.name(person) if person else row.site,
        place=(row.village or "") if row.elder or not row.carer else row.site,
        month=f"{row.month:%Y-%m}",
        amount_fen=row.amount_fen if with_amount else None,
    )
