"""Bytes to text, for files that do not say how they were written."""

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# A UTF-8 file cut inside a character is sound elsewhere; a GB18030 file is unsound all over.
SOUND_PER_DAMAGED = 10


def decode(content: bytes) -> str:
    """Return the text of the file; bytes that belong to no character become U+FFFD.

    A byte order mark decides; then UTF-8, even when slightly damaged; then GB18030.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(content)


def _decode_damaged(content: bytes) -> str:
    as_utf8 = content.decode("utf-8", errors="replace")
    damaged = as_utf8.count(REPLACEMENT)
    sound = sum(character > "\x7f" for character in as_utf8) - damaged
    if sound > SOUND_PER_DAMAGED * damaged:
        return as_utf8
    return content.decode("gb18030", errors="replace")
