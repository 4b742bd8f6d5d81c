"""How standing orders refuse."""

from server.errors import DomainError, Kind


class OrderedAlready(DomainError):
    """Another standing order has that meal on one of these weekdays. `order_id` names it."""

    code = "ordered-already"
    kind = Kind.CONFLICT


class OrderOver(DomainError):
    """The standing order has ended."""

    code = "order-over"
    kind = Kind.CONFLICT


class DaysUnusable(DomainError):
    """The days do not lie in the time that can be booked, or end before they begin."""

    code = "days-unusable"
    kind = Kind.INVALID


class PausedAlready(DomainError):
    """The order is paused on some of these days."""

    code = "paused-already"
    kind = Kind.CONFLICT
