"""A scheduler that writes down, every second, that its one job ran; started as a process.

With `usual` it keeps the pace of service; with `slow` its job is at work for a while.
"""

import os
import sys
import time
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


def tick_slowly(this):
    """Steps that each leave a mark, so that whoever takes the run up is seen beside the first."""
    done = 0
    for _ in range(4):
        done += tick(this)
        time.sleep(0.4)
    return done


TICKING = (Entry("tick", at(second="*"), "To be seen ticking.", tick),)

SLOWLY = (Entry("tick", at(second="*/4"), "To be cut off at work.", tick_slowly),)

if __name__ == "__main__":
    wire(settings())
    if "usual" in sys.argv:
        run(settings(), timetable=TICKING)
        sys.exit()
    pace = Pace(
        lead=timedelta(seconds=0.1), silence=timedelta(seconds=2), look=timedelta(seconds=1)
    )
    run(settings(), timetable=SLOWLY if "slow" in sys.argv else TICKING, pace=pace)
