"""How many are asked, in which order, what their answers come to, and how sure one can be of it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from server.homecare.callbacks.models import CallResult

# Of a normal distribution 95 % lies within so many deviations.
Z = 1.959964


class There(StrEnum):
    """Was somebody there that day?"""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Stayed(StrEnum):
    """About how long?"""

    AS_NOTED = "as_noted"
    MUCH_SHORTER = "much_shorter"
    UNKNOWN = "unknown"


class Did(StrEnum):
    """Was what is noted done?"""

    ALL = "all"
    SOME = "some"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Content(StrEnum):
    """Were you content?"""

    GOOD = "good"
    SO_SO = "so_so"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answers:
    """What somebody said on the phone."""

    there: There
    stayed: Stayed = Stayed.UNKNOWN
    did: Did = Did.UNKNOWN
    content: Content = Content.UNKNOWN
    remark: str = ""


@dataclass(frozen=True)
class Share:
    """So many of so many, and between which shares the truth lies in 19 of 20 drawings."""

    part: int
    whole: int
    low: float | None
    high: float | None


def size_of(population: int, *, providers: int, percent: int) -> int:
    """Return how many are drawn: so many in a hundred, rounded up, and one of each provider."""
    return min(population, max(-(-population * percent // 100), providers))


def draw(seed: str, visits: Mapping[int, int], *, size: int) -> list[int]:
    """Return the visits drawn, in the order of the drawing; `visits` says whose each is.

    The visit with the lowest SHA-256 of "seed:number" of each provider comes first, then all
    others by theirs. Anybody who has the seed and the list comes to the same.
    """
    in_order = sorted(visits, key=lambda visit: (lot(seed, visit), visit))
    first: dict[int, int] = {}
    for visit in in_order:
        first.setdefault(visits[visit], visit)
    one_each = set(first.values())
    return sorted(in_order, key=lambda visit: visit not in one_each)[:size]


def lot(seed: str, visit_id: int) -> str:
    """Return the lot of a visit; the lowest ones are drawn."""
    return hashlib.sha256(f"{seed}:{visit_id}".encode()).hexdigest()


def digest_of(visits: Iterable[int]) -> bytes:
    """Return SHA-256 over numbers of visits in their order, each on a line."""
    lines = "\n".join(str(visit) for visit in sorted(visits))
    return hashlib.sha256(lines.encode()).digest()


def margin(size: int, *, population: int) -> float:
    """Return by how much a share may be off at most, with the correction for a small population."""
    if size >= population:
        return 0.0
    small = (population - size) / (population - 1)
    return Z * sqrt(0.25 / size * small)


def wilson(part: int, whole: int) -> Share:
    """Return a share with its interval by Wilson; of nothing there is none."""
    if whole == 0:
        return Share(part, whole, None, None)
    share, square = part / whole, Z * Z / whole
    middle = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / whole + square / whole / 4) / (1 + square)
    return Share(part, whole, max(0.0, middle - half), min(1.0, middle + half))


def result_of(answers: Answers) -> CallResult:
    """Return what answers come to: a visit contradicted in any part of it is contradicted."""
    if (
        answers.there is There.NO
        or answers.stayed is Stayed.MUCH_SHORTER
        or answers.did is Did.NOTHING
    ):
        return CallResult.CONTRADICTS
    return CallResult.AGREES if answers.there is There.YES else CallResult.CANNOT_SAY
