"""A line in sentences: by which version, which facts, which row of which table by which clause,
what it was multiplied by and cut to, or every reason for nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.policies.programmes.schema import AmountRow, Cap, Programme
from server.policies.programmes.telling import place_words
from server.policies.programmes.terms import Based, Counting, Stack
from server.policies.programmes.vocabulary import SOURCES
from server.policies.programmes.wording import family_name
from server.subsidies.models import Outcome
from server.subsidies.reckoning.before import caps_over
from server.subsidies.reckoning.cells import value_from
from server.subsidies.reckoning.wording import (
    cell_words,
    clause_words,
    fact_name,
    listed,
    number_words,
    said,
    value_words,
    when_words,
    yuan,
)

WHOLE = 100
Trace = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A line with its frozen facts, and the version and changed figures it was reckoned by."""

    programme: Programme
    version_id: int
    since: date
    on_day: date
    facts: Mapping[str, Any]
    outcome: Outcome
    amount_fen: int
    trace: Trace
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """A sentence, and the clause that it rests on, where it does."""

    sentence: str
    clause: str = ""

    @property
    def whole(self) -> str:
        if not self.clause:
            return self.sentence
        return _("{sentence} ({clause})", sentence=self.sentence, clause=self.clause)


def explain(case: Case, *, with_facts: bool = True) -> Sequence[Said]:
    """Return how the line came about, from its version to what is paid.

    Every fact is told after the version, or left out where they stand in a table of their own.
    """
    opening = list(_opening(case, with_facts=with_facts))
    if "before_fen" in case.trace:
        return [*opening, *_put_right(case)]
    return [*opening, *(_refused(case) if "reasons" in case.trace else _given(case))]


def in_brief(case: Case) -> Sequence[Said]:
    """Return why it is so in few sentences: what changed, the rows or the reasons, from what to
    what."""
    is_correction = "before_fen" in case.trace
    because = [reason_words(case.programme, one) for one in case.trace.get("reasons", ())]
    return [
        *(_changed(case) if is_correction else ()),
        *(because or _figures(case)),
        *([_before_and_now(case)] if is_correction else ()),
    ]


def facts_told(case: Case) -> Sequence[tuple[str, str]]:
    """Return every frozen fact by its name, in the order of the source."""
    source = SOURCES.get(case.programme.facts)
    names = source.facts if source else sorted(case.facts)
    read = {name: value_from(name, case.facts.get(name)) for name in names}
    return [(fact_name(name), value_words(name, value)) for name, value in read.items()]


def reason_words(programme: Programme, reason: str) -> Said:
    """Return why nothing is paid, by the place in the file: `conditions.in_post`."""
    kind, _dot, name = reason.partition(".")
    if kind == "conditions":
        found = {one.id: one for one in programme.conditions}.get(name)
        if found is not None:
            asked = f"{fact_name(found.fact)} {cell_words(found.fact, found.is_)}"
            return Said(_("Does not meet: {asked}", asked=asked), clause_words(programme, found))
    return Said(pgettext("line_reason", kind, name=_named(programme, kind, name)))


def _named(programme: Programme, kind: str, name: str) -> str:
    tables = programme.amounts.tables if programme.amounts else []
    names = {f"amounts.{one.id}": one.name for one in tables}
    names |= {f"factors.{one.id}": one.name for one in programme.factors}
    found = names.get(f"{kind}.{name}")
    return said(found) if found else family_name(name)


def _opening(case: Case, *, with_facts: bool) -> Iterator[Said]:
    yield Said(
        _("Reckoned by version {number} of “{programme}”, in force since {since}, as on {day}.",
          number=case.version_id, programme=said(case.programme.name), since=case.since,
          day=case.on_day)
    )  # fmt: skip
    # A correction may be of what was taken up before anybody had to ask.
    is_correction = "before_fen" in case.trace
    if case.programme.claim is not None and case.programme.claimant and not is_correction:
        claimed = clause_words(case.programme, case.programme.claim)
        yield Said(_("It was claimed, and the claim was let through"), claimed)
    for place, value in case.changes.items():
        words = {"place": place_words(case.programme, place), "value": number_words(place, value)}
        yield Said(_("A trial: {place} was changed to {value}.", **words))
    if with_facts:
        asked = [f"{name} {value}" for name, value in facts_told(case)]
        yield Said(_("What was known: {facts}.", facts=listed(asked)))


