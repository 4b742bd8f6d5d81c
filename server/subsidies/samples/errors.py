"""How samples refuse."""

from server.errors import DomainError, Kind


class SeedIsAnother(DomainError):
    """The digest that was published beforehand is not that of this seed."""

    code = "seed-is-another"
    kind = Kind.INVALID


class SampleIsDrawn(DomainError):
    """It was drawn already; the lot does not fall twice."""

    code = "sample-is-drawn"
    kind = Kind.CONFLICT


class RunIsNotReckoned(DomainError):
    """Only lines that stand are drawn from."""

    code = "run-is-not-reckoned"
    kind = Kind.CONFLICT


class ResultStands(DomainError):
    """Two have said so already."""

    code = "result-stands"
    kind = Kind.CONFLICT


class ResultNeedsAnother(DomainError):
    """Whoever entered a result does not confirm it."""

    code = "result-needs-another"
    kind = Kind.CONFLICT


class ResultsDiffer(DomainError):
    """The second who looked came to another amount; the first looks again."""

    code = "results-differ"
    kind = Kind.CONFLICT
