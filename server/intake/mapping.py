"""The small YAML file that says which column of a foreign table means what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from server.intake.columns import Column, plain
from server.intake.errors import MappingUnusable


class TableMapping(BaseModel):
    """What one kind of file holds: a column per field, and what goes without saying."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: Mapping[str, Column]
    constants: Mapping[str, str] = {}

    @property
    def required_headings(self) -> list[str]:
        """The heading by which the mapping itself calls each column that must be there."""
        return [column.headings[0] for column in self.columns.values() if column.required]

    def names_all_required(self, cells: Sequence[str]) -> bool:
        """True when the cells can be this mapping's headings."""
        found = {plain(cell) for cell in cells}
        return all(
            not found.isdisjoint(map(plain, column.headings))
            for column in self.columns.values()
            if column.required
        )

    def places_in(self, headings: Sequence[str]) -> dict[str, int]:
        """Return the index at which each field stands; fields the table does not have are left out.

        An earlier heading of the mapping wins over a later one, as does an earlier column.
        """
        at = {plain(heading): index for index, heading in reversed([*enumerate(headings)])}
        places = {}
        for field, column in self.columns.items():
            known = [at[key] for key in map(plain, column.headings) if key in at]
            if known:
                places[field] = known[0]
        return places


@dataclass(frozen=True)
class Target:
    """What one of our fields can take, so that no mapping can put in what would not fit."""

    parsers: tuple[str, ...] = ("text", "name")
    longest: int | None = None
    choices: frozenset[str] | None = None

    def takes(self, column: Column) -> bool:
        """True when what the column gives always fits here."""
        return column.parser in self.parsers and set(column.terms.values()) <= (
            self.choices or set()
        )

    def takes_constant(self, constant: str) -> bool:
        """True when the constant fits here."""
        if self.choices is not None:
            return constant in self.choices
        return "text" in self.parsers and len(constant) <= (self.longest or len(constant))

    def narrowed(self, column: Column) -> Column:
        """The column, allowing no longer words than fit here."""
        longest = min(column.longest, self.longest or column.longest)
        return column.model_copy(update={"longest": longest})


def read_mapping(path: Path, *, targets: Mapping[str, Target]) -> TableMapping:
    """Read a mapping to these targets; raises `MappingUnusable` naming the part that is wrong."""
    mapping = _parsed_mapping(path)
    for field, column in mapping.columns.items():
        if field not in targets or not targets[field].takes(column):
            raise MappingUnusable(file=path.name, part=f"columns.{field}")
    for field, constant in mapping.constants.items():
        if field not in targets or not targets[field].takes_constant(constant):
            raise MappingUnusable(file=path.name, part=f"constants.{field}")
    if not mapping.required_headings:
        raise MappingUnusable(file=path.name, part="columns")

    columns = {field: targets[field].narrowed(column) for field, column in mapping.columns.items()}
    return mapping.model_copy(update={"columns": columns})


def _parsed_mapping(path: Path) -> TableMapping:
    try:
        return TableMapping.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise MappingUnusable(file=path.name, part="YAML") from problem
    except ValidationError as problem:
        part = ".".join(map(str, problem.errors()[0]["loc"])) or "columns"
        raise MappingUnusable(file=path.name, part=part) from problem