def _put_right(case: Case) -> Iterator[Said]:
    """What was otherwise, what is due by now, and how much more or less that is."""
    yield from _changed(case)
    if case.trace["reasons"]:
        yield from _refused(case)
    else:
        yield from _given(replace(case, amount_fen=case.trace["now_fen"]))
    yield _before_and_now(case)


def _changed(case: Case) -> Iterator[Said]:
    for name, (was, now) in sorted(case.trace["changed"].items()):
        words = {"fact": fact_name(name), "was": value_words(name, value_from(name, was)),
                 "now": value_words(name, value_from(name, now))}  # fmt: skip
        yield Said(_("{fact} was {was}, and is {now}.", **words))


def _before_and_now(case: Case) -> Said:
    words = {"before": yuan(case.trace["before_fen"]), "now": yuan(case.trace["now_fen"]),
             "more": yuan(abs(case.amount_fen))}  # fmt: skip
    if case.amount_fen < 0:
        return Said(
            _("Before it came to {before}, by now to {now}: {more} is taken back.", **words)
        )
    return Said(_("Before it came to {before}, by now to {now}: {more} is paid more.", **words))


def _refused(case: Case) -> Iterator[Said]:
    for reason in case.trace["reasons"]:
        told = reason_words(case.programme, reason)
        asked = _asked_by(case.programme, reason)
        if asked:
            known = listed(f"{fact_name(one)} {_known(case, one)}" for one in asked)
            told = replace(
                told, sentence=_("{why}; it is: {known}", why=told.sentence, known=known)
            )
        yield told
    yield Said(_("Nothing is paid."))


def _asked_by(programme: Programme, reason: str) -> Sequence[str]:
    """The facts that a condition or a table asks, each once, in the order of the file."""
    kind, _dot, name = reason.partition(".")
    if kind == "conditions":
        return [one.fact for one in programme.conditions if one.id == name]
    tables = programme.amounts.tables if kind == "amounts" and programme.amounts else []
    asking: Sequence[Any] = tables if kind == "amounts" else programme.factors
    rows = [row for one in asking if one.id == name for row in one.rows]
    return list(dict.fromkeys(fact for row in rows for fact in row.when))


def _known(case: Case, fact: str) -> str:
    return value_words(fact, value_from(fact, case.facts.get(fact)))


def _given(case: Case) -> Iterator[Said]:
    programme = case.programme
    for one in programme.conditions:
        if one.holds_on(case.on_day):
            value = value_words(one.fact, value_from(one.fact, case.facts.get(one.fact)))
            words = {"fact": fact_name(one.fact), "value": value,
                     "asked": cell_words(one.fact, one.is_)}  # fmt: skip
            yield Said(
                _("{fact} is {value}, as asked: {asked}.", **words), clause_words(programme, one)
            )
    yield from _rows(case)
    yield from _counted(case)
    yield from _factors(case)
    yield from _caps(case)
    yield _amount(case)


def _rows(case: Case) -> Iterator[Said]:
    amounts = case.programme.amounts
    tables = amounts.tables if amounts else []
    for table in tables:
        number = case.trace["rows"].get(table.id)
        if number is not None:
            row = table.rows[number]
            words = {"table": said(table.name), "number": number + 1,
                     "when": when_words(row.when), "amount": _row_amount(row)}  # fmt: skip
            yield Said(
                _("Table “{table}”, row {number} ({when}): {amount}.", **words),
                clause_words(case.programme, row),
            )
    if len(tables) > 1:
        stack = amounts.stack if amounts else Stack.SUM
        how = pgettext("line_stack", stack.value)
        yield Said(_("{how}: {amount}.", how=how, amount=yuan(case.trace["base_fen"])))


