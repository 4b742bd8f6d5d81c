"""Returns of several facilities at once, from the system of whoever runs them, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.errors import DomainError
from server.facilities.errors import DayOutOfReach, FiguresDoNotAddUp
from server.facilities.models import BedKind
from server.facilities.returns import rules
from server.facilities.returns.filing import Return, correct_days, put_returns
from server.facilities.returns.models import ApiKeySite, ReturnSource
from server.facilities.returns.rules import Figures
from server.providers.models import Provider, Site


class Told(StrEnum):
    """What became of a row; only `new` and `corrected` changed anything."""

    NEW = "new"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    NOT_YOURS = "not_yours"
    DOES_NOT_ADD_UP = "figures_do_not_add_up"
    DAY_OUT_OF_REACH = "day_out_of_reach"
    REPEATED = "repeated"


REFUSED: Mapping[type[DomainError], Told] = {
    FiguresDoNotAddUp: Told.DOES_NOT_ADD_UP,
    DayOutOfReach: Told.DAY_OUT_OF_REACH,
}


@dataclass(frozen=True)
class SentReturn:
    """A row as it was sent; the facility by our number, or by its key in the list it came from."""

    kind: BedKind
    day: date
    figures: Figures
    site_id: int | None = None
    source_key: str | None = None


def file_batch(
    session: Session, rows: Sequence[SentReturn], *, api_key_id: int, purpose: str
) -> list[Told]:
    """File what may be filed and say of each row, in its order, what became of it.

    The key files for its facilities alone; one it was not given, and one that is not there, are
    told in the same word. Of two rows of one facility, kind and day the first counts. Sent
    again, a batch changes nothing.
    """
    sites = _sites_of(session, api_key_id)
    days = correct_days(session)
    told: list[Told] = []
    filed: dict[tuple[int, str, date], int] = {}
    returns: list[Return] = []
    for place, row in enumerate(rows):
        one, said = _checked(row, sites, correct=days, purpose=purpose)
        if one is not None and one.key in filed:
            said = Told.REPEATED
        elif one is not None:
            filed[one.key] = place
            returns.append(one)
        told.append(said)
    outcomes = put_returns(session, returns, source=ReturnSource.API)
    for key, place in filed.items():
        told[place] = Told(outcomes[key].value)
    return told


def give_sites(session: Session, api_key_id: int, site_ids: Sequence[int]) -> int:
    """Let the holder of a key file for these facilities too; returns how many that are new."""
    rows = [{"api_key_id": api_key_id, "site_id": site_id} for site_id in sorted(set(site_ids))]
    if not rows:
        return 0
    table = table_of(ApiKeySite)
    given = upsert(table).values(rows).on_conflict_do_nothing()
    return len(session.execute(given.returning(table.c.site_id)).all())


def find_site_ids(
    session: Session, *, site_ids: Sequence[int] = (), provider_uscc: str | None = None
) -> Sequence[int]:
    """Return which of these facilities there are, and those of a provider by its 信用代码."""
    of_the_provider = select(col(Provider.id)).where(col(Provider.uscc) == provider_uscc)
    query = select(col(Site.id)).where(
        or_(col(Site.id).in_(site_ids), col(Site.provider_id).in_(of_the_provider))
    )
    return session.execute(query.order_by(col(Site.id))).scalars().all()


def _checked(
    row: SentReturn, sites: Mapping[Any, int], *, correct: int, purpose: str
) -> tuple[Return | None, Told]:
    site_id = sites.get(row.site_id if row.site_id is not None else row.source_key)
    if site_id is None:
        return None, Told.NOT_YOURS
    try:
        rules.check_figures(row.figures)
        rules.check_day(row.day, today=clock.today(), correct_days=correct, reason=purpose)
    except (FiguresDoNotAddUp, DayOutOfReach) as refusal:
        return None, REFUSED[type(refusal)]
    return Return(site_id, row.kind, row.day, row.figures), Told.NEW


def _sites_of(session: Session, api_key_id: int) -> Mapping[Any, int]:
    """The facilities of a key, by number and by their key in the list they came from."""
    query: Any = (
        select(col(Site.id), col(Site.source_key))
        .join(ApiKeySite, col(ApiKeySite.site_id) == col(Site.id))
        .where(col(ApiKeySite.api_key_id) == api_key_id)
        .order_by(col(Site.id))
    )
    rows = session.execute(query).all()
    by_name = {row.source_key: row.id for row in rows if row.source_key is not None}
    return by_name | {row.id: row.id for row in rows}
