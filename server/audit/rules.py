"""How a line is bound to all lines before it, and in which ways a chain can be found broken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

DIGEST_BYTES = 32


class BreakKind(StrEnum):
    """What was done to the trail, as far as the chain can tell."""

    LINK_MISSING = "link-missing"
    ENTRY_DELETED = "entry-deleted"
    ENTRY_CHANGED = "entry-changed"
    ACT_CHANGED = "act-changed"
    ENTRY_INSERTED = "entry-inserted"
    CHAIN_REBUILT = "chain-rebuilt"
    TAIL_CUT = "tail-cut"
    ANCHOR_LOST = "anchor-lost"


@dataclass(frozen=True)
class Anchor:
    """The head of a chain at a moment; `restored` says that a backup took the city back to it."""

    city: str
    position: int
    digest: bytes
    at: datetime
    restored: bool = False


@dataclass(frozen=True)
class Break:
    """The first thing that is not as it was sealed, and where it stands.

    `whole_until` is the last position before it that an anchor outside the database vouches for.
    """

    kind: BreakKind
    position: int
    entry_id: int | None = None
    table: str = ""
    key: str = ""
    whole_until: int = 0


def genesis_of(city_code: str) -> bytes:
    """Return what the first link of a city's chain is bound to: no chain fits another city."""
    return sha256(f"the trail of city {city_code}".encode()).digest()


def link(previous: bytes, line: bytes) -> bytes:
    """Return the digest that binds a line to everything before it (SHA-256, FIPS 180-4)."""
    return sha256(previous + line).digest()


def in_force(anchors: list[Anchor]) -> list[Anchor]:
    """Return the anchors that the present chain must carry, each further on than the one before.

    A city brought back from a backup has lost what was anchored after it; the line that says so
    stays in the file. An anchor that goes back without such a line is one of a cut chain that was
    sealed on: it vouches for nothing, and those before it tell.
    """
    kept: list[Anchor] = []
    for anchor in anchors:
        while anchor.restored and kept and kept[-1].position > anchor.position:
            kept.pop()
        if not kept or anchor.position > kept[-1].position:
            kept.append(anchor)
    return kept
