"""Serves a small demo city of its own, as a process that a browser test starts and ends.

`python -m tests.browser.serving` prints its address when it is ready, and ends with SIGTERM.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep

from sqlalchemy import Engine, text
from sqlmodel import Session
from werkzeug.serving import make_server

from infra.bench.serving import free_port
from infra.cities import add_city, count_anew
from infra.demo.loading import load_demo
from infra.processes import Platform
from infra.wsgi import create_application
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.sessions import in_transaction
from server.facilities.waiting.offering import make_offers
from server.subsidies.approvals.approving import approve_next, list_approving
from server.subsidies.notices.publishing import end_notice, list_ended
from tests.browser.caregiving import read_the_timetable, remind_of_a_certificate
from tests.browser.furnishing import furnish

CITY = "1405"
RESIDENTS = 200
PLATFORM = Act(Face.COMMAND, "tests.serving", "tests", service=True)
READY = "ready at "
# What a test asks for by a file of that name, and waits until the file is gone.
OFFER_NOW = "offer-now"
DAYS_PASS = "notices-are-over"
APPROVALS_GO_ON = "approvals-go-on"
SUBSIDY_NOTICES_END = "subsidy-notices-end"
CERTIFICATE_ENDS = "a-certificate-ends"
TIMETABLE_READ = "the-timetable-is-read-out"


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
            with acting(PLATFORM):
                furnish()
        count_anew(platform.owner())
        Thread(target=_listen, args=(platform.owner(),), daemon=True).start()
        yield
    finally:
        platform.close()


def _listen(owner: Engine) -> None:
    """Do what a test asks for by a file."""
    folder = Path(os.environ["YINLING_VAR"])
    deeds: dict[str, Callable[[], object]] = {
        OFFER_NOW: in_transaction(lambda *, session: make_offers(session)),
        DAYS_PASS: lambda: _let_notices_end(owner),
        APPROVALS_GO_ON: in_transaction(_approve),
        SUBSIDY_NOTICES_END: lambda: _let_subsidy_notices_end(owner),
        CERTIFICATE_ENDS: in_transaction(remind_of_a_certificate),
        TIMETABLE_READ: in_transaction(read_the_timetable),
    }
    with in_city(CITY), acting(PLATFORM):
        while True:
            sleep(0.2)
            for name in deeds:
                if (folder / name).exists():
                    deeds[name]()
                    (folder / name).unlink()


def _let_notices_end(owner: Engine) -> None:
    """Every notice began ten days earlier, as if they had passed; nobody's office may do that."""
    with owner.begin() as connection:
        for statement in (
            f"SET LOCAL search_path TO city_{CITY}",
            "ALTER TABLE home_bed_notice DISABLE TRIGGER trail",
            "UPDATE home_bed_notice SET starts_on = starts_on - 10, ends_on = ends_on - 10",
            "ALTER TABLE home_bed_notice ENABLE TRIGGER trail",
        ):
            connection.execute(text(statement))


def _approve(*, session: Session) -> None:
    """The timetable carries on every approval that was pressed."""
    for review_id in list_approving(session):
        while approve_next(session, review_id):
            pass


def _let_subsidy_notices_end(owner: Engine) -> None:
    """Notices of subsidies began ten days earlier, and the timetable ends what is over; the one
    that the elder with the phone looks at stays on show."""
    with owner.begin() as connection:
        for statement in (
            f"SET LOCAL search_path TO city_{CITY}",
            "ALTER TABLE subsidy_notice DISABLE TRIGGER USER",
            "UPDATE subsidy_notice SET starts_on = starts_on - 10, ends_on = ends_on - 10"
            " WHERE run_id NOT IN (SELECT id FROM subsidy_run WHERE programme = 'own_grant')",
            "ALTER TABLE subsidy_notice ENABLE TRIGGER USER",
        ):
            connection.execute(text(statement))
    in_transaction(_end_notices)()


def _end_notices(*, session: Session) -> None:
    for notice_id in list_ended(session):
        end_notice(session, notice_id)


def main() -> None:
    """Serve until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Known before anything is wired: payments by phone are told where they come back to.
    port = os.environ["YINLING_PORT"] = str(free_port())
    with demo_city():
        server = make_server("127.0.0.1", int(port), create_application(), threaded=True)
        sys.stdout.write(f"{READY}http://127.0.0.1:{server.port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
