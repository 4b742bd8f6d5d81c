"""In which order to go from place to place: the shortest way, found by VROOM (through `pyvroom`).

Place 0 is where every run begins. How long each way takes is the caller's table, in whole units
of time that the caller knows; what a run becomes on the clock the caller reckons from its order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
import vroom
from numpy.typing import NDArray

Table = NDArray[numpy.uint32]
Window = tuple[int, int]

PROFILE = "car"
THOROUGHLY = 5


@dataclass(frozen=True)
class Job:
    """What is done at a place of the table, how long it takes, and when it may begin."""

    place: int
    takes: int = 0
    windows: Sequence[Window] = ()


def shortest_runs(
    table: Table, jobs: Sequence[Job], *, runs: int = 1, most: int | None = None, back: bool = True
) -> Sequence[Sequence[Job]] | None:
    """Return the jobs of each run in their order; None where one of them cannot be done.

    All runs begin at place 0, and end there unless they need not come `back`. With `most` none has
    more jobs than that.
    """
    problem = vroom.Input()
    problem.set_durations_matrix(PROFILE, table)
    problem.add_vehicle([_run(number, most, back) for number in range(1, runs + 1)])
    problem.add_job([_job(number, job, most) for number, job in enumerate(jobs, start=1)])
    solution = problem.solve(exploration_level=THOROUGHLY, nb_threads=1)
    if solution.summary.unassigned:
        return None
    steps = solution.routes
    done = steps[steps["type"] == "job"]
    return [
        [jobs[int(number) - 1] for number in done[done["vehicle_id"] == run]["id"]]
        for run in range(1, runs + 1)
    ]


def _run(number: int, most: int | None, back: bool) -> vroom.Vehicle:
    room = [] if most is None else [most]
    end = 0 if back else None
    return vroom.Vehicle(number, start=0, end=end, profile=PROFILE, capacity=room)


def _job(number: int, job: Job, most: int | None) -> vroom.Job:
    windows = [vroom.TimeWindow(first, last) for first, last in job.windows]
    carried = [] if most is None else [1]
    return vroom.Job(
        number,
        location=job.place,
        default_service=job.takes,
        delivery=carried,
        **({"time_windows": windows} if windows else {}),
    )
