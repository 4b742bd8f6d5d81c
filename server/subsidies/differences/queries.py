"""What waits to be put right: case by case, and summed for each run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, cast, func, select, true
from sqlmodel import Session, col

from server.caregivers.models import Caregiver
from server.db.tables import table_of
from server.policies.programmes.models import PolicyVersion
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.differences.models import DifferenceKind, SubsidyDifference
from server.subsidies.models import SubsidyRun

WAITS, RUN = table_of(SubsidyDifference), table_of(SubsidyRun)
MOST = 500
MOST_EXPORTED = 100_000
EVERYWHERE = true()

Scope = ColumnElement[bool]


@dataclass(frozen=True)
class Wanted:
    """Which cases are asked for; `after` is the number behind which a page begins."""

    programme: str | None = None
    kind: DifferenceKind | None = None
    month: date | None = None
    run_id: int | None = None
    after: int = 0


def list_waiting(
    session: Session, wanted: Wanted, within: Scope = EVERYWHERE, *, most: int = MOST
) -> Sequence[Row[Any]]:
    """Return cases, as they were found, with the names of whom and where they are about."""
    content = table_of(PolicyVersion).c.content
    asked = (
        select(
            WAITS, RUN.c.programme, content["name"]["zh"].astext.label("name_zh"),
            content["name"]["en"].astext.label("name_en"), col(Site.name).label("site_name"),
            func.coalesce(col(Resident.name), col(Caregiver.name)).label("person_name"),
        )
        .join_from(WAITS, RUN, RUN.c.id == WAITS.c.of_run_id)
        .join(PolicyVersion, col(PolicyVersion.id) == RUN.c.version_id)
        .join(Site, col(Site.id) == WAITS.c.site_id)
        .outerjoin(Resident, col(Resident.id) == WAITS.c.resident_id)
        .outerjoin(Caregiver, col(Caregiver.id) == WAITS.c.caregiver_id)
        .where(within, WAITS.c.id > wanted.after, *_conditions(wanted))
        .order_by(WAITS.c.id)
        .limit(most)
    )  # fmt: skip
    return session.execute(asked).all()


def sum_by_run(session: Session, wanted: Wanted, within: Scope = EVERYWHERE) -> Sequence[Row[Any]]:
    """Return for each run how many cases wait, what is to be paid and what asked back."""
    more = WAITS.c.now_fen - WAITS.c.before_fen
    content = table_of(PolicyVersion).c.content
    asked = (
        select(
            RUN.c.id, RUN.c.programme, RUN.c.first_month, RUN.c.months, RUN.c.division_code,
            content["name"]["zh"].astext.label("name_zh"),
            content["name"]["en"].astext.label("name_en"), func.count().label("cases"),
            _sum(more, more > 0).label("arrears_fen"), _sum(-more, more < 0).label("back_fen"),
            func.max(WAITS.c.found_at).label("found_at"),
        )
        .join_from(WAITS, RUN, RUN.c.id == WAITS.c.of_run_id)
        .join(PolicyVersion, col(PolicyVersion.id) == RUN.c.version_id)
        .join(Site, col(Site.id) == WAITS.c.site_id)
        .where(within, *_conditions(wanted))
        .group_by(RUN.c.id, col(PolicyVersion.id))
        .order_by(RUN.c.first_month, RUN.c.id)
    )  # fmt: skip
    return session.execute(asked).all()


def _sum(fen: ColumnElement[int], only: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(fen).filter(only), 0), BigInteger)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = {
        RUN.c.programme: wanted.programme, WAITS.c.kind: wanted.kind,
        WAITS.c.month: wanted.month, WAITS.c.of_run_id: wanted.run_id,
    }  # fmt: skip
    return [column == value for column, value in asked.items() if value is not None]
