"""What is done to every cell before it is read, and to every cell that leaves us again."""

import re
import unicodedata

from server.intake.encodings import REPLACEMENT

# A spreadsheet takes a cell that begins so for a formula, and may run it.
FORMULA_LIKE = re.compile(r"[' \u3000]*[=+\-@＝＋－＠\t\r]")
# Zero-width marks, and the marks that turn the direction of writing. What joins an emoji stays.
INVISIBLE = "\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def cleaned(cell: str) -> str:
    """Return the cell without the characters nobody can see, each run of space as one space.

    Rare characters, emoji and markup stay as they are; what joins the parts of an emoji too.
    """
    if cell.isprintable() and not cell.startswith("'"):
        return re.sub(" +", " ", cell).strip()  # Most cells hold nothing that could be hidden.
    visible = "".join(
        " " if unicodedata.category(character) == "Cc" else character
        for character in unprotected(cell)
        if character not in INVISIBLE
    )
    return re.sub(r"[\s\u3000]+", " ", visible).strip()


def hides_characters(cell: str) -> bool:
    """True when something invisible stands inside the cell, other than a line break or a tab."""
    return not cell.isprintable() and any(
        character in INVISIBLE
        or (unicodedata.category(character) == "Cc" and character not in "\t\r\n")
        for character in cell.strip()
    )


def is_damaged(cell: str) -> bool:
    """True when a character was lost before the file reached us."""
    return REPLACEMENT in cell


def protected(cell: str) -> str:
    """Return the cell so that a spreadsheet shows it as text, whatever it begins with.

    Every table that leaves us goes through this: what strangers wrote into a name must not run on
    the officer's machine. `unprotected` gives the cell back, so that a mended file can come in.
    """
    return "'" + cell if FORMULA_LIKE.match(cell) else cell


def unprotected(cell: str) -> str:
    """Return the cell as it was before `protected`."""
    return cell[1:] if cell.startswith("'") and FORMULA_LIKE.match(cell[1:]) else cell
