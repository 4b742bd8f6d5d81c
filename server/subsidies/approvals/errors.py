"""How reviews of runs refuse."""

from server.errors import DomainError, Kind


class RunIsNotSo(DomainError):
    """The run is at a stage at which this cannot be done. `stage` is that one."""

    code = "subsidy-run-not-so"
    kind = Kind.CONFLICT


class NotReviewed(DomainError):
    """A trial is never approved: it is held beside a run, and no more."""

    code = "trial-is-not-approved"
    kind = Kind.CONFLICT


class HadAPart(DomainError):
    """Whoever made a run, or signed it for another office, does not approve it."""

    code = "run-has-your-hand"
    kind = Kind.FORBIDDEN


class SignedAlready(DomainError):
    """This office has said its word already."""

    code = "run-is-signed"
    kind = Kind.CONFLICT


class AnotherOffice(DomainError):
    """The run waits for an office that the actor does not hold."""

    code = "run-of-another-office"
    kind = Kind.FORBIDDEN


class TotalIsOther(DomainError):
    """The control total is not that of the lines that would be approved."""

    code = "control-total-differs"
    kind = Kind.CONFLICT


class LineIsNotSo(DomainError):
    """The line cannot be held out or put back by now, or is held out already."""

    code = "line-not-held"
    kind = Kind.CONFLICT


class FindingsOpen(DomainError):
    """Findings that nobody has settled keep the run from going on. `findings` names them."""

    code = "run-has-open-findings"
    kind = Kind.CONFLICT
