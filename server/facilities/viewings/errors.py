"""How visits refuse."""

from server.errors import DomainError, Kind


class ViewingAsked(DomainError):
    """A visit of this person to this home is asked for or confirmed already."""

    code = "viewing-asked"
    kind = Kind.CONFLICT


class ViewingNotSo(DomainError):
    """The visit is not in a state in which this can be done. `state` is the one it is in."""

    code = "viewing-not-so"
    kind = Kind.CONFLICT
