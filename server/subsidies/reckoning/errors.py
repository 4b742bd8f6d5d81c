"""How reckoning refuses."""

from server.errors import DomainError, Kind


class FigureOfAnotherKind(DomainError):
    """A programme asks a fact for something it can never be; nothing is reckoned by it."""

    code = "figure-of-another-kind"
    kind = Kind.INVALID


class NoFigureThere(DomainError):
    """A changed figure names a place its programme has not, or a value that cannot stand there."""

    code = "no-figure-there"
    kind = Kind.INVALID


class NoVersionThen(DomainError):
    """No version of the programme is in force on the first day of the run."""

    code = "no-version-then"
    kind = Kind.CONFLICT


class ProgrammeIsOff(DomainError):
    """The programme is named by its city, and its figures are not published."""

    code = "programme-is-off"
    kind = Kind.CONFLICT


class RunHasCorrections(DomainError):
    """Difference runs stand on this one: they are let go before it is."""

    code = "run-has-corrections"
    kind = Kind.CONFLICT


class SourceUnknown(DomainError):
    """The database has nothing that gives the facts of this source."""

    code = "source-unknown"
    kind = Kind.CONFLICT


class RunOverlaps(DomainError):
    """A run of the same programme over some of these months and divisions is there already."""

    code = "run-overlaps"
    kind = Kind.CONFLICT


class RunNotSo(DomainError):
    """The run is not at a stage at which this can be done."""

    code = "run-not-so"
    kind = Kind.CONFLICT


class PaidMeanwhile(DomainError):
    """Another run keeps paying the same people of the same family while this one is reckoned."""

    code = "paid-meanwhile"
    kind = Kind.CONFLICT


class VersionChanges(DomainError):
    """Another version follows within the months of the run; it is split there. `day` is when."""

    code = "version-changes"
    kind = Kind.CONFLICT


class PeriodNotOver(DomainError):
    """The months of the run are not over; what was counted by then would be frozen."""

    code = "period-not-over"
    kind = Kind.CONFLICT


class RunsNotAlike(DomainError):
    """Two runs can be held side by side where both are reckoned from the same frozen cases."""

    code = "runs-not-alike"
    kind = Kind.CONFLICT


class NotRecomputable(DomainError):
    """The run has no digests yet, or its lines are differences between other lines."""

    code = "not-recomputable"
    kind = Kind.CONFLICT


class TooManyLines(DomainError):
    """A file takes so many lines at most; filters make it smaller."""

    code = "too-many-lines"
    kind = Kind.CONFLICT
