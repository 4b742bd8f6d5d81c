"""QR codes of signed meal codes: all of one shape (version 5-M, one mask), so drawn in one go.

ISO/IEC 18004: 86 data codewords in two blocks, 24 codewords of error correction each, laid out in
columns of two from the lower right. Where each bit goes is worked out once.
"""

from functools import lru_cache

import segno

VERSION, SIZE, MASK = 5, 37, 4
LENGTH = 122  # signs that version 5-M holds in alphanumeric mode
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
BLOCKS, BLOCK, CORRECTING = 2, 43, 24
FIELD = 0x11D  # the polynomial of the code's field of 256 elements
SMALLEST = "0" * LENGTH


def signed_qr_rows(text: str) -> list[str]:
    """Return the rows of the QR code as text of 0 and 1; the text has 122 alphanumeric signs."""
    if len(text) != LENGTH:
        raise ValueError("a signed meal code has 122 signs")
    ground, places = _ground()
    bits = ground
    for place, is_set in zip(places, f"{_codewords(text):0{8 * _all()}b}", strict=True):
        if is_set == "1":
            bits ^= place
    modules = f"{bits:0{SIZE * SIZE}b}"
    return [modules[at : at + SIZE] for at in range(0, SIZE * SIZE, SIZE)]


def _codewords(text: str) -> int:
    """Data and error correction as one number, the blocks interleaved."""
    bits = f"0010{LENGTH:09b}"
    for at in range(0, LENGTH, 2):
        bits += f"{45 * SIGNS.index(text[at]) + SIGNS.index(text[at + 1]):011b}"
    data = int(bits.ljust(BLOCKS * BLOCK * 8, "0"), 2).to_bytes(BLOCKS * BLOCK)
    blocks = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
    mended = [_correction(block) for block in blocks]
    mixed = [one for pair in zip(*blocks, strict=True) for one in pair]
    mixed += [one for pair in zip(*mended, strict=True) for one in pair]
    return int.from_bytes(bytes(mixed))


def _all() -> int:
    return BLOCKS * (BLOCK + CORRECTING)


def _correction(block: bytes) -> bytes:
    """The remainder of the block, as a polynomial, by the generator."""
    table, kept = _multiples(), 0
    for byte in block:
        kept ^= byte << (8 * (CORRECTING - 1))
        leading = kept >> (8 * (CORRECTING - 1))
        kept = ((kept << 8) & ((1 << 8 * CORRECTING) - 1)) ^ table[leading]
    return kept.to_bytes(CORRECTING)


@lru_cache(maxsize=1)
def _multiples() -> list[int]:
    """The generator polynomial (without its leading 1) times each byte."""
    generator, root = [1], 1
    for _ in range(CORRECTING):
        longer = [*generator, 0]
        for at, factor in enumerate(generator):
            longer[at + 1] ^= _times(factor, root)
        generator, root = longer, _times(root, 2)
    return [
        int.from_bytes(bytes(_times(factor, byte) for factor in generator[1:]))
        for byte in range(256)
    ]


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one = one << 1 ^ (FIELD if one & 0x80 else 0)
        other >>= 1
    return product


@lru_cache(maxsize=1)
def _ground() -> tuple[int, list[int]]:
    """The code with every codeword empty, and the module of each of their bits, in order."""
    drawn = segno.make_qr(
        SMALLEST, version=VERSION, error="m", mode="alphanumeric", mask=MASK, boost_error=False
    )
    symbol = int("".join(str(module) for row in drawn.matrix for module in row), 2)
    places = [1 << (SIZE * SIZE - 1 - SIZE * y - x) for x, y in _way()][: 8 * _all()]
    for place, is_set in zip(places, f"{_codewords(SMALLEST):0{8 * _all()}b}", strict=True):
        if is_set == "1":
            symbol ^= place
    return symbol, places


def _way() -> list[tuple[int, int]]:
    """The modules that hold data, from the lower right, up and down by columns of two."""
    way: list[tuple[int, int]] = []
    upward = True
    for right in (*range(SIZE - 1, 6, -2), 5, 3, 1):
        rows = range(SIZE - 1, -1, -1) if upward else range(SIZE)
        way += [(x, y) for y in rows for x in (right, right - 1) if not _is_fixed(x, y)]
        upward = not upward
    return way


def _is_fixed(x: int, y: int) -> bool:
    """Finders with their format bits, timing lines, and the one alignment mark."""
    far = SIZE - 8
    in_a_corner = (x < 9 and (y < 9 or y >= far)) or (x >= far and y < 9)
    beside_the_mark = abs(x - (SIZE - 7)) <= 2 and abs(y - (SIZE - 7)) <= 2
    return in_a_corner or 6 in (x, y) or beside_the_mark
