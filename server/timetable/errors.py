"""How the record of timed work refuses."""

from server.errors import DomainError, Kind


class RunTakenOver(RuntimeError):
    """This run was silent for so long that another runner has it now: do nothing more."""


class JobUnknown(DomainError):
    """The timetable that is kept has no such job."""

    code = "job-unknown"
    kind = Kind.NOT_FOUND


class RunWantedAlready(DomainError):
    """Somebody wants this job run already, and it has not begun."""

    code = "run-wanted-already"
    kind = Kind.CONFLICT
