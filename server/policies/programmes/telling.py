"""A programme as rows that can be read: each figure in words, with its clause beside it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.i18n.money import in_yuan
from server.policies.programmes.figures import Figure, figures_of
from server.policies.programmes.schema import (
    AmountRow,
    Approval,
    Cap,
    Claim,
    Condition,
    Counts,
    Exclusion,
    Notice,
    PercentRow,
    Programme,
    Recovery,
    Rounding,
)
from server.policies.programmes.terms import Based
from server.policies.programmes.wording import (
    amount_words,
    cell_words,
    enumerated,
    fact_name,
    family_name,
    said,
    when_words,
)

OF_A_BASIS = {"document", "clause", "from_", "to"}


@dataclass(frozen=True)
class Told:
    """A figure in words. `key` and `value` are the same in every language, to compare by."""

    group: str
    table: str
    what: str
    figure: str
    based: Based
    document: str
    standing: str
    key: str
    value: str

    def holds_on(self, day: date) -> bool:
        """True where the figure is in force on the civil day."""
        return self.based.holds_on(day)


@dataclass(frozen=True)
class Matrix:
    """The amounts of one table times the hundredths of one factor, as a leaflet shows them."""

    rows_name: str
    columns_name: str
    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


def told_of(programme: Programme) -> list[Told]:
    """Return every figure of the programme, in the order of its file."""
    return [_told(programme, one) for one in figures_of(programme)]


def named_in(programme: Programme) -> Mapping[str, Told]:
    """Return every figure in words by the name that an outcome calls it by."""
    return {one.name: _told(programme, one) for one in figures_of(programme)}


def place_words(programme: Programme, place: str) -> str:
    """Return a number of the programme in words, by its place: `amounts.by_ability.1.fen`."""
    told = named_in(programme).get(place.rpartition(".")[0])
    return "：".join(filter(None, (told.table, told.what))) if told else place


def matrix_of(programme: Programme, *, on: date) -> Matrix | None:
    """Return amounts by factor on the day, where there is one table of amounts and one factor."""
    tables = programme.amounts.tables if programme.amounts else []
    if len(tables) != 1 or len(programme.factors) != 1:
        return None
    amounts = [row for row in tables[0].rows if row.holds_on(on) and row.fen is not None]
    factors = [row for row in programme.factors[0].rows if row.holds_on(on)]
    if not amounts or not factors or len(amounts) != len(tables[0].rows):
        return None
    return Matrix(
        said(tables[0].name),
        said(programme.factors[0].name),
        " \\ ".join(filter(None, (_one_fact(amounts), _one_fact(factors)))),
        _heads(factors),
        [
            (head, [_product(row, factor) for factor in factors])
            for head, row in zip(_heads(amounts), amounts, strict=True)
        ],
    )


def _heads(rows: Sequence[AmountRow | PercentRow]) -> list[str]:
    """What tells the rows of a table apart: where all go by one fact, its values alone."""
    if _one_fact(rows):
        return [cell_words(*next(iter(row.when.items()))) for row in rows]
    return [when_words(row.when) for row in rows]


def _one_fact(rows: Sequence[AmountRow | PercentRow]) -> str:
    """The name of the one fact that all rows go by; nothing where there are others."""
    asked = {tuple(row.when) for row in rows}
    names = next(iter(asked))
    return fact_name(names[0]) if len(asked) == 1 and len(names) == 1 else ""


def _product(row: AmountRow, factor: PercentRow) -> str:
    fen = Fraction((row.fen or 0) * factor.percent, 100)
    return in_yuan(int(fen)) if fen.denominator == 1 else f"{float(fen) / 100:.4f}"


def _told(programme: Programme, one: Figure) -> Told:
    based = one.based
    document = programme.documents[based.document]
    return Told(
        group=str(one.place[0]),
        table=_table_of(programme, one),
        what=WHAT[type(based)](based),
        figure=FIGURE[type(based)](based),
        based=based,
        document=document.title,
        standing=document.standing,
        key=_key_of(one),
        value=_plain(based, OF_A_BASIS | {"when", "id"}),
    )


def _table_of(programme: Programme, one: Figure) -> str:
    if one.place[0] == "amounts" and programme.amounts is not None:
        return said(programme.amounts.tables[int(one.place[2])].name)
    if one.place[0] == "factors":
        return said(programme.factors[int(one.place[1])].name)
    return ""


def _key_of(one: Figure) -> str:
    """A row of a table is known by the cases it is for: its number changes with a row above it."""
    if not isinstance(one.based, AmountRow | PercentRow):
        return one.name
    asked = one.based.model_dump(mode="json")["when"]
    return f"{one.name.rpartition('.')[0]} {json.dumps(asked, sort_keys=True)}"


def _plain(based: Based, without: set[str]) -> str:
    return json.dumps(based.model_dump(mode="json", exclude=without), sort_keys=True)


def _rounds(one: Rounding) -> str:
    return pgettext("policy_rounding", f"{one.unit}-{one.how}")


def _counts(one: Counts) -> str:
    return pgettext("policy_counting", one.by.value, fact=fact_name(one.fact), days=one.days)


def _cap_what(one: Cap) -> str:
    per = pgettext("policy_cap", one.per)
    return f"{per}（{when_words(one.when)}）" if one.when else per


def _cap(one: Cap) -> str:
    if one.fen is not None:
        return _("{amount} yuan", amount=in_yuan(one.fen))
    return fact_name(one.fact or "")


def _claim(one: Claim) -> str:
    who = pgettext("policy_claim", one.by)
    windows = enumerated(f"{window.opens} – {window.closes}" for window in one.windows)
    papers = enumerated(said(paper.name) for paper in one.evidence)
    return "；".join(filter(None, (who, windows, papers)))


def _approval(one: Approval) -> str:
    return " → ".join(
        _("{stage}: {days} working days", stage=pgettext("policy_stage", stage.at),
          days=stage.working_days)
        for stage in one.stages
    )  # fmt: skip


WHAT: Mapping[type[Based], Callable[[Any], str]] = {
    Condition: lambda one: fact_name(one.fact),
    AmountRow: lambda one: when_words(one.when),
    PercentRow: lambda one: when_words(one.when),
    Counts: lambda one: _("How it counts"),
    Cap: _cap_what,
    Exclusion: lambda one: _("Not together with"),
    Rounding: lambda one: _("Rounding"),
    Claim: lambda one: _("Who asks"),
    Approval: lambda one: _("Approval"),
    Notice: lambda one: _("Days of public notice"),
    Recovery: lambda one: _("Taken back of one payment at most"),
}
FIGURE: Mapping[type[Based], Callable[[Any], str]] = {
    Condition: lambda one: cell_words(one.fact, one.is_),
    AmountRow: amount_words,
    PercentRow: lambda one: f"{one.percent} %",
    Counts: _counts,
    Cap: _cap,
    Exclusion: lambda one: family_name(one.family),
    Rounding: _rounds,
    Claim: _claim,
    Approval: _approval,
    Notice: lambda one: _("{number} days", number=one.days),
    Recovery: lambda one: f"{one.most_percent} %",
}
