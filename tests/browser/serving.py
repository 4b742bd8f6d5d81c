"""Serves a small demo city of its own, as a process that a browser test starts and ends.

`python -m tests.browser.serving` prints its address when it is ready, and ends with SIGTERM.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import sleep

from sqlalchemy import insert, select
from sqlmodel import Session, col
from werkzeug.serving import make_server

from infra.cities import add_city
from infra.demo.loading import load_demo
from infra.demo.sites import FIRST_CARE_HOME, FIRST_HOME_CARE
from infra.processes import Platform
from infra.wsgi import create_application
from server import clock
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.sessions import in_transaction
from server.facilities.beds import add_rooms
from server.facilities.models import BedKind
from server.facilities.stays.knowing import let_site_know
from server.facilities.waiting.offering import make_offers
from server.identity.models import Account, Role, Staff, StaffPassword, StaffRole
from server.providers.models import Site
from server.residents.models import Resident, ResidentGrant
from tests.factories.homecare import make_home_bed, make_plan, make_visit, make_wish

CITY = "1405"
RESIDENTS = 200
PLATFORM = Act(Face.COMMAND, "tests.serving", "tests", service=True)
READY = "ready at "
# Beyond the numbers of the demo: screens name it in their address.
OWN_VISIT = 900_001
NEIGHBOUR, NEIGHBOURS_HOME = "neighbour", "demo:facility:02"
OFFER_NOW = "offer-now"
CARED_FOR = "+8619900000003"


@contextmanager
def demo_city() -> Iterator[None]:
    """The embedded server with a city of 200 residents, two weeks of menus and all offices."""
    platform = Platform(CITY, say=lambda sentence: None)
    try:
        platform.wire()
        key = platform.settings.context_key.get_secret_value()
        add_city(CITY, owner=platform.owner(), context_key=key)
        with in_city(CITY):
            load_demo(residents=RESIDENTS)
            _put_up_a_room()
            _hire_a_neighbour()
            _send_a_care_worker()
        Thread(target=_offer_beds, daemon=True).start()
        yield
    finally:
        platform.close()


@in_transaction
def _put_up(*, session: Session) -> None:
    home = select(col(Site.id)).where(col(Site.source_key) == FIRST_CARE_HOME)
    site_id = session.execute(home).scalar_one()
    add_rooms(session, site_id=site_id, floor=1, numbers="199", beds_each=1, kind=BedKind.HOSPICE)


def _put_up_a_room() -> None:
    """One free bed of a kind that nobody of the demo lies in, at the demo's first care home."""
    with acting(PLATFORM):
        _put_up()


@in_transaction
def _hire(*, session: Session) -> None:
    """Somebody for the second care home, with the password of the demo's operator."""
    home = select(col(Site.id)).where(col(Site.source_key) == NEIGHBOURS_HOME)
    operator = select(col(Staff.id)).where(col(Staff.sign_in_name) == "operator")
    known = select(StaffPassword).where(
        col(StaffPassword.staff_id) == session.execute(operator).scalar_one()
    )
    password = session.execute(known).scalar_one()
    values = {"sign_in_name": NEIGHBOUR, "display_name": "邻院", "language": "zh-CN"}
    hired = session.execute(insert(Staff).values(values).returning(col(Staff.id))).scalar_one()
    office = {"staff_id": hired, "role": Role.FACILITY_OPERATOR, "starts_on": clock.today()}
    site_id = session.execute(home).scalar_one()
    session.execute(insert(StaffRole).values(site_id=site_id, **office))
    secret = {"password_hash": password.password_hash, "changed_at": password.changed_at}
    session.execute(insert(StaffPassword).values(staff_id=hired, **secret))


def _hire_a_neighbour() -> None:
    with acting(PLATFORM):
        _hire()


@in_transaction
def _send(*, session: Session) -> None:
    """A bed at home of the couple's first, and a visit of the demo's care worker about now."""
    account = select(col(Account.id)).where(col(Account.phone) == CARED_FOR)
    whose = select(col(ResidentGrant.resident_id)).where(
        col(ResidentGrant.account_id) == session.execute(account).scalar_one()
    )
    resident_id = session.execute(whose.order_by(col(ResidentGrant.resident_id))).scalars().first()
    home = select(Site).where(col(Site.source_key) == FIRST_HOME_CARE)
    site = session.execute(home).scalar_one()
    named = select(Staff).where(col(Staff.sign_in_name) == "careworker")
    worker = session.execute(named).scalar_one()
    let_site_know(session, resident_id, site.id, until=clock.today() + timedelta(days=99))
    bed = make_home_bed(session, session.get(Resident, resident_id), site)
    make_plan(session, bed, worker, state="drafted", weekdays=(1, 2, 3, 4, 5, 6, 7))
    soon = clock.now() - timedelta(minutes=5)
    given = {"id": OWN_VISIT, "services": ["bathing", "turning"]}
    make_wish(session, make_visit(session, bed, worker, starts_at=soon, **given), id=OWN_VISIT)


def _send_a_care_worker() -> None:
    with acting(PLATFORM):
        _send()


def _offer_beds() -> None:
    """What the timetable does every five minutes, whenever a test asks for it by a file."""
    asked = Path(os.environ["YINLING_VAR"]) / OFFER_NOW
    offer = in_transaction(lambda *, session: make_offers(session))
    with in_city(CITY), acting(PLATFORM):
        while True:
            sleep(0.2)
            if asked.exists():
                offer()
                asked.unlink()


def main() -> None:
    """Serve until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with demo_city():
        server = make_server("127.0.0.1", 0, create_application(), threaded=True)
        sys.stdout.write(f"{READY}http://127.0.0.1:{server.port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
