"""A programme proves itself: each of its examples is reckoned and held against what it says."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.policies.programmes.figures import known_value
from server.policies.programmes.reckoning import Outcome, reckon
from server.policies.programmes.schema import Example, Programme


@dataclass(frozen=True)
class Tried:
    """An example with what came out."""

    programme: str
    example: Example
    outcome: Outcome

    @property
    def because(self) -> Sequence[str]:
        """What refuses the case, by the names an example uses: the last word of each reason."""
        return sorted({reason.partition(".")[2] for reason in self.outcome.reasons})

    @property
    def holds(self) -> bool:
        """True where the amount and every reason are as the example says."""
        is_amount = self.outcome.amount_fen == self.example.gets
        return is_amount and list(self.because) == sorted(set(self.example.because))


def try_examples(programme: Programme) -> list[Tried]:
    """Reckon every example of a programme; one that is off pays nothing, so nothing is tried."""
    if not programme.is_on:
        return []
    return [try_example(programme, example) for example in programme.examples]


def try_example(programme: Programme, example: Example) -> Tried:
    """Reckon an example as of the last day of its month."""
    outcome = reckon(
        programme,
        facts_of_example(example),
        on=last_day(example.month),
        paid={str(span): fen for span, fen in example.paid.items()},
        also_paid=example.also_paid,
    )
    return Tried(programme.programme, example, outcome)


def facts_of_example(example: Example) -> Mapping[str, Any]:
    """Return the facts as a run would have them."""
    return {fact: known_value(fact, value) for fact, value in example.facts.items()}


def last_day(month: str) -> date:
    """Return the last civil day of `2026-01`."""
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, monthrange(year, number)[1])
