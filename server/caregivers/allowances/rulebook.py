"""The city's figures for allowances, and which of them hold on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from server.caregivers.allowances.given import Basis, Rule
from server.caregivers.allowances.terms import (
    HOURS,
    PARTS,
    WINDOWS,
    Conditions,
    Continuity,
    Programme,
    Terms,
    Window,
    read_figure,
)

UNSAID = {
    "instalments": list,
    "conditions": Conditions,
    "continuity": Continuity,
    "terms": Terms,
}


@dataclass(frozen=True)
class DatedFigure:
    """A parameter as it stands in the city."""

    basis: Basis
    value: Any
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    @cached_property
    def figure(self) -> Any:
        return read_figure(self.basis.key, self.value)


class Rulebook:
    """All figures, old ones too, read once. Raises `AllowanceRuleUnreadable` when one is used."""

    def __init__(self, figures: Sequence[DatedFigure]) -> None:
        self._figures = figures
        self._on: dict[date, Mapping[Programme, Rule]] = {}

    def rules_on(self, day: date) -> Mapping[Programme, Rule]:
        """Return the programmes in force on the day: those whose amounts are."""
        if day not in self._on:
            held = {one.basis.key: one for one in self._figures if one.holds_on(day)}
            self._on[day] = {
                programme: _rule(programme, held)
                for programme in Programme
                if f"{programme}.amounts" in held
            }
        return self._on[day]

    def windows_on(self, day: date) -> Sequence[Window]:
        """Return when claims are taken, as it is said on the day."""
        held = (one for one in self._figures if one.holds_on(day) and one.basis.key == WINDOWS)
        return next((one.figure for one in held), [])


def _rule(programme: Programme, held: Mapping[str, DatedFigure]) -> Rule:
    own = {part: held[f"{programme}.{part}"] for part in PARTS if f"{programme}.{part}" in held}
    parts = {part: unsaid() for part, unsaid in UNSAID.items()}
    parts |= {part: one.figure for part, one in own.items()}
    bases = {part: one.basis for part, one in own.items()}
    if HOURS in held:
        bases["hours"] = held[HOURS].basis
    hours = held[HOURS].figure if HOURS in held else None
    return Rule(programme, **parts, bases=bases, hours_a_year=hours)
