"""Whose subsidies a phone shows: those somebody may ask for, and the caregiver it belongs to."""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.subsidies import shown
from server.caregivers.queries import find_own
from server.db.sessions import actor_of, reading
from server.errors import NotFound
from server.places.queries import list_chain
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.subsidies.claims import queries
from server.subsidies.claims.asking import list_evidence
from server.subsidies.claims.claimants import Who, get_who, list_elders
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.versions import read_version, read_versions
from server.subsidies.own.lines import Whose
from server.subsidies.reckoning.lines import get_line


def whose(session: Session) -> Whose:
    """Return whose lines this account is told."""
    return Whose(residents_within(session, HelperScope.APPLY), own_caregiver(session))


def own_caregiver(session: Session) -> int | None:
    account_id = actor_of(session).account_id
    own = None if account_id is None else find_own(session, account_id=account_id)
    return None if own is None else own.id


def claimants(session: Session, who: Whose) -> Sequence[Who]:
    """Return for whom this account claims."""
    elders = list_elders(session, who.resident_ids)
    if who.caregiver_id is None:
        return elders
    return [*elders, get_who(session, Claimant.CAREGIVER, who.caregiver_id)]


def list_claims(session: Session, who: Whose) -> list[dict[str, Any]]:
    """Return their claims, the latest first, with the papers that are missing."""
    rows = [*queries.list_of(session, Claimant.RESIDENT, list(who.resident_ids))]
    if who.caregiver_id is not None:
        rows += queries.list_of(session, Claimant.CAREGIVER, [who.caregiver_id])
    programmes = read_versions(session, [row.version_id for row in rows])
    there = list_evidence(session, [row.id for row in rows])
    return [
        shown.claim(row, shown.missing(programmes[row.version_id], there.get(row.id, set())))
        for row in rows
    ]


def get_own_claim(session: Session, claim_id: int) -> Any:
    """Return a claim of theirs; raises `NotFound`, and `OutsideScope` for a helper who may not."""
    row = queries.get_claim(session, claim_id)
    if row.claimant is Claimant.RESIDENT:
        check_may(session, row.claimant_id, HelperScope.APPLY)
    elif row.claimant is not Claimant.CAREGIVER or row.claimant_id != own_caregiver(session):
        raise NotFound()
    return row


def show_claim(session: Session, claim_id: int) -> dict[str, Any]:
    """Return a claim with every paper that is asked for."""
    row = queries.get_claim(session, claim_id)
    programme = read_version(session, row.version_id)
    papers = queries.list_papers(session, claim_id)
    lacking = shown.missing(programme, {paper.evidence for paper in papers})
    names = {len(one.code): one.name for one in list_chain(session, row.division_code)}
    steps = queries.list_steps(session, claim_id)
    return {
        **shown.claim(row, lacking),
        "papers": shown.papers(programme, papers),
        "stages": shown.stages(row, programme, steps, names),
    }


@reading
def resident_of_line(*, session: Session) -> int | None:
    """Return whom the line in the address is about, as far as this actor may know."""
    named = request.view_args or {}
    try:
        row = get_line(session, named["run_id"], named["number"], whose(session).lines)
    except NotFound:
        return None
    found: int | None = row.resident_id
    return found


@reading
def resident_of_claim(*, session: Session) -> int | None:
    """Return for whom the claim in the address is, as far as this actor may know."""
    try:
        row = queries.get_claim(session, (request.view_args or {})["claim_id"])
    except NotFound:
        return None
    found: int | None = row.resident_id
    return found
