"""Visits and plans in the shape in which a phone reads them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from server.homecare.plans.models import CareService
from server.homecare.visits.doubts import metres_off
from server.homecare.visits.models import VisitState
from server.homecare.visits.proving import code_of
from server.homecare.visits.receiving import Receipt
from server.i18n.catalogues import current_language, problem_sentence

Catalogue = Mapping[str, CareService]


def work_visit(row: Row[Any], catalogue: Catalogue, *, fence_m: int) -> dict[str, Any]:
    """A visit for the one who makes it."""
    off = metres_off(row)
    return _of_both(row, catalogue) | {
        "phone": row.resident_phone,
        "address": row.resident_address,
        "x": row.home_x,
        "y": row.home_y,
        "metres_off": off,
        "is_outside": off is not None and off > fence_m,
        "has_photo": row.photo_file_id is not None,
    }


def care_visit(row: Row[Any], catalogue: Catalogue) -> dict[str, Any]:
    """A visit for the one to whom somebody comes."""
    is_open = row.confirmed_by is None and row.state != VisitState.CANCELLED
    return _of_both(row, catalogue) | {
        "resident_id": row.resident_id,
        "worker_name": row.worker_name,
        "worker_photo": _portrait(row.worker_photo_id),
        "photo": f"/care-visits/{row.id}/photo" if row.photo_file_id else None,
        "site_name": row.site_name,
        "site_phone": row.site_phone,
        "code": code_of(row.id) if is_open else None,
        "score": row.score,
    }


def receipt(one: Receipt) -> dict[str, Any]:
    refused = one.refusal
    return {
        "key": one.key,
        "visit_id": one.visit_id,
        "is_kept": refused is None,
        "code": refused and refused.code,
        "detail": refused and problem_sentence(refused.code, refused.facts),
    }


def plan(row: Row[Any], items: Sequence[Row[Any]], catalogue: Catalogue) -> dict[str, Any]:
    return {
        "id": row.id,
        "resident_id": row.resident_id,
        "resident_name": row.resident_name,
        "site_name": row.site_name,
        "state": row.state,
        "starts_on": row.starts_on,
        "note": row.note,
        "items": [
            {
                "weekdays": item.weekdays,
                "starts": f"{item.starts:%H:%M}",
                "minutes": item.minutes,
                "tasks": tasks(item.services, catalogue),
                "worker_name": item.worker_name,
            }
            for item in items
        ],
    }


def tasks(codes: Iterable[str], catalogue: Catalogue) -> list[dict[str, str]]:
    """Return services with their names in the reader's language."""
    named = [(code, catalogue.get(code)) for code in codes]
    return [{"code": code, "name": _name(service) if service else code} for code, service in named]


def _portrait(file_id: int | None) -> str | None:
    return f"/care-visits/portraits/{file_id}" if file_id else None


def _name(service: CareService) -> str:
    return service.name_en if current_language() == "en" else service.name_zh


def _of_both(row: Row[Any], catalogue: Catalogue) -> dict[str, Any]:
    return {
        "id": row.id,
        "service_on": row.service_on,
        "starts_at": row.starts_at,
        "minutes": row.minutes,
        "state": row.state,
        "resident_name": row.resident_name,
        "tasks": tasks(row.services, catalogue),
        "arrived_at": row.arrived_at,
        "left_at": row.left_at,
        "is_confirmed": row.confirmed_by is not None,
    }
