"""A programme in the words of officials, in the reader's language: cells, cases, faults."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.policies.programmes.reading import FileFault
from server.policies.programmes.schema import AmountRow
from server.policies.programmes.terms import Between, Cell, Words
from server.policies.programmes.vocabulary import FACTS, FAMILIES, SOURCES, FactKind

BOUNDS = {"at_least": "≥ {value}", "above": "> {value}", "at_most": "≤ {value}",
          "below": "< {value}"}  # fmt: skip


def said(words: Words | None) -> str:
    """Return the words in the reader's language."""
    if words is None:
        return ""
    return words.zh if current_language() == "zh-CN" else words.en


def _chosen(zh: str, en: str) -> str:
    return zh if current_language() == "zh-CN" else en


def fact_name(fact: str) -> str:
    """Return what officials call a fact."""
    known = FACTS.get(fact)
    return _chosen(known.zh, known.en) if known else fact


def source_name(source: str) -> str:
    """Return what one case of a source is."""
    known = SOURCES.get(source)
    return _chosen(known.zh, known.en) if known else source


def family_name(family: str) -> str:
    """Return what programmes of a family are called together."""
    return _chosen(*FAMILIES[family]) if family in FAMILIES else family


def value_words(fact: str, value: Any) -> str:
    """Return one value of a fact, as it is said."""
    kind = FACTS[fact].kind if fact in FACTS else FactKind.WHOLE
    if value is None:
        return _("not known")
    if kind is FactKind.CHOICE:
        return pgettext("policy_choice", str(value))
    if kind is FactKind.YES_NO:
        return _("yes") if value else _("no")
    return _("{amount} yuan", amount=in_yuan(value)) if kind is FactKind.FEN else str(value)


def cell_words(fact: str, cell: Cell) -> str:
    """Return what a cell asks of its fact: `severe, total`, `≥ 3`, `65–79`."""
    if not isinstance(cell, Between):
        return enumerated(value_words(fact, one) for one in _several(cell))
    if cell.model_fields_set == {"at_least", "at_most"}:
        return f"{value_words(fact, cell.at_least)}–{value_words(fact, cell.at_most)}"
    return enumerated(
        form.format(value=value_words(fact, getattr(cell, bound)))
        for bound, form in BOUNDS.items()
        if getattr(cell, bound) is not None
    )


def enumerated(words: Iterable[str]) -> str:
    """Return the words one after the other, as the language separates them."""
    return _chosen("、", ", ").join(words)


def when_words(when: Mapping[str, Cell]) -> str:
    """Return which cases a row is for; a row without any is for all that are left."""
    if not when:
        return _("every case")
    told = [f"{fact_name(fact)} {cell_words(fact, cell)}" for fact, cell in when.items()]
    return _chosen("，", "; ").join(told)


def amount_words(row: AmountRow) -> str:
    """Return `300.00 yuan`, or `50 % of what the service cost`."""
    if row.fen is not None:
        return _("{amount} yuan", amount=in_yuan(row.fen))
    return _("{percent} % of: {fact}", percent=row.percent, fact=fact_name(row.of or ""))


def reason_words(reason: str) -> str:
    """Return what keeps a case away, by its place: `conditions.in_post`."""
    kind, _dot, name = reason.partition(".")
    return f"{pgettext('policy_reason', kind)}（{name}）"


def fault_sentence(fault: FileFault) -> str:
    """Return what is to be mended in one sentence, without file and line."""
    facts = dict(fault.facts)
    if "fact" in facts:
        facts["name"] = fact_name(facts["fact"])
    if fault.code == "not-whole":
        reason = str(facts["said"])
        facts["said"] = pgettext("policy_fault_said", reason)
    return pgettext("policy_fault", fault.code, **facts)


def place_words(fault: FileFault) -> str:
    """Return where in its file a fault is: `amounts.tables.0.rows.2`."""
    return ".".join(map(str, fault.place))


def source_words(source: str) -> str:
    """Return where a document was read; of those that ship, by its number in the collection."""
    if source.startswith("no published"):
        return _("No published rule was found.")
    if "domain.md" not in source:
        return source
    numbers = enumerated(re.findall(r"\bS[0-9]+\b", source))
    return " ".join(filter(None, (_("The platform's collection of sources"), numbers)))


def _several(cell: Any) -> list[Any]:
    return cell if isinstance(cell, list) else [cell]
