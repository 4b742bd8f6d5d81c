"""What money somebody has earned or will earn, exactly as the allowances judge it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from server.caregivers.allowances.conditions import spans_that_count
from server.caregivers.allowances.days import reached_on
from server.caregivers.allowances.given import Known, Verdict
from server.caregivers.allowances.papers import missing_papers
from server.caregivers.allowances.rulebook import Rulebook
from server.caregivers.allowances.rules import judge_steps
from server.caregivers.allowances.terms import Programme

# What is to come, or can still be put right: none of it keeps anybody from being reminded.
MENDABLE = frozenset(
    {
        "years-not-full", "contract-missing", "contract-too-short", "insurance-not-so",
        "degree-missing", "degree-not-recognised", "certificate-missing", "certificate-expired",
        "certificate-annulled", "payee-missing",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """An instalment of the entry reward that is paid from a day on, and at which site.

    `is_entitled` says that it could be claimed on the day itself, with nothing to put right.
    """

    number: int
    due_on: date
    site_id: int
    is_entitled: bool


@dataclass(frozen=True)
class Earned:
    """What an allowance could bring, the day its months in post are full, and what it lacks."""

    steps: tuple[Step, ...]
    in_post_on: date | None
    missing: dict[Programme, frozenset[str]]


def earned(known: Known, rulebook: Rulebook, day: date, claimed: Collection[str]) -> Earned:
    """Return what is known of somebody's money on the day; `claimed` instalments are left out."""
    rules = rulebook.rules_on(day)
    return Earned(
        tuple(_steps(known, rulebook, day, claimed)),
        in_post_on(known, rulebook, day),
        {
            programme: frozenset(paper.value for paper in missing_papers(known, rule, day))
            for programme, rule in rules.items()
        },
    )


def in_post_on(known: Known, rulebook: Rulebook, day: date) -> date | None:
    """Return the day on which the months that the post allowance asks for are full."""
    rule = rulebook.rules_on(day).get(Programme.POST_ALLOWANCE)
    if rule is None:
        return None
    return reached_on(spans_that_count(known, rule), rule.conditions.months_in_post or 0)


def _steps(known: Known, rulebook: Rulebook, day: date, claimed: Collection[str]) -> Iterator[Step]:
    for one in judge_steps(known, rulebook, Programme.ENTRY_REWARD, as_of=day):
        if one.due_on is not None and one.period not in claimed and _comes_to_money(one):
            yield Step(int(one.period), one.due_on, one.site_id, one.is_entitled)


def _comes_to_money(verdict: Verdict) -> bool:
    return all(reason.holds or reason.code in MENDABLE for reason in verdict.reasons)
