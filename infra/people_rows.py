"""All of the register as rows of a table, read as a stream."""

from collections.abc import Iterator

from sqlmodel import Session

from infra.register_rows import streamed
from infra.table_files import Cell
from server import clock
from server.residents.exporting import cells_of, residents_told


def resident_rows(session: Session, *, is_masked: bool) -> Iterator[list[Cell]]:
    """Give every resident, with the hardship of today; masked, a birthday is a year."""
    for row in streamed(session, residents_told(clock.today())):
        yield [*cells_of(row, is_masked=is_masked)]
