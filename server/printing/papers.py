"""What a paper is made of: a head, facts, tables, words, places to sign, and how it is checked."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import segno

from server.printing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "paper.typ"


@dataclass(frozen=True)
class Facts:
    """Names with what they are, side by side."""

    rows: Sequence[tuple[str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Table:
    """Rows of cells under headings; the first `words` columns hold words, the others numbers.

    The last `sums` rows stand under a line.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1
    sums: int = 0
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    kind: str = field(default="words", init=False)


@dataclass(frozen=True)
class Signatures:
    """Places to sign or to seal, side by side."""

    places: Sequence[str]
    kind: str = field(default="signatures", init=False)


@dataclass(frozen=True)
class Check:
    """How somebody who holds the paper finds out whether it is true: by `address`, as a QR code,
    and by `digest`, which stands there as well. `words` say so."""

    words: str
    digest: str
    address: str


@dataclass(frozen=True)
class Paper:
    """One paper. `made_on` is the day its facts are of; `language` as BCP 47 has it."""

    title: str
    subtitle: str
    made_on: date
    parts: Sequence[Facts | Table | Words | Signatures]
    check: Check | None = None
    language: str = "zh"
    is_wide: bool = False


def pdf_of(paper: Paper) -> bytes:
    """Return the paper as PDF; the same paper gives the same bytes."""
    day = paper.made_on
    facts = asdict(paper) | {"made_on": [day.year, day.month, day.day]}
    if paper.check:
        facts["check"]["symbol"] = _symbol(paper.check.address)
    return typeset(TEMPLATE, facts)


def _symbol(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
