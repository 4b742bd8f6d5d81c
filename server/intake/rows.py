"""One row of a table, as it stands in the file."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Row:
    """The cells of a row, under the number that an editor or a spreadsheet shows for it."""

    number: int
    cells: tuple[str, ...]
    torn: bool = False

    @property
    def is_blank(self) -> bool:
        """True when not one character stands in it; white space alone is a torn row, not this."""
        return not any(self.cells)

    def fitted(self, width: int) -> "Row":
        """Return the row as wide as the headings, or marked as torn where it cannot be.

        Empty cells beyond the last heading mean nothing.
        """
        beyond_is_empty = not any(self.cells[width:])
        is_whole = len(self.cells) >= width and beyond_is_empty and any(map(str.strip, self.cells))
        if self.torn or not is_whole:
            return replace(self, torn=True)
        return replace(self, cells=self.cells[:width])

    def padded(self, width: int) -> "Row":
        """Return the row with empty cells up to the width; a workbook does not store those."""
        return replace(self, cells=self.cells + ("",) * (width - len(self.cells)))
