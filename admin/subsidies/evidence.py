"""What a line rests on, row by row: each with its page, its life in the trail, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlmodel import Session

from admin.formats import stamp
from admin.words import word
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.i18n.money import in_yuan
from server.identity.roles import may
from server.policies.programmes.vocabulary import SOURCES
from server.subsidies.facts.evidence import A_PAGE, Evidence, get_case, list_beneath

TRAIL = "audit.see-trail"
MOST_EXPORTED = 20_000
# Rows whose key in the trail has several parts are found by their page.
OF_SEVERAL_KEYS = ("attendance_day", "attendance_month", "course_attendance", "home_month_bed")
# Numbers of other records.
UNSAID = {"collection", "proof"}
# Words that are codes, by the name under which a row tells them.
CODES = {
    "meal": "meal", "state": "evidence_state", "how": "evidence_how", "source": "attendance_source",
    "degree": "degree", "claim_state": "claim_state", "phase": "photo_phase",
    "bed_kind": "bed_kind", "post": "post",
}  # fmt: skip

Address = tuple[str, str, Callable[[Evidence], Mapping[str, Any]]]


def _of_caregiver(one: Evidence) -> Mapping[str, Any]:
    return {"caregiver_id": one.place}


def _of_stay(one: Evidence) -> Mapping[str, Any]:
    return {"site_id": one.site_id, "stay_id": one.place}


def _of_home_bed(one: Evidence) -> Mapping[str, Any]:
    return {"home_bed_id": one.place}


def _of_session(one: Evidence) -> Mapping[str, Any]:
    return {"session_id": one.place}


def _of_renovation(one: Evidence) -> Mapping[str, Any]:
    return {"renovation_id": one.place}


CAREGIVER: Address = ("caregivers.see", "caregiver.show_file", _of_caregiver)
STAY: Address = ("facilities.see-board", "beds.show_stay", _of_stay)
HOME_BED: Address = ("homecare.see", "home_bed.show_bed", _of_home_bed)
TRAINING: Address = ("caregivers.see-training", "course_sessions.show_session", _of_session)
RENOVATION: Address = ("homecare.see", "renovation.show_renovation", _of_renovation)
PAGES: Mapping[str, Address] = {
    "booking": (
        "meals.see-settlements", "meal_settlement.show_meal",
        lambda one: {"settlement_id": one.place, "booking_id": one.key},
    ),
    "bed_occupancy": STAY,
    "stay": STAY,
    "bed_licence": (
        "providers.see-register", "site_details.show_details",
        lambda one: {"site_id": one.site_id, "part": "licences"},
    ),
    "care_visit": (
        "homecare.see-visits", "care_visit.show_visit", lambda one: {"visit_id": one.place}
    ),
    "care_order": (
        "homecare.see-orders", "care_orders.show_order", lambda one: {"order_id": one.key}
    ),
    "home_bed_build": HOME_BED, "home_bed_acceptance": HOME_BED, "home_month_bed": HOME_BED,
    "attendance_day": CAREGIVER, "attendance_month": CAREGIVER, "skill_certificate": CAREGIVER,
    "employment_contract": CAREGIVER, "caregiver_breach": CAREGIVER, "employment": CAREGIVER,
    "caregiver_education": CAREGIVER, "allowance_claim": CAREGIVER,
    "course_attendance": TRAINING, "exam_result": TRAINING, "completion_certificate": TRAINING,
    "renovation": RENOVATION, "renovation_acceptance": RENOVATION, "renovation_photo": RENOVATION,
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One row beneath a line; addresses are those that the reader's offices open."""

    kind: str
    on_day: date
    told: str
    page: str | None
    trail: str | None


@dataclass(frozen=True)
class Records:
    """A page of what a line rests on, of `total`."""

    rows: Sequence[Record]
    total: int


def records_of(
    session: Session, run_id: int, number: int, *, offset: int = 0, limit: int = A_PAGE
) -> Records:
    """Return what a line rests on by now, the earliest day first."""
    source, fact = get_case(session, run_id, number)
    if source not in SOURCES:
        return Records([], 0)
    found = list_beneath(session, source, fact, offset=offset, limit=limit)
    return Records([_record(session, one) for one in found.rows], found.total)


def _record(session: Session, one: Evidence) -> Record:
    return Record(
        word("trail_table", one.kind), one.on_day, told_in_words(one), _page(session, one),
        _trail(session, one),
    )  # fmt: skip


def told_in_words(one: Evidence) -> str:
    """Return what a row says: each value by its name; what is not known is left out."""
    told = {name: value for name, value in one.told.items() if name not in UNSAID}
    return "；".join(_said(name, value) for name, value in told.items() if value is not None)


def _page(session: Session, one: Evidence) -> str | None:
    permission, endpoint, keys = PAGES[one.kind]
    given = keys(one)
    if None in given.values() or not may(actor_of(session), permission):
        return None
    return url_for(endpoint, **given)


def _trail(session: Session, one: Evidence) -> str | None:
    if one.kind in OF_SEVERAL_KEYS or not may(actor_of(session), TRAIL):
        return None
    collection = one.told.get("collection")
    table, key = ("meal_collection", collection) if collection else (one.kind, one.key)
    return url_for("trail.list_trail", table=table, key=key)


def _said(name: str, value: Any) -> str:
    return f"{pgettext('evidence_fact', name)} {_value(name, value)}"


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name.endswith("_fen"):
        return _("{amount} yuan", amount=in_yuan(value))
    if name.endswith("_at"):
        return stamp(datetime.fromisoformat(value))
    return word(CODES[name], value) if name in CODES else str(value)
