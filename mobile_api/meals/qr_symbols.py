"""QR codes for short texts of the same kind, a hundred times faster than drawing each anew.

A QR code of one length and one mask is linear: two characters change the same modules whatever
stands beside them. So segno draws what each pair of characters changes, once, and a further code is
these changes laid over each other.
"""

from functools import lru_cache

import segno

# Every mask may be chosen; the best of eight is looked for only to make bad cameras' work easier.
# This is the one that is best most often for our codes.
MASK = 4
PAIRS_REMEMBERED = 8_192


def qr_rows(text: str) -> list[str]:
    """Return the rows of the QR code as text of 0 and 1, without a quiet zone.

    The text may hold digits, capital letters and the signs of QR's alphanumeric mode.
    """
    blank = "0" * len(text)
    size, symbol = _drawn(blank)
    for start in range(0, len(text), 2):
        symbol ^= _change(len(text), start, text[start : start + 2])
    modules = f"{symbol:0{size * size}b}"
    return [modules[at : at + size] for at in range(0, size * size, size)]


@lru_cache(maxsize=PAIRS_REMEMBERED)
def _change(length: int, start: int, pair: str) -> int:
    """The modules that this pair at this place changes in a code of zeros."""
    blank = "0" * length
    with_pair = blank[:start] + pair + blank[start + len(pair) :]
    return _drawn(with_pair)[1] ^ _drawn(blank)[1]


@lru_cache(maxsize=64)
def _drawn(text: str) -> tuple[int, int]:
    """The size of a code and its modules as the bits of one number."""
    code = segno.make_qr(text, error="m", mode="alphanumeric", mask=MASK)
    modules = "".join(str(module) for row in code.matrix for module in row)
    return len(code.matrix), int(modules, 2)
