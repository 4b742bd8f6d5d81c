"""The scheduler's process: delivers messages, and keeps the timetable while it leads.

Several may run; all deliver, one leads, and another leads within seconds when it is gone.
"""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from types import FrameType

import psycopg
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.delivery import deliver_until
from scheduler.gateways import gateway_for, mailer_for
from scheduler.leadership import Leadership
from scheduler.nudges import Nudges
from scheduler.push import pushes_for
from scheduler.runs import Entry, run_due_slots
from scheduler.sending import Others
from scheduler.timetable import TIMETABLE
from scheduler.watching import Watch
from server.clock import CITY
from server.settings import Settings

JOBS_AT_ONCE = 4
LAST_SENDINGS_S = 0.7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often the lead is proven or asked for, the silence that costs it, and how often missed
    slots are looked for.
    """

    lead: timedelta = timedelta(seconds=0.5)
    silence: timedelta = timedelta(seconds=10)
    look: timedelta = timedelta(seconds=10)


def run(settings: Settings, *, timetable: Sequence[Entry] = TIMETABLE, pace: Pace = Pace()) -> None:
    """Work until SIGTERM or SIGINT; the process must be wired before.

    Ends within a second: sendings on their way are waited for briefly, jobs are put down between
    two steps, and what is left over is taken up by whoever comes next.
    """
    stop = Event()
    with _stopping_on_signals(stop):
        delivery = _start_delivery(settings, stop)
        _keep_timetable(settings, timetable, pace, stop)
        delivery.join(LAST_SENDINGS_S)


def _start_delivery(settings: Settings, stop: Event) -> Thread:
    nudges = Nudges(_url(settings), settings.city, stop)
    delivery = Thread(
        target=deliver_until,
        args=(stop,),
        kwargs={
            "city_code": settings.city,
            "gateway": gateway_for(settings),
            "nudges": nudges,
            "others": _others(settings),
        },
        name="delivery",
        daemon=True,
    )
    delivery.start()
    return delivery


def _others(settings: Settings) -> Others:
    link = f"{settings.origin}/app/messages" if settings.origin else None
    return Others(pushes=pushes_for(settings), mailer=mailer_for(settings), link=link)


def _keep_timetable(
    settings: Settings, timetable: Sequence[Entry], pace: Pace, stop: Event
) -> None:
    leadership = Leadership(_url(settings), settings.city, silence=pace.silence)
    while not stop.is_set():
        try:
            if leadership.try_take():
                _lead(leadership, timetable, settings.city, pace, stop)
        except psycopg.OperationalError:
            log.warning("the database does not answer", extra={"city": settings.city})
            leadership.give_up()
        stop.wait(pace.lead.total_seconds())
    leadership.give_up()


def _lead(
    leadership: Leadership, timetable: Sequence[Entry], city: str, pace: Pace, stop: Event
) -> None:
    """Run the timetable until the lead is lost or the process ends."""
    log.info("leads the timetable", extra={"city": city})
    ending = Event()
    watch = Watch(timetable, city, ending)
    clockwork = _clockwork(timetable, city, pace, ending)
    for look in (watch.look, watch.run_wishes):
        clockwork.add_job(look, _every(pace.look), coalesce=True, max_instances=1)
    clockwork.start()
    try:
        while not stop.is_set() and leadership.is_held():
            stop.wait(pace.lead.total_seconds())
    finally:
        ending.set()
        clockwork.shutdown(wait=False)
        log.info("leads no longer", extra={"city": city})


def _clockwork(
    timetable: Sequence[Entry], city: str, pace: Pace, ending: Event
) -> BackgroundScheduler:
    """Return an APScheduler that tries each entry at its slots, and in between for missed ones."""
    clockwork = BackgroundScheduler(
        timezone=CITY, executors={"default": ThreadPoolExecutor(JOBS_AT_ONCE)}
    )
    look = _every(pace.look)
    for entry in timetable:
        clockwork.add_job(
            run_due_slots,
            OrTrigger([entry.when, look]),
            args=[entry, city, ending],
            id=entry.job,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
    return clockwork


def _every(pause: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=pause.total_seconds(), timezone=CITY, start_date="2026-01-01")


def _url(settings: Settings) -> str:
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is missing")
    return settings.database_url.get_secret_value()


@contextmanager
def _stopping_on_signals(stop: Event) -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
