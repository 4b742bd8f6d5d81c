"""Draw by lot so that anybody comes to the same, and say what a sample tells of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from itertools import pairwise
from math import sqrt

# 95 of 100 such intervals hold the true value.
Z = 1.959964


@dataclass(frozen=True)
class Drawn:
    """A line that the lot fell on."""

    number: int
    band: int
    amount_fen: int


@dataclass(frozen=True)
class Looked:
    """A line of a sample with what it should have been."""

    band: int
    amount_fen: int
    right_fen: int


@dataclass(frozen=True)
class Estimate:
    """The share of lines that are wrong, and the amount that was too much, each with 95 %."""

    looked_at: int
    wrong: int
    share: float
    share_least: float
    share_most: float
    fen: int
    fen_least: int
    fen_most: int


def lot(seed: str, run_id: int, number: int) -> str:
    """The lot of a line: SHA-256 of "seed:run:number" in hexadecimal; the lowest are drawn."""
    return sha256(f"{seed}:{run_id}:{number}".encode()).hexdigest()


def bands_of(lines: Sequence[tuple[int, int]], bands: int) -> Sequence[Sequence[tuple[int, int]]]:
    """Part (number, fen) into bands of as many lines each, from the smallest amounts up."""
    in_order = sorted(lines, key=lambda line: (line[1], line[0]))
    edges = [len(in_order) * band // bands for band in range(bands + 1)]
    return [in_order[first:last] for first, last in pairwise(edges)]


def draw(
    seed: str, run_id: int, lines: Sequence[tuple[int, int]], *, size: int, bands: int
) -> Sequence[Drawn]:
    """Return the lines that are drawn: of each band its share of the size, by lot."""
    parts = bands_of(lines, bands)
    sizes = _shares([len(part) for part in parts], min(size, len(lines)))
    return [
        Drawn(number, band, fen)
        for band, (part, wanted) in enumerate(zip(parts, sizes, strict=True), start=1)
        for number, fen in nsmallest(wanted, part, key=lambda line: lot(seed, run_id, line[0]))
    ]


def margin(size: int, population: int) -> float:
    """How far a share may be off at most, 95 of 100 times; 0 where all were looked at."""
    if size == 0 or population <= 1:
        return 0.0 if population and size >= population else 1.0
    rest = max(population - size, 0) / (population - 1)
    return Z * sqrt(0.25 / size * rest)


def wilson(wrong: int, looked_at: int) -> tuple[float, float]:
    """The interval of Wilson for a share."""
    if looked_at == 0:
        return 0.0, 1.0
    share, square = wrong / looked_at, Z * Z
    middle = (share + square / (2 * looked_at)) / (1 + square / looked_at)
    half = Z * sqrt(share * (1 - share) / looked_at + square / (4 * looked_at**2))
    half /= 1 + square / looked_at
    return max(0.0, middle - half), min(1.0, middle + half)


def estimate(looked: Sequence[Looked], sizes: Mapping[int, int]) -> Estimate:
    """What the sample says of the run: the share by Wilson; the amount by the mean of each band
    times its lines, with the normal interval of a stratified mean. `sizes` are lines by band.
    """
    wrong = sum(one.right_fen != one.amount_fen for one in looked)
    least, most = wilson(wrong, len(looked))
    total, variance = 0.0, 0.0
    for band, size in sizes.items():
        off = [one.amount_fen - one.right_fen for one in looked if one.band == band]
        if off:
            mean = sum(off) / len(off)
            total += size * mean
            variance += _variance(off, mean, size)
    half = Z * sqrt(variance)
    share = wrong / len(looked) if looked else 0.0
    return Estimate(
        len(looked), wrong, share, least, most,
        round(total), round(total - half), round(total + half),
    )  # fmt: skip


def _variance(off: Sequence[int], mean: float, size: int) -> float:
    if len(off) < 2:
        return 0.0
    spread = sum((one - mean) ** 2 for one in off) / (len(off) - 1)
    return size**2 * (1 - len(off) / size) * spread / len(off)


def _shares(parts: Sequence[int], size: int) -> Sequence[int]:
    """Give each part its share of the size; what is left over goes to the largest remainders."""
    whole = sum(parts)
    if not whole:
        return [0 for _ in parts]
    shares = [size * part // whole for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda one: (-(size * parts[one] % whole), one))
    for one in by_rest[: size - sum(shares)]:
        shares[one] += 1
    return shares
