"""What a mapping says about one field: its headings in the file, and how its cells are read."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Column(BaseModel):
    """Where the value of one field stands, and how it is read.

    `not_known` are the words by which the file says that it does not know; `units` are cut off a
    number; `between` bounds it, and above `unusual_above` somebody should look; `terms` turn the
    file's words into ours; `longest` counts characters.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    headings: Annotated[tuple[str, ...], Field(min_length=1)]
    parser: str = "text"
    required: bool = False
    not_known: tuple[str, ...] = ()
    longest: int = 200
    units: tuple[str, ...] = ()
    between: tuple[int, int] | None = None
    unusual_above: int | None = None
    terms: Mapping[str, str] = {}

    def says_not_known(self, cell: str) -> bool:
        """True when the cell is one of the words for a value that nobody knows."""
        return plain(cell) in map(plain, self.not_known)


@lru_cache(maxsize=4096)
def plain(words: str) -> str:
    """Return words as they are compared: width, brackets, case and spaces do not matter."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).casefold()
