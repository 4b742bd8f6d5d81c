"""Every figure of a programme, and what is wrong with a programme that its form alone allows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from server.policies.programmes.schema import Programme
from server.policies.programmes.terms import Based, Cell, Counting, bounds_of
from server.policies.programmes.vocabulary import (
    FACTS,
    FAMILIES,
    NUMBERS,
    SOURCES,
    FactKind,
    Source,
)

ALONE = ("counts", "rounding", "claim", "approval", "notice", "recovery")

# Where something stands in a file: the keys and numbers that lead to it.
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """Something that must be mended: where, and a code that the catalogues say in words."""

    place: Place
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A figure, where it stands in the file, and the name by which an outcome calls it."""

    place: Place
    name: str
    based: Based


def figures_of(programme: Programme) -> Iterator[Figure]:
    """Yield every figure of the programme, in the order of the file."""
    for no, one in enumerate(programme.conditions):
        yield Figure(("conditions", no), f"conditions.{one.id}", one)
    for no, table in enumerate(programme.amounts.tables if programme.amounts else []):
        for row_no, row in enumerate(table.rows):
            place: Place = ("amounts", "tables", no, "rows", row_no)
            yield Figure(place, f"amounts.{table.id}.{row_no}", row)
    for no, factor in enumerate(programme.factors):
        for row_no, percent in enumerate(factor.rows):
            place = ("factors", no, "rows", row_no)
            yield Figure(place, f"factors.{factor.id}.{row_no}", percent)
    for no, cap in enumerate(programme.caps):
        yield Figure(("caps", no), f"caps.{cap.id}", cap)
    for no, exclusion in enumerate(programme.excludes):
        yield Figure(("excludes", no), f"excludes.{exclusion.family}", exclusion)
    alone = ((name, getattr(programme, name)) for name in ALONE)
    yield from (Figure((name,), name, figure) for name, figure in alone if figure is not None)


def based_of(programme: Programme) -> Iterator[tuple[str, Based]]:
    """Yield every figure of the programme with where it stands, for instance `caps.month`."""
    yield from ((one.name, one.based) for one in figures_of(programme))


def facts_of(figure: Based) -> Iterator[str]:
    """Yield the facts a figure asks."""
    yield from getattr(figure, "when", {})
    named = (getattr(figure, name, None) for name in ("fact", "of"))
    yield from (fact for fact in named if fact is not None)


def list_faults(programme: Programme) -> list[Fault]:
    """Return what no single figure shows: facts its source has not, documents not named."""
    source = SOURCES.get(programme.facts)
    if source is None:
        return [Fault(("facts",), "no-such-source", {"source": programme.facts})]
    return list(
        chain(
            _of_parties(programme, source),
            _of_facts(programme, source),
            _of_kinds(programme),
            _of_bases(programme),
            _of_names(programme),
            _of_families(programme),
            _of_examples(programme, source),
        )
    )


def _of_parties(programme: Programme, source: Source) -> Iterator[Fault]:
    if (programme.beneficiary, programme.payee) != (source.beneficiary, source.payee):
        facts = {"source": programme.facts, "beneficiary": source.beneficiary.value,
                 "payee": source.payee.value}  # fmt: skip
        yield Fault(("facts",), "other-parties", facts)


def _of_facts(programme: Programme, source: Source) -> Iterator[Fault]:
    for one in figures_of(programme):
        for fact in facts_of(one.based):
            if fact not in source.facts:
                yield Fault(one.place, "no-such-fact", {"fact": fact, "source": programme.facts})


def _of_kinds(programme: Programme) -> Iterator[Fault]:
    """A cell holds what its fact can be, and money is only taken of facts that are money."""
    for one in figures_of(programme):
        for fact, cell in _cells_of(one.based):
            if fact in FACTS and not _suits(fact, cell):
                yield Fault(one.place, "cell-of-another-kind", {"fact": fact})
        if one.name == "counts" and not _counts_well(programme):
            yield Fault(one.place, "counts-wrongly")
        for money in filter(None, (getattr(one.based, "of", None), _cap_of(one))):
            if money in FACTS and FACTS[money].kind is not FactKind.FEN:
                yield Fault(one.place, "not-money", {"fact": money})


