"""Why a whole file is refused; a single bad row is a finding instead."""

from server.errors import DomainError, Kind


class TableUnreadable(DomainError):
    """The file is not a table that we can open: another format, damaged or locked."""

    code = "table-unreadable"
    kind = Kind.INVALID


class TableTooLarge(DomainError):
    """The file is larger than a list of facilities or divisions can be."""

    code = "table-too-large"
    kind = Kind.INVALID


class TableColumnsMissing(DomainError):
    """No row near the top names all the columns that the mapping requires."""

    code = "table-columns-missing"
    kind = Kind.INVALID


class MappingUnusable(DomainError):
    """The mapping file does not say what a mapping must say."""

    code = "mapping-unusable"
    kind = Kind.INVALID
