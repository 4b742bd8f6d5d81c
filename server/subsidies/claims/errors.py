"""How claims refuse."""

from server.errors import DomainError, Kind


class ClaimsClosed(DomainError):
    """Nothing of this programme is claimed today; `opens_on` is the first day on which it is."""

    code = "claims-closed"
    kind = Kind.CONFLICT


class IsClaimedAlready(DomainError):
    """There is a claim for this programme and period already."""

    code = "subsidy-is-claimed"
    kind = Kind.CONFLICT


class PapersMissing(DomainError):
    """Papers that the programme asks for are not there. `missing` names them."""

    code = "claim-papers-missing"
    kind = Kind.CONFLICT


class NoCases(DomainError):
    """The platform knows of nothing that this claim could be for."""

    code = "claim-without-cases"
    kind = Kind.CONFLICT


class ClaimIsNotSo(DomainError):
    """The claim is in a state in which this cannot be done. `state` is that one."""

    code = "subsidy-claim-not-so"
    kind = Kind.CONFLICT


class HasAPart(DomainError):
    """Whoever had another part in a claim does not decide it."""

    code = "claim-has-your-hand"
    kind = Kind.FORBIDDEN


class NotThisOffice(DomainError):
    """The claim waits for an office that the actor does not hold, nor stands in for."""

    code = "claim-of-another-office"
    kind = Kind.FORBIDDEN


class ClaimHasChanged(DomainError):
    """What the platform knows of the claim is not what the officer was shown."""

    code = "claim-has-changed"
    kind = Kind.CONFLICT


class StoodInAlready(DomainError):
    """Somebody stands in for this officer on one of these days already."""

    code = "stood-in-already"
    kind = Kind.CONFLICT


class StandInUnfit(DomainError):
    """The days are none, or whoever is named decides no claims."""

    code = "stand-in-unfit"
    kind = Kind.INVALID
