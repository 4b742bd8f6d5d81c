"""Answers as schemas say them, without a call for each value."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import marshmallow as ma
from marshmallow import fields

Shape = Callable[[Any], Any]


class AnswerSchema(ma.Schema):
    """Base of what is answered: it chooses and names members, and orjson writes their values.

    Views hand over mappings of plain values (numbers, texts, days, instants, enums of text), which
    orjson writes exactly as marshmallow would. A member that is not there is left out.
    """

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the members of the schema as plain values, in the schema's order."""
        if self.many if many is None else many:
            return [self._shaped(item) for item in obj]
        return self._shaped(obj)

    @cached_property
    def _members(self) -> Iterable[tuple[str, str, Shape | None]]:
        return [
            (field.data_key or name, field.attribute or name, _shape_of(field))
            for name, field in self.dump_fields.items()
        ]

    def _shaped(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: given[name] if shape is None else shape(given[name])
            for key, name, shape in self._members
            if name in given
        }


def _shape_of(field: fields.Field[Any]) -> Shape | None:
    """Return what picks the members within this field; None where its value is plain."""
    if isinstance(field, fields.Nested):
        schema = field.schema
        return lambda given: None if given is None else schema.dump(given)
    if isinstance(field, fields.List):
        inner = _shape_of(field.inner)
        return None if inner is None else lambda given: [inner(item) for item in given or ()]
    return None
