"""A version with some of its figures changed: by place, checked as a file is."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from server.policies.programmes.figures import based_of, list_faults
from server.policies.programmes.schema import Programme
from server.subsidies.reckoning.errors import NoFigureThere

CHANGEABLE = ("fen", "percent", "is", "when", "days", "by", "unit", "how", "from", "to")


def programme_of(content: Mapping[str, Any], changes: Mapping[str, Any] = {}) -> Programme:
    """Return the programme of a version, changed figure by figure.

    A change is a place and its value: `amounts.by_ability.1.fen` → 35000. Raises `NoFigureThere`.
    """
    changed = deepcopy(dict(content))
    for place, value in changes.items():
        _change(changed, place, value)
    try:
        programme = Programme.model_validate(changed)
    except ValidationError as error:
        raise NoFigureThere(place=next(iter(changes), "")) from error
    if changes and len(list_faults(programme)) > len(list_faults(programme_of(content))):
        raise NoFigureThere(place=next(iter(changes)))
    return programme


def amounts_in(programme: Programme) -> Mapping[str, int]:
    """Return every figure that is a number, by its place: what a trial may change."""
    return {
        f"{place}.{name}": value
        for place, figure in based_of(programme)
        for name in ("fen", "percent", "days")
        if type(value := getattr(figure, name, None)) is int
    }


def _change(content: dict[str, Any], place: str, value: Any) -> None:
    *way, name = place.split(".")
    found: Any = content
    for part in way:
        found = _step(found, part, place)
    if not way or not isinstance(found, dict) or name not in found or name not in CHANGEABLE:
        raise NoFigureThere(place=place)
    found[name] = value


def _step(found: Any, part: str, place: str) -> Any:
    """Go one step down: into a key, the element of that name, or the row of that number."""
    if isinstance(found, dict):
        if part in found:
            return found[part]
        found = found.get("tables") or found.get("rows")
    if isinstance(found, list):
        for number, one in enumerate(found):
            if part in (one.get("id"), one.get("family"), str(number)):
                return one
    raise NoFigureThere(place=place)