def _figures(case: Case) -> Iterator[Said]:
    """The rows, what they are multiplied by, and the caps, by what they say alone."""
    amounts = case.programme.amounts
    for table in amounts.tables if amounts else []:
        number = case.trace["rows"].get(table.id)
        if number is not None:
            row = table.rows[number]
            words = {"when": when_words(row.when), "amount": _row_amount(row)}
            yield Said(_("{when}: {amount}", **words), clause_words(case.programme, row))
    if list(case.trace["count"]) != [1, 1]:
        yield from _counted(case)
    yield from _factors_in_brief(case)
    yield from _cuts(case)


def _factors_in_brief(case: Case) -> Iterator[Said]:
    for table in case.programme.factors:
        row = table.rows[case.trace["factors"][table.id]]
        words = {"when": when_words(row.when), "percent": row.percent}
        if row.percent != WHOLE:
            yield Said(_("{when}: {percent} % of it", **words), clause_words(case.programme, row))


def _row_amount(row: AmountRow) -> str:
    if row.fen is not None:
        return yuan(row.fen)
    return _("{percent} % of {fact}", percent=row.percent, fact=fact_name(row.of or ""))


def _counted(case: Case) -> Iterator[Said]:
    counts = case.programme.counts
    if counts is None or not counts.holds_on(case.on_day):
        return
    above, below = case.trace["count"]
    often = str(above) if below == 1 else f"{above}/{below}"
    words = {
        "how": pgettext("line_counting", counts.by.value, days=counts.days),
        "fact": fact_name(counts.fact),
        "value": value_words(counts.fact, case.facts.get(counts.fact)), "often": often,
    }  # fmt: skip
    yield Said(
        _("{how}: {fact} {value}, so it counts {often} times.", **words),
        clause_words(case.programme, counts),
    )
    if counts.by in (Counting.BY_DAY, Counting.FULL_MONTH) and not case.facts.get("days_of_month"):
        yield Said(_("The days of the month are not known; it is taken to have 30."))


def _factors(case: Case) -> Iterator[Said]:
    for table in case.programme.factors:
        number = case.trace["factors"][table.id]
        row = table.rows[number]
        words = {"table": said(table.name), "number": number + 1, "when": when_words(row.when),
                 "percent": row.percent}  # fmt: skip
        yield Said(
            _("Factor “{table}”, row {number} ({when}): {percent} %.", **words),
            clause_words(case.programme, row),
        )


def _caps(case: Case) -> Iterator[Said]:
    before = case.trace.get("before", {})
    told = () if "before_fen" in case.trace else caps_over(case.programme)
    for per in told:
        had = yuan(before.get(per, 0))
        yield Said(pgettext("line_before", per, amount=had))
    yield from _cuts(case)


def _cuts(case: Case) -> Iterator[Said]:
    capped = case.trace.get("capped", ())
    for cap in case.programme.caps:
        if cap.id in capped:
            words = {"per": pgettext("line_cap", cap.per), "most": _most(case, cap)}
            yield Said(_("Cut to the cap {per}: {most}.", **words), _clause(case, cap))


def _most(case: Case, cap: Cap) -> str:
    if cap.fen is not None:
        return yuan(cap.fen)
    fact = cap.fact or ""
    return f"{fact_name(fact)} {value_words(fact, case.facts.get(fact))}"


def _amount(case: Case) -> Said:
    rounding = case.programme.rounding
    amount = yuan(case.amount_fen)
    if rounding is None or not rounding.holds_on(case.on_day):
        return Said(_("Rounded once, half up to the fen: {amount}.", amount=amount))
    how = pgettext("line_rounding", f"{rounding.unit} {rounding.how}")
    words = _("Rounded once, {how}: {amount}.", how=how, amount=amount)
    return Said(words, _clause(case, rounding))


def _clause(case: Case, figure: Based) -> str:
    return clause_words(case.programme, figure)