def _cells_of(figure: Based) -> Iterator[tuple[str, Cell]]:
    yield from getattr(figure, "when", {}).items()
    if hasattr(figure, "is_"):
        yield figure.fact, figure.is_  # type: ignore[attr-defined]


def _cap_of(one: Figure) -> str | None:
    fact: str | None = getattr(one.based, "fact", None) if one.place[0] == "caps" else None
    return fact


def _counts_well(programme: Programme) -> bool:
    counts = programme.counts
    assert counts is not None
    has_days = (counts.days is not None) == (counts.by is Counting.FROM_DAYS)
    kind = FACTS[counts.fact].kind if counts.fact in FACTS else FactKind.WHOLE
    return has_days and kind is FactKind.WHOLE


def _suits(fact: str, cell: Cell) -> bool:
    bounds = bounds_of(cell)
    if "among" in bounds:
        is_day = FACTS[fact].kind is FactKind.DAY  # A day is asked by a range, never by itself.
        return not is_day and all(is_of_kind(fact, value) for value in bounds["among"])
    kind = FACTS[fact].kind
    return kind in (*NUMBERS, FactKind.DAY) and all(
        is_of_kind(fact, value) for value in bounds.values() if value is not None
    )


def is_of_kind(fact: str, value: Any) -> bool:
    """True where the value is what the fact can be."""
    known = FACTS[fact]
    if known.kind is FactKind.CHOICE:
        return value in known.choices
    if known.kind is FactKind.YES_NO:
        return isinstance(value, bool)
    if known.kind is FactKind.DAY:
        return isinstance(value, date)
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _of_bases(programme: Programme) -> Iterator[Fault]:
    for one in figures_of(programme):
        if one.based.document not in programme.documents:
            yield Fault(one.place, "no-such-document", {"document": one.based.document})


def _of_names(programme: Programme) -> Iterator[Fault]:
    """Reasons and lines call these by their names: no name twice."""
    tables = programme.amounts.tables if programme.amounts else []
    names: Mapping[Place, list[str]] = {
        ("conditions",): [one.id for one in programme.conditions],
        ("amounts", "tables"): [one.id for one in tables],
        ("factors",): [one.id for one in programme.factors],
        ("caps",): [one.id for one in programme.caps],
        ("excludes",): [one.family for one in programme.excludes],
    }
    for place, given in names.items():
        for name, number in Counter(given).items():
            if number > 1:
                yield Fault(place, "named-twice", {"name": name})


def _of_families(programme: Programme) -> Iterator[Fault]:
    """A family nobody knows would keep nobody away: a slip of the pen must not pay twice."""
    if programme.family not in FAMILIES:
        yield Fault(("family",), "no-such-family", {"family": programme.family})
    for no, one in enumerate(programme.excludes):
        if one.family not in FAMILIES:
            yield Fault(("excludes", no), "no-such-family", {"family": one.family})


def _of_examples(programme: Programme, source: Source) -> Iterator[Fault]:
    if programme.is_on and not programme.examples:
        yield Fault((), "no-examples")
    for no, example in enumerate(programme.examples):
        for fact, value in example.facts.items():
            place: Place = ("examples", no, "facts", fact)
            if fact not in source.facts:
                yield Fault(place, "no-such-fact", {"fact": fact, "source": programme.facts})
            elif value is not None and not is_of_kind(fact, known_value(fact, value)):
                yield Fault(place, "cell-of-another-kind", {"fact": fact})


def known_value(fact: str, value: Any) -> Any:
    """Return a fact as it is reckoned with: what was stored as a word becomes a day again."""
    if FACTS[fact].kind is not FactKind.DAY or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value
