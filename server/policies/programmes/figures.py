"""Every figure of a programme, and what is wrong with a programme that its form alone allows."""

from collections.abc import Iterator
from itertools import chain

from server.policies.programmes.schema import Programme
from server.policies.programmes.terms import Based
from server.policies.programmes.vocabulary import SOURCES, Source

ALONE = ("counts", "rounding", "claim", "approval", "notice", "recovery")


def based_of(programme: Programme) -> Iterator[tuple[str, Based]]:
    """Yield every figure of the programme with where it stands, for instance `caps.month`."""
    tables = programme.amounts.tables if programme.amounts else []
    yield from ((f"conditions.{one.id}", one) for one in programme.conditions)
    for table in tables:
        yield from ((f"amounts.{table.id}.{no}", row) for no, row in enumerate(table.rows))
    for factor in programme.factors:
        yield from ((f"factors.{factor.id}.{no}", row) for no, row in enumerate(factor.rows))
    yield from ((f"caps.{one.id}", one) for one in programme.caps)
    yield from ((f"excludes.{one.family}", one) for one in programme.excludes)
    alone = ((name, getattr(programme, name)) for name in ALONE)
    yield from ((name, figure) for name, figure in alone if figure is not None)


def facts_of(figure: Based) -> Iterator[str]:
    """Yield the facts a figure asks."""
    yield from getattr(figure, "when", {})
    named = (getattr(figure, name, None) for name in ("fact", "of"))
    yield from (fact for fact in named if fact is not None)


def list_faults(programme: Programme) -> list[str]:
    """Return what no single figure shows: facts its source has not, documents not named."""
    source = SOURCES.get(programme.facts)
    if source is None:
        return [f"facts: nothing is known by the name {programme.facts}"]
    return list(
        chain(_of_parties(programme, source), _of_facts(programme, source), _of_bases(programme))
    )


def _of_parties(programme: Programme, source: Source) -> Iterator[str]:
    if (programme.beneficiary, programme.payee) != (source.beneficiary, source.payee):
        yield f"facts: {programme.facts} is about a {source.beneficiary}, paid to a {source.payee}"


def _of_facts(programme: Programme, source: Source) -> Iterator[str]:
    for place, figure in based_of(programme):
        for fact in facts_of(figure):
            if fact not in source.facts:
                yield f"{place}: {fact} is no fact of {programme.facts}"
    for example in programme.examples:
        for fact in example.facts:
            if fact not in source.facts:
                yield f"examples.{example.name}: {fact} is no fact of {programme.facts}"


def _of_bases(programme: Programme) -> Iterator[str]:
    for place, figure in based_of(programme):
        if figure.document not in programme.documents:
            yield f"{place}: the document {figure.document} is not named"
