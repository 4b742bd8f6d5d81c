"""A scheduler that writes down, every second, that its one job ran; started as a process."""

import os
from datetime import timedelta

from sqlalchemy import text

from infra.wiring import wire
from scheduler.main import Pace, run
from scheduler.runs import Entry
from scheduler.timetable import at
from server.settings import settings


def tick(this):
    with this.step() as session:
        fired = text("INSERT INTO public.fired (slot, pid) VALUES (:slot, :pid)")
        session.execute(fired, {"slot": this.slot, "pid": os.getpid()})
    return 1


TICKING = (Entry("tick", at(second="*"), "To be seen ticking.", tick),)

if __name__ == "__main__":
    wire(settings())
    pace = Pace(
        lead=timedelta(seconds=0.1), silence=timedelta(seconds=2), look=timedelta(seconds=1)
    )
    run(settings(), timetable=TICKING, pace=pace)
