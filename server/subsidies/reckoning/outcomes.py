"""An outcome as a line stores it, and what one comes to besides what was paid before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from server.policies.programmes.reckoning import Facts, Outcome, reckon
from server.policies.programmes.schema import Programme


@dataclass(frozen=True)
class Before:
    """What a beneficiary had before the line: fen of this family by `year` and `ever` where the
    programme has such a cap, and the families paid to them for the month that keep it away."""

    year: int = 0
    ever: int = 0
    families: Sequence[str] = field(default=())

    @property
    def stored(self) -> dict[str, Any]:
        """Return what a trace keeps of it: only what there is."""
        whole = {"year": self.year, "ever": self.ever, "paid": list(self.families)}
        return {name: value for name, value in whole.items() if value}


def before_in(trace: Mapping[str, Any]) -> Before:
    """Return what a stored line had found before it."""
    found = trace.get("before", {})
    return Before(found.get("year", 0), found.get("ever", 0), tuple(found.get("paid", ())))


def come_to(programme: Programme, facts: Facts, *, on: date, before: Before) -> Outcome:
    """Return what a case comes to; whoever has the family's pay for the month has it once."""
    paid = {"year": before.year, "ever": before.ever}
    others = [name for name in before.families if name in named(programme)]
    outcome = reckon(programme, facts, on=on, paid=paid, also_paid=others)
    is_had = programme.family in before.families and programme.family not in others
    if is_had and outcome.amount_fen > 0:
        return Outcome(0, reasons=[own_reason(programme)])
    return outcome


def named(programme: Programme) -> Sequence[str]:
    """Return the families that the programme names as keeping it away."""
    return [one.family for one in programme.excludes]


def own_reason(programme: Programme) -> str:
    """Return the reason of whoever is paid of the same family already."""
    return f"excludes.{programme.family}"


def word_of(outcome: Outcome) -> str:
    """Return the outcome's word as lines have it."""
    if outcome.reasons:
        return "refused"
    return "due" if outcome.amount_fen > 0 else "nothing"


def trace_of(programme: Programme, outcome: Outcome, before: Before) -> dict[str, Any]:
    """Return how an outcome came about, as its line stores it; the own family where it refuses."""
    told = (*named(programme), *_own_reasons(programme, outcome))
    found = replace(before, families=[name for name in before.families if name in told]).stored
    known = {"before": found} if found else {}
    if outcome.reasons:
        return {"reasons": list(outcome.reasons), **known}
    cut = {"capped": list(outcome.capped)} if outcome.capped else {}
    return {
        "base_fen": outcome.base_fen,
        "count": list(outcome.count),
        "rows": dict(outcome.rows),
        "factors": dict(outcome.factors),
        **cut,
        **known,
    }


def _own_reasons(programme: Programme, outcome: Outcome) -> Sequence[str]:
    return [programme.family] if own_reason(programme) in outcome.reasons else []
