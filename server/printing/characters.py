"""Which characters the font of papers holds, read from the font itself."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "NotoSansCJKsc-Regular.otf"
# OpenType 1.9, "cmap": a table's place in the file, and format 12, which holds every character.
TABLE, ENCODING, GROUPS, GROUP = ">4sIII", ">HHI", ">I", ">III"
FORMAT_12, AT_GROUPS = 12, 12
# Control, format and half characters. One that Python does not know yet is somebody's name.
UNSEEN = {"Cc", "Cf", "Cs"}


def printable(text: str) -> str:
    """Return the text with every character that the font does not hold as its number, 〔U+323AF〕.

    The ends of lines stay; other characters that nobody sees are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printed(character) for character in text)


def _printed(character: str) -> str:
    if character == "\n" or ord(character) in held():
        return character
    is_unseen = unicodedata.category(character) in UNSEEN
    return "" if is_unseen else f"〔U+{ord(character):04X}〕"


@cache
def held() -> frozenset[int]:
    """Return the numbers of all characters that the font holds."""
    font = FONT.read_bytes()
    at = _cmap(font)
    found: set[int] = set()
    for first, last, _ in struct.iter_unpack(GROUP, _groups(font, at)):
        found.update(range(first, last + 1))
    return frozenset(found)


def _cmap(font: bytes) -> int:
    (number,) = struct.unpack_from(">H", font, 4)
    tables = (struct.unpack_from(TABLE, font, 12 + 16 * each) for each in range(number))
    return next(int(place) for name, _, place, _ in tables if name == b"cmap")


def _groups(font: bytes, at: int) -> bytes:
    """The groups of characters of the table of format 12, each with its first and last."""
    (number,) = struct.unpack_from(">H", font, at + 2)
    encodings = (struct.unpack_from(ENCODING, font, at + 4 + 8 * each) for each in range(number))
    starts = (at + int(offset) for _, _, offset in encodings)
    start = next(one for one in starts if struct.unpack_from(">H", font, one)[0] == FORMAT_12)
    (groups,) = struct.unpack_from(GROUPS, font, start + AT_GROUPS)
    first = start + AT_GROUPS + struct.calcsize(GROUPS)
    return font[first : first + groups * struct.calcsize(GROUP)]
