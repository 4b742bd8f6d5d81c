"""Care homes with beds."""

from datetime import date
from itertools import count

from sqlalchemy import select

from server import clock
from server.facilities.beds import add_rooms
from server.facilities.models import Bed, BedKind
from tests.factories.meals import make_site

_numbers = count(201)


def make_beds(session, number=2, *, site=None, kind=BedKind.INSTITUTION, **given):
    """Return so many ready beds of one room; the facility is the first one's `site_id`."""
    site = site or make_site(session)
    if kind in (BedKind.HOME_CARE, BedKind.HOME_SICKBED):
        return [_at_home(session, site, kind) for _ in range(number)]
    room = str(next(_numbers))
    values = {"floor": 2, "kind": kind, "opened_on": date(2020, 1, 1)} | given
    add_rooms(session, site_id=site.id, numbers=room, beds_each=number, **values)
    beds = select(Bed).where(Bed.label.startswith(f"{room}-"), Bed.site_id == site.id)
    return list(session.execute(beds.order_by(Bed.id)).scalars())


def make_bed(session, **given):
    [bed] = make_beds(session, 1, **given)
    return bed


def _at_home(session, site, kind):
    bed = Bed(
        site_id=site.id,
        kind=kind,
        label=f"H{next(_numbers)}",
        opened_on=date(2020, 1, 1),
        recorded_at=clock.now(),
    )
    session.add(bed)
    session.flush()
    return bed
