"""How referrals refuse."""

from server.errors import DomainError, Kind


class HasAReferral(DomainError):
    """A referral of this person is open: it is carried out, declined or withdrawn first."""

    code = "has-a-referral"
    kind = Kind.CONFLICT


class ReferralNotSo(DomainError):
    """The referral is not in a state in which this can be done. `state` is the one it is in."""

    code = "referral-not-so"
    kind = Kind.CONFLICT


class ReferralTooLate(DomainError):
    """The referral was to be answered until `decide_by`."""

    code = "referral-too-late"
    kind = Kind.CONFLICT


class BedUnnamed(DomainError):
    """Whoever accepts names the bed; only a return into a kept bed needs none."""

    code = "bed-unnamed"
    kind = Kind.INVALID


class StaysThere(DomainError):
    """The person is in a bed of this kind at this facility already."""

    code = "stays-there"
    kind = Kind.CONFLICT
