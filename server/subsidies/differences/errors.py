"""How corrections refuse."""

from server.errors import DomainError, Kind


class NothingToCorrect(DomainError):
    """Nothing of the run would come out otherwise today."""

    code = "nothing-to-correct"
    kind = Kind.CONFLICT


class RunNotCorrectable(DomainError):
    """Only a regular run that is reckoned, and not discarded, can be put right. `stage` is its."""

    code = "run-not-correctable"
    kind = Kind.CONFLICT
