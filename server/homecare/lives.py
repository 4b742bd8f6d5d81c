"""What lives that are tables have in common: from where to where, who, what must be there, by when.

A bed at home and a renovation each have one such table; their documents and every refusal are made
from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)
Need = TypeVar("Need", bound=StrEnum)
Facts = TypeVar("Facts")

FILE, DECIDE, RUN, ACCEPT, APPLY = (
    "homecare.file",
    "homecare.decide",
    "homecare.run",
    "homecare.accept",
    "homecare.apply",
)


class Told(StrEnum):
    """Who gets a message of a step."""

    RESIDENT = "resident"  # the elder's own phone, and helpers who may apply
    PROVIDER = "provider"
    COUNTY = "county"  # with all else that waits for it, in one message of the next morning


@dataclass(frozen=True)
class Move(Generic[State, Step, Need]):
    """One row of a table: whoever holds one of the permissions may take the step."""

    step: Step
    before: Sequence[State]
    after: State
    permissions: Sequence[str]
    needs: Sequence[Need] = ()
    tells: Sequence[Told] = ()


@dataclass(frozen=True)
class Life(Generic[State, Step, Need, Facts]):
    """A whole table.

    `is_there` says of each need whether the facts hold it. `next_step` is what is waited for in a
    state; a state that may last has none. `said_with_it` is what whoever takes the step says in
    taking it, so that it is not missed before.
    """

    table: Sequence[Move[State, Step, Need]]
    is_there: Mapping[Need, Callable[[Facts], bool]]
    next_step: Mapping[State, Step]
    said_with_it: Mapping[Step, frozenset[Need]] = field(default_factory=dict)

    @cached_property
    def moves(self) -> Mapping[Step, Move[State, Step, Need]]:
        """The rows by their step, in the order of the table."""
        return {move.step: move for move in self.table}

    def missing(self, move: Move[State, Step, Need], facts: Facts) -> list[Need]:
        """Return all that is not there yet, in the order of the table."""
        return [need for need in move.needs if not self.is_there[need](facts)]

    def missing_before(self, step: Step, facts: Facts) -> list[Need]:
        """Return what must be seen to before whoever takes the step can begin."""
        said = self.said_with_it.get(step, frozenset())
        return [need for need in self.missing(self.moves[step], facts) if need not in said]

    def steps_from(self, state: State) -> list[Move[State, Step, Need]]:
        """Return what may follow a state, in the order of the table."""
        return [move for move in self.table if state in move.before]
