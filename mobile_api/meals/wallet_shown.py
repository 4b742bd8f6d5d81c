"""Wallets, and what the city adds to a meal, made ready to be read on a phone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from server.i18n.catalogues import pgettext
from server.meals.entitlement import Rate
from server.meals.entitling import Entitlement
from server.meals.wallets.rules import receipt_number
from server.providers.models import OpeningState


def wallet(row: Row[Any]) -> dict[str, Any]:
    """What is in a wallet, and whether the money was asked back."""
    return {
        **row._mapping,
        "canteen_id": row.site_id,
        "is_open": row.opening_state is OpeningState.OPEN,
        "resident_name": row.name,
        "refund_asked": row.refund_request_id is not None,
    }


def line(row: Row[Any]) -> dict[str, Any]:
    """A line of the statement, with the number of its receipt."""
    return {
        **row._mapping,
        "receipt": receipt_number(row.site_id, row.made_on, row.id),
        "move": row.move.value,
        "meal": row.meal.value if row.meal else None,
    }


def entitlement(found: Entitlement, *, resident_id: int) -> dict[str, Any]:
    """What the city adds, meal by meal, in the reader's language."""
    return {
        "resident_id": resident_id,
        "age": found.age,
        "meals": [
            {
                "meal": one.meal.value,
                "on_workdays": _rates(one.on_workdays),
                "on_other_days": _rates(one.on_other_days),
            }
            for one in found.meals
        ],
        "meals_a_day": found.meals_a_day,
        "is_for_the_day": found.is_for_the_day,
        "day_fen": found.day_fen,
        "documents": found.documents,
    }


def _rates(rates: Sequence[Rate]) -> list[dict[str, Any]]:
    return [
        {
            "code": rate.code,
            "text": pgettext("reason", rate.code),
            "fen": rate.terms.get("fen"),
            "percent": rate.terms.get("percent"),
            "elder_pays_fen": rate.terms.get("elder_pays_fen"),
        }
        for rate in rates
    ]
