"""Allowances in the shape in which a phone reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from server.caregivers.allowances import wording
from server.caregivers.allowances.claiming import OPEN, Claimable
from server.caregivers.allowances.given import Verdict
from server.caregivers.allowances.reckoning import standing_of
from server.i18n.catalogues import pgettext


def allowance(verdict: Verdict) -> dict[str, Any]:
    """Return what came out for a period, what speaks against it first."""
    reasons = sorted(verdict.told, key=lambda one: bool(one["holds"]))
    return {
        "programme": verdict.programme.value,
        "programme_name": programme_name(verdict.programme),
        "period": verdict.period,
        "period_name": wording.period_words(verdict.period, verdict.programme),
        "band_name": wording.band_words(verdict.band),
        "state": standing_of(verdict).value,
        "amount_fen": verdict.amount_fen,
        "standard_fen": verdict.standard_fen,
        "due_on": verdict.due_on,
        "reasons": [_reason(one) for one in reasons],
    }


def claim(row: Row[Any]) -> dict[str, Any]:
    return {
        **row._mapping,
        "programme": row.programme.value,
        "programme_name": programme_name(row.programme),
        "state": row.state.value,
        "state_name": pgettext("claim_state", row.state.value),
        "missing": _papers(row.missing),
        "can_withdraw": row.state in OPEN,
    }


def claimable(one: Claimable) -> dict[str, Any]:
    return {
        "programme": one.programme.value,
        "programme_name": programme_name(one.programme),
        "amount_fen": one.amount_fen,
        "periods": [wording.period_words(line.period, line.programme) for line in one.lines],
        "may_claim": one.may_hand_in,
        "closes_on": one.window.closes_on if one.window else None,
        "opens_on": one.next_window.opens_on if one.next_window else None,
        "missing": _papers(one.missing),
    }


def programme_name(programme: str) -> str:
    return pgettext("allowance_programme", str(programme))


def _papers(missing: Sequence[str]) -> list[str]:
    return [pgettext("allowance_paper", one) for one in missing]


def _reason(reason: Mapping[str, Any]) -> dict[str, Any]:
    against = not reason["holds"]
    return {
        "code": reason["code"],
        "holds": reason["holds"],
        "sentence": wording.reason_sentence(reason),
        "clause": wording.clause_of(reason),
        "advice": wording.advice_for(reason["code"]) if against else "",
    }
