"""The files of a pack become programmes, or faults that name file and line.

A table may say `basis` once for all its rows; on reading every row gets its own. Whatever a row
says itself wins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from server.policies.programmes.figures import Fault, Place, list_faults
from server.policies.programmes.nodes import Document, read_document
from server.policies.programmes.schema import Programme
from server.policies.programmes.terms import Strict, Words

HEAD = "pack.yaml"
ENDING = ".yaml"
OF_A_BASIS = {"document", "clause", "from", "to"}

Read = TypeVar("Read", bound=Strict)


class Head(Strict):
    """`pack.yaml`: what the pack is called, and whose it is."""

    pack: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
    title: Words
    division: Annotated[str, Field(pattern=r"^\d{2,12}$")] | None = None
    words: Words | None = None


@dataclass(frozen=True)
class FileFault:
    """What must be mended, and on which line of which file."""

    file: str
    line: int
    place: Place
    code: str
    facts: Mapping[str, Any]


def read_head(file: str, text: str) -> tuple[Head | None, list[FileFault]]:
    """Read `pack.yaml`."""
    return _read(Head, file, read_document(text))


def read_programme(file: str, text: str) -> tuple[Programme | None, list[FileFault]]:
    """Read a programme's file, whole or not at all."""
    document = read_document(text)
    expanded = list(_expand(document))
    if expanded:
        return None, list(_placed(expanded, file, document))
    programme, faults = _read(Programme, file, document)
    if programme is None:
        return None, faults
    found = list(list_faults(programme))
    if f"{programme.programme}{ENDING}" != file.rpartition("/")[2]:
        found.append(Fault(("programme",), "file-named-otherwise", {"name": programme.programme}))
    return (None if found else programme), list(_placed(found, file, document))


def _read(form: type[Read], file: str, document: Document) -> tuple[Read | None, list[FileFault]]:
    if document.faults:
        return None, list(_placed(document.faults, file, document))
    try:
        return form.model_validate(document.value), []
    except ValidationError as error:
        return None, list(_placed(_faults_of(error, document), file, document))


def _placed(faults: list[Fault], file: str, document: Document) -> Iterator[FileFault]:
    for one in faults:
        yield FileFault(file, document.line_of(one.place), one.place, one.code, one.facts)


def _expand(document: Document) -> Iterator[Fault]:
    """Give every row of a table that says a basis its own; yields what is wrong with a basis."""
    for place, table in _tables(document.value):
        basis = table.pop("basis", None)
        if basis is None:
            continue
        if not isinstance(basis, dict) or not set(basis) <= OF_A_BASIS:
            yield Fault((*place, "basis"), "basis-wrong")
            continue
        rows = table.get("rows")
        if isinstance(rows, list):
            table["rows"] = [basis | row if isinstance(row, dict) else row for row in rows]


def _tables(value: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    amounts = value.get("amounts") if isinstance(value, dict) else None
    kept = {
        ("amounts", "tables"): amounts.get("tables") if isinstance(amounts, dict) else None,
        ("factors",): value.get("factors") if isinstance(value, dict) else None,
    }
    for place, tables in kept.items():
        for no, table in enumerate(tables if isinstance(tables, list) else []):
            if isinstance(table, dict):
                yield (*place, no), table


def _faults_of(error: ValidationError, document: Document) -> list[Fault]:
    """One fault a place: a cell that is none of several forms is told of once."""
    found: dict[tuple[Place, str], Fault] = {}
    for one in error.errors(include_url=False):
        place = document.inner(one["loc"])
        inside = len(one["loc"]) - len(place)
        fault = _fault_of(one, place, inside)
        found.setdefault((place, fault.code + str(fault.facts.get("field", ""))), fault)
    return list(found.values())


def _fault_of(one: Mapping[str, Any], place: Place, inside: int) -> Fault:
    kind, last = one["type"], str(one["loc"][-1]) if one["loc"] else ""
    if kind == "missing":
        return Fault(place, "field-missing", {"field": last})
    if inside > 0:
        return Fault(place, "cell-unreadable")
    if kind == "extra_forbidden":
        return Fault(place, "field-unknown", {"field": last})
    if kind in ("enum", "literal_error"):
        return Fault(place, "not-one-of", {"field": last, "choices": one["ctx"]["expected"]})
    if kind == "value_error":
        return Fault(place, "not-whole", {"said": str(one["ctx"]["error"])})
    return Fault(place, "form-wrong", {"field": last, "said": one["msg"]})
