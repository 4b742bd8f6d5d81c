"""How packs and versions of programmes refuse."""

from server.errors import DomainError, Kind


class PackUnreadable(DomainError):
    """What was sent is no folder of YAML files, and no ZIP of one."""

    code = "policy-pack-unreadable"
    kind = Kind.INVALID


class PackTooLarge(DomainError):
    """A pack is a handful of small files: `files` at most, `megabytes` together."""

    code = "policy-pack-too-large"
    kind = Kind.INVALID


class PackFaulty(DomainError):
    """Something in the files is to be mended first; `faults` are how many places."""

    code = "policy-pack-faulty"
    kind = Kind.INVALID


class ExamplesDiffer(DomainError):
    """The pack's own examples do not come out; `examples` are their names."""

    code = "policy-examples-differ"
    kind = Kind.CONFLICT


class PackDecided(DomainError):
    """The pack is `state` by now."""

    code = "policy-pack-decided"
    kind = Kind.CONFLICT


class OwnPack(DomainError):
    """Whoever proposed a pack does not decide on it."""

    code = "own-policy-pack"
    kind = Kind.FORBIDDEN


class NotOwnPack(DomainError):
    """A proposal is taken back by whoever made it, and by nobody else."""

    code = "not-own-policy-pack"
    kind = Kind.FORBIDDEN


class LaterVersion(DomainError):
    """`programme` has a version in force from `starts_on`, which is that day or later."""

    code = "policy-later-version"
    kind = Kind.CONFLICT


class VersionUsed(DomainError):
    """A run reckoned `programme` by the version in force for months from that day on."""

    code = "policy-version-used"
    kind = Kind.CONFLICT


class ActivatedMeanwhile(DomainError):
    """Somebody put another version of `programme` into force in the same moment."""

    code = "policy-activated-meanwhile"
    kind = Kind.CONFLICT


class DayUnusable(DomainError):
    """A pack starts on a day between 2000 and 2100."""

    code = "policy-day-unusable"
    kind = Kind.INVALID
