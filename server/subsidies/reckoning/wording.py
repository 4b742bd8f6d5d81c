"""Facts, cells and figures of a programme as sentences say them, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.policies.programmes.schema import Programme
from server.policies.programmes.terms import Based, Between, Cell, Words, bounds_of
from server.policies.programmes.vocabulary import FACTS, FactKind

SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}


def said(words: Words) -> str:
    """Return words of a file in the reader's language."""
    return words.zh if current_language() == "zh-CN" else words.en


def fact_name(fact: str) -> str:
    """Return what officials call a fact."""
    known = FACTS.get(fact)
    if known is None:
        return fact
    return known.zh if current_language() == "zh-CN" else known.en


def value_words(fact: str, value: Any) -> str:
    """Return one value of a fact."""
    kind = FACTS[fact].kind if fact in FACTS else None
    if value is None:
        return _("not known")
    if kind is FactKind.FEN:
        return _("{amount} yuan", amount=in_yuan(value))
    if kind is FactKind.YES_NO:
        answer = "yes" if value else "no"
        return pgettext("fact_answer", answer)
    return pgettext("fact_choice", value) if kind is FactKind.CHOICE else str(value)


def cell_words(fact: str, cell: Cell) -> str:
    """Return what a cell asks of a fact: `severe, total`, `≥ 18`."""
    bounds = bounds_of(cell)
    if isinstance(cell, Between):
        told = [f"{SIGNS[name]} {value_words(fact, value)}" for name, value in bounds.items()]
        return listed(told)
    return listed(value_words(fact, one) for one in bounds["among"])


def when_words(when: Mapping[str, Cell]) -> str:
    """Return for which cases a row is."""
    if not when:
        return _("every case")
    return listed(f"{fact_name(fact)} {cell_words(fact, cell)}" for fact, cell in when.items())


def clause_words(programme: Programme, figure: Based) -> str:
    """Return `《…》，clause`, which a figure rests on."""
    document = programme.documents.get(figure.document)
    title = document.title if document else figure.document
    return _("{document}, {clause}", document=title, clause=figure.clause)


def listed(words: Iterable[str]) -> str:
    """Return words one after the other."""
    return ("、" if current_language() == "zh-CN" else ", ").join(words)


def number_words(place: str, value: int) -> str:
    """Return a number of a version with its unit, by its place: `…fen`, `…percent`, `…days`."""
    unit = place.rpartition(".")[2]
    if unit == "fen":
        return yuan(value)
    return f"{value} %" if unit == "percent" else _("{number} days", number=value)


def yuan(fen: int) -> str:
    """Return an amount with its unit."""
    return _("{amount} yuan", amount=in_yuan(fen))
