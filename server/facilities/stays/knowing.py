"""Who may take somebody in, and from when to when the facility knows the person."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.facilities.errors import FacilityNotOpen
from server.facilities.models import Stay
from server.providers.models import OpeningState, Site
from server.residents.models import CareLink

# The last bill, the deposit and questions of the family come after the last day.
KNOWN_AFTERWARDS = timedelta(days=90)
STILL_HERE = date(2169, 12, 31)


def check_open(session: Session, site_id: int) -> None:
    """Raise `FacilityNotOpen` unless the facility takes people in; `NotFound` where none is.

    The facility cannot close before the end of the transaction.
    """
    state = session.execute(
        select(col(Site.opening_state)).where(col(Site.id) == site_id).with_for_update(read=True)
    ).scalar_one_or_none()
    if state is None:
        raise NotFound()
    if state is not OpeningState.OPEN:
        raise FacilityNotOpen()


def let_know(session: Session, stay: Stay, *, until: date = STILL_HERE) -> None:
    """Let the facility see who the person is until a day; what it may see longer stays."""
    let_site_know(session, stay.resident_id, stay.site_id, until=until)


def let_site_know(session: Session, resident_id: int, site_id: int, *, until: date) -> None:
    """As `let_know`, before there is a stay: for whoever is asked to take somebody in."""
    link = upsert(table_of(CareLink)).values(
        resident_id=resident_id,
        site_id=site_id,
        starts_on=clock.today(),
        ends_on=until,
    )
    with reaching_everywhere(session):
        session.execute(
            link.on_conflict_do_update(
                index_elements=["resident_id", "site_id"],
                set_={"ends_on": func.greatest(col(CareLink.ends_on), link.excluded.ends_on)},
            )
        )


def know_no_longer(session: Session, stay: Stay, *, ended_on: date) -> None:
    """Let the facility forget the person some time after the last day."""
    table = table_of(CareLink)
    until = max(ended_on + KNOWN_AFTERWARDS, clock.today() + timedelta(days=1))
    with reaching_everywhere(session):
        session.execute(
            table.update()
            .where(table.c.resident_id == stay.resident_id, table.c.site_id == stay.site_id)
            .values(ends_on=func.greatest(until, table.c.starts_on + 1))
        )
