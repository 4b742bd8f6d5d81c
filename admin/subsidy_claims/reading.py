"""What somebody's offices reach, and how runs, notices and claims are told on pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Row, or_
from sqlmodel import Session

from server import masking
from server.db.sessions import actor_of, reaching_everywhere, reading
from server.errors import NotFound
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.identity.roles import may, reach_of
from server.policies.programmes.schema import Programme
from server.subsidies.approvals.queries import may_sign_now
from server.subsidies.approvals.rules import BANDS
from server.subsidies.checks.service import blocking_findings
from server.subsidies.claims.claimants import Who, claims_within
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.offices import Office, waiting_for
from server.subsidies.claims.openings import Opening
from server.subsidies.claims.queries import find_names, get_claim
from server.subsidies.claims.rules import OpenDays, Stretch

SEE_MONEY = "subsidies.see-payments"
SEE_CLAIMS, ASK = "subsidies.see-claims", "subsidies.hand-in"
CHECK, REVIEW = "subsidies.check", "subsidies.review"
RECKON, APPROVE, PUBLISH = "subsidies.reckon", "subsidies.approve", "subsidies.publish"


def prefixes_of(session: Session, permission: str = SEE_MONEY) -> Sequence[str]:
    """Return the divisions under which somebody's offices hold a permission."""
    return reach_of(actor_of(session), permission).prefixes


def is_over(session: Session, permission: str, division_code: str) -> bool:
    """True where the actor holds a permission over the whole of a division."""
    if not may(actor_of(session), permission):
        return False
    return any(division_code.startswith(one) for one in prefixes_of(session, permission))


def may_sign(session: Session, row: Row[Any]) -> bool:
    """True where a run waits for one of the actor's offices."""
    return may_sign_now(row, prefixes_of(session, CHECK), prefixes_of(session, APPROVE))


def claims_in_reach(session: Session, offices: Sequence[Office]) -> ColumnElement[bool]:
    """Return the condition on claims that one sees, or that wait for one's offices."""
    own = claims_within(reach_of(actor_of(session), SEE_CLAIMS))
    return or_(own, waiting_for(offices))


@dataclass(frozen=True)
class Claimable:
    """A programme that somebody can claim now for some periods, or later from a day on."""

    who: Who
    programme: Programme
    window: OpenDays | None
    opens_on: date | None
    months: Sequence[Stretch]


def by_programme(openings: Sequence[Opening]) -> list[Claimable]:
    """Return openings put together by claimant and programme, the latest period first."""
    found: dict[tuple[int, str], list[Opening]] = {}
    for one in openings:
        found.setdefault((one.who.claimant_id, one.programme.programme), []).append(one)
    return [
        Claimable(
            group[0].who,
            group[0].programme,
            group[0].window,
            group[0].opens_on,
            [one.stretch for one in reversed(group) if one.stretch],
        )
        for group in found.values()
    ]


def may_ask(session: Session, claim: Row[Any]) -> bool:
    """True where the actor may fill and hand a claim in: for their own site, or at the window."""
    actor = actor_of(session)
    if not may(actor, ASK):
        return False
    reach = reach_of(actor, ASK)
    if claim.claimant is Claimant.RESIDENT:
        return any(claim.division_code.startswith(one) for one in reach.prefixes)
    return claim.site_id in reach.site_ids


@reading
def resident_of_claim(*, session: Session) -> int | None:
    """Return for whom the claim in the address is, as far as this actor may know."""
    try:
        row = get_claim(session, (request.view_args or {})["subsidy_claim_id"])
    except NotFound:
        return None
    found: int | None = row.resident_id
    return found


def list_blocking(session: Session, run_id: int) -> Sequence[Row[Any]]:
    """Return the findings that keep a run from being approved, wherever they were made."""
    with reaching_everywhere(session):
        return blocking_findings(session, run_id)


def spoken(name: Mapping[str, str]) -> str:
    """Return a name of a policy in the reader's language."""
    return name["zh" if current_language() == "zh-CN" else "en"]


def programmes(rows: Iterable[Row[Any]]) -> list[tuple[str, str]]:
    """Return programmes with their names, for a choice."""
    return [(row.programme, spoken({"zh": row.zh, "en": row.en})) for row in rows]


def months_of(row: Any) -> str:
    """Return `2026-01`, or `2026-01, 3 months`."""
    first = f"{row.first_month:%Y-%m}"
    if row.months == 1:
        return first
    return _("{month}, {number} months", month=first, number=row.months)


def band_words(band: int) -> str:
    """Return what a band of amounts goes from and to, in yuan."""
    if band == 0:
        return _("below nought")
    if band == len(BANDS):
        return _("{amount} and more", amount=in_yuan(BANDS[-1]))
    return f"{in_yuan(BANDS[band - 1])} – {in_yuan(BANDS[band] - 1)}"


def names_of(session: Session, rows: Iterable[Any]) -> Mapping[str, str]:
    """Return the masked names of whom lines or cases are about, as `find_names` has them."""
    cases = [_about(row) for row in rows]
    return {one: masking.name(name) for one, name in find_names(session, cases).items()}


def whose(names: Mapping[str, str], row: Any, otherwise: str = "—") -> str:
    """Return the masked name of whom a line or a case is about."""
    about = _about(row)
    for kind in ("resident", "caregiver"):
        name = names.get(f"{kind}:{about[f'{kind}_id']}")
        if name:
            return name
    return otherwise


def _about(row: Any) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    return {"resident_id": row.resident_id, "caregiver_id": row.caregiver_id}
