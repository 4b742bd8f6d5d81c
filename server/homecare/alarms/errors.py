"""How alarms refuse."""

from server.errors import DomainError, Kind


class AlarmTaken(DomainError):
    """Somebody else has it in hand: `name` says who."""

    code = "alarm-taken"
    kind = Kind.CONFLICT


class AlarmNotSo(DomainError):
    """The alarm is not in a state in which this can be done. `state` is the one it is in."""

    code = "alarm-not-so"
    kind = Kind.CONFLICT


class CalleesUnusable(DomainError):
    """Whom to call is not said as it must be: a phone is missing, or nobody is left."""

    code = "callees-unusable"
    kind = Kind.INVALID
