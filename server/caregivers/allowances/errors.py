"""How allowances refuse."""

from server.errors import DomainError, Kind


class AllowanceRuleUnreadable(DomainError):
    """A figure of an allowance does not read as one: we stop rather than pay by guessing."""

    code = "allowance-rule-unreadable"
    kind = Kind.CONFLICT


class ClaimWindowClosed(DomainError):
    """Claims are not taken today. `opens_on` is the first day on which they are again."""

    code = "claim-window-closed"
    kind = Kind.CONFLICT


class NothingToClaim(DomainError):
    """The caregiver is entitled to nothing that is not claimed yet."""

    code = "nothing-to-claim"
    kind = Kind.CONFLICT


class IsClaimed(DomainError):
    """A part of this is claimed already."""

    code = "allowance-is-claimed"
    kind = Kind.CONFLICT


class ClaimNotSo(DomainError):
    """The claim is not in a state in which this can be done. `state` is the one it is in."""

    code = "claim-not-so"
    kind = Kind.CONFLICT


class OwnClaim(DomainError):
    """Whoever hands in a claim, or is paid by it, does not decide it."""

    code = "own-claim"
    kind = Kind.FORBIDDEN


class ClaimOutOfDate(DomainError):
    """What the claim rests on was reckoned anew since: it must be handed in again."""

    code = "claim-out-of-date"
    kind = Kind.CONFLICT
