"""Vouchers and orders in the shape in which a phone reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from mobile_api.homecare.shown import tasks
from server.homecare.orders.models import OrderState
from server.homecare.orders.quoting import Quote, last_of
from server.homecare.plans.models import CareService
from server.homecare.visits.models import VisitState
from server.i18n.catalogues import current_language

BEGUN = (VisitState.UNDER_WAY, VisitState.DONE)


def allowance(row: Row[Any]) -> dict[str, Any]:
    """Return what somebody has this month, and until when."""
    return {
        **row._mapping,
        "programme": row.programme.value,
        "until": last_of(row.month),
        "left_fen": row.amount_fen - row.reserved_fen - row.redeemed_fen,
    }


def entitlement(row: Row[Any]) -> dict[str, Any]:
    return {**row._mapping, "programme": row.programme.value, "state": row.state.value}


def choices(catalogue: Mapping[str, CareService], providers: Sequence[Row[Any]]) -> dict[str, Any]:
    """Return what can be ordered, and from whom."""
    is_english = current_language() == "en"
    return {
        "services": [
            {
                "code": one.code,
                "name": one.name_en if is_english else one.name_zh,
                "category": one.category.value,
                "minutes": one.minutes,
                "price_fen": one.price_fen,
            }
            for one in catalogue.values()
        ],
        "providers": [row._mapping for row in providers],
    }


def split(quote: Quote) -> dict[str, Any]:
    return {"minutes": quote.minutes, **vars(quote.split)}


def order(
    row: Row[Any], catalogue: Mapping[str, CareService], visited: Sequence[int]
) -> dict[str, Any]:
    """Return an order; it leads to its visit for whoever may see visits to this person."""
    is_open = row.state in (OrderState.ORDERED, OrderState.ASSIGNED)
    return {
        **row._mapping,
        "services": tasks(row.services, catalogue),
        "starts_at": row.visit_at or row.starts_at,
        "state": row.state.value,
        "visit_id": row.visit_id if row.resident_id in visited else None,
        "can_cancel": is_open and row.visit_state not in BEGUN,
    }
