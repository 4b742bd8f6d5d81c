"""What the desk looks at, and a line in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from admin.formats import yuan
from admin.subsidies.reading import told_reasons
from admin.words import word
from server import clock
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.policies.programmes.vocabulary import FACTS, Fact, FactKind
from server.subsidies.desk.queries import Looked
from server.subsidies.reckoning.figures import programme_of

YEAR = timedelta(days=334)
ROW, CASE = re.compile(r"(?:rows?|and) ([0-9]+)"), re.compile(r"no\. ([0-9]+)")


def looked_at(filters: Mapping[str, Any]) -> Looked:
    """Return the twelve months that are asked for; those up to this one where none are."""
    since = filters["since"] or (clock.today().replace(day=15) - YEAR)
    return Looked(since.replace(day=1), filters["known"])


def in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    """Return the filters as they stand in an address."""
    said = {"since": "%Y-%m", "month": "%Y-%m", "known": "%Y-%m-%d"}
    return {name: f"{filters[name]:{how}}" for name, how in said.items() if filters.get(name)}


@dataclass(frozen=True)
class Programme:
    """A row of the overview: what a programme comes to in each of twelve months."""

    code: str
    by_month: Sequence[int]
    lines: int
    refused: int

    @property
    def fen(self) -> int:
        """All twelve months together."""
        return sum(self.by_month)


def programmes_of(rows: Sequence[Row[Any]], months: Sequence[date]) -> Sequence[Programme]:
    """Return the programmes, the most paid first."""
    codes = sorted({row.programme for row in rows})
    fen = {(row.programme, row.month): int(row.fen) for row in rows}
    found = [
        Programme(
            code,
            [fen.get((code, month), 0) for month in months],
            sum(row.lines for row in rows if row.programme == code),
            sum(row.refused for row in rows if row.programme == code),
        )
        for code in codes
    ]
    return sorted(found, key=lambda one: (-one.fen, one.code))


def by_month_of(rows: Sequence[Row[Any]], months: Sequence[date]) -> Sequence[int]:
    """Return what all of these come to in each month."""
    return [sum(int(row.fen) for row in rows if row.month == month) for month in months]


@dataclass(frozen=True)
class Held:
    """What is in a sum and is not paid with its run."""

    lines: int
    fen: int


def held_of(
    rows: Sequence[Row[Any]], *, programme: str | None = None, month: date | None = None
) -> Held:
    """Return what is held out, of one programme or of all, in one month or in all."""
    of_it = [
        row for row in rows if programme in (None, row.programme) and month in (None, row.month)
    ]
    return Held(sum(row.lines for row in of_it), int(sum(row.fen for row in of_it)))


def facts_in_words(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the frozen facts by their names, with their values as a reader says them."""
    known = [(FACTS[name], value) for name, value in sorted(facts.items()) if name in FACTS]
    return [(_in_language(fact.zh, fact.en), _value(fact, value)) for fact, value in known]


@dataclass(frozen=True)
class Rule:
    """A figure that took part in the amount, and the clause it rests on."""

    name: str
    figure: str
    basis: str


def rules_of(line: Row[Any]) -> Sequence[Rule]:
    """Return the rows of the policy that matched, each with its clause."""
    amounts, factors = _by_id(line.policy["amounts"]), _by_id(line.policy)
    matched = [(amounts, line.trace.get("rows", {})), (factors, line.trace.get("factors", {}))]
    return [
        _rule(tables[table], tables[table]["rows"][number], line.policy)
        for tables, rows in matched
        for table, number in rows.items()
        if table in tables and isinstance(number, int) and number < len(tables[table]["rows"])
    ]


def reasons_of(line: Row[Any]) -> str:
    """Return why a line came to nothing, in words."""
    return told_reasons(programme_of(line.policy), line.trace)


def _by_id(part: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    tables = part.get("tables") or part.get("factors") or []
    return {one["id"]: one for one in tables}


def _rule(table: Mapping[str, Any], row: Mapping[str, Any], policy: Mapping[str, Any]) -> Rule:
    document = (policy.get("documents") or {}).get(row.get("document") or "", {})
    fen, percent = row.get("fen"), row.get("percent")
    figure = _("{amount} yuan", amount=yuan(fen)) if fen is not None else f"{percent or '—'} %"
    name = table.get("name") or {}
    basis = f"{document.get('title', '')} {row.get('clause') or ''}".strip()
    return Rule(_in_language(name.get("zh", ""), name.get("en", "")), figure, basis or "—")


def _in_language(zh: str, en: str) -> str:
    return en if current_language() == "en" else zh


def _value(fact: Fact, value: Any) -> str:
    if value is None:
        return _("not known")
    if fact.kind is FactKind.YES_NO:
        return _("Yes") if value else _("No")
    if fact.kind is FactKind.FEN:
        return yuan(value)
    if fact.kind is FactKind.CHOICE:
        return word("fact_choice", value)
    return str(value)


def basis_words(source: str) -> str:
    """Return what a check rests on: the cross-checks that it answers, and public audits."""
    told = [_("cross-check {number}", number=one) for one in ROW.findall(source)]
    told += [_("public audit case {number}", number=one) for one in CASE.findall(source)]
    return _("; ").join(told)
