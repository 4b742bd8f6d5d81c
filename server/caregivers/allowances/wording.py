"""Reasons as sentences, for every face: what was looked at, and the clause behind it."""

from collections.abc import Mapping
from typing import Any

from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.i18n.facts import readable

# Facts that are codes, with the context under which the catalogues say them.
CODED = {
    "degree": "allowance_degree",
    "post": "allowance_post",
    "payer": "allowance_payer",
    "kind": "allowance_breach",
    "level": "allowance_level",
}

Told = Mapping[str, Any]


def reason_sentence(reason: Told) -> str:
    """Return one reason in words, without its clause."""
    facts = {
        name: pgettext(CODED[name], str(value)) if name in CODED else _known(value)
        for name, value in reason["facts"].items()
    }
    dressed, code = readable(facts, current_language().replace("-", "_")), str(reason["code"])
    return pgettext("allowance_reason", code, **dressed)


def clause_of(reason: Told) -> str:
    """Return `《…》，clause` that the reason rests on; of an unsourced figure, that it is one."""
    basis = reason["basis"]
    if basis is None:
        return ""
    if not basis["document"]:
        return _("a figure without a published source")
    return _("{document}, {clause}", document=basis["document"], clause=basis["clause"])


def full_sentence(reason: Told) -> str:
    """Return the reason with its clause behind it."""
    clause = clause_of(reason)
    sentence = reason_sentence(reason)
    return _("{sentence}; {clause}", sentence=sentence, clause=clause) if clause else sentence


def advice_for(code: str) -> str:
    """Return what the caregiver can do about a reason that speaks against them, if anything."""
    said = pgettext("allowance_advice", code)
    return "" if said == code else said


def period_words(period: str, programme: str) -> str:
    """Return `2026-06`, `Instalment 2`."""
    if len(period) < 4 and programme != "post_allowance":
        return _("Instalment {number}", number=period)
    return period


def band_words(band: str) -> str:
    """Return by what the amount goes: `level 3`, `bachelor`, `from 5 years on`."""
    kind, _colon, value = band.partition(":")
    if kind in ("degree", "level"):
        return pgettext(f"allowance_{kind}", value)
    if kind == "years":
        return _("from {years} years on", years=value)
    return _("every {years} years in one home", years=value) if value else ""


def _known(value: Any) -> Any:
    return _("not known") if value is None else value
