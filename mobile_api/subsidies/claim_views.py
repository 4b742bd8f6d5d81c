"""A claim by phone: begun, its papers put to it, handed in, or taken back."""

from datetime import date
from typing import Any

from sqlmodel import Session

from mobile_api.subsidies import shown
from mobile_api.subsidies.reading import (
    get_own_claim,
    own_caregiver,
    resident_of_claim,
    show_claim,
)
from mobile_api.subsidies.schemas import (
    BeginSubsidyClaimSchema,
    OneSubsidyClaimSchema,
    SendSubsidyPaperSchema,
    SubsidyForecastArgs,
    SubsidyForecastSchema,
    SubsidyPaperContentSchema,
)
from server.errors import NotFound
from server.files.queries import find_content
from server.residents.grants import check_may
from server.residents.models import HelperScope
from server.subsidies.claims import asking, queries
from server.subsidies.claims.foreseeing import foresee
from server.subsidies.claims.models import Claimant
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pictures import bytes_of, data_address

blueprint = StrictBlueprint(
    "own_subsidy_claims",
    __name__,
    url_prefix="/v1/subsidy-claims",
    description="Claims for subsidies by an elder or a caregiver.",
)
SEE, CLAIM = "subsidies.see-own", "subsidies.claim-own"


@blueprint.post("")
@writes(CLAIM)
@blueprint.arguments(BeginSubsidyClaimSchema)
@blueprint.response(201, OneSubsidyClaimSchema)
@blueprint.doc(operationId="beginSubsidyClaim")
def begin_claim(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Begin a claim, filled with what the platform knows"""
    made = asking.begin_claim(
        session, **_claimant(session, command["resident_id"]),
        programme=command["programme"], first_month=_first_day(command["first_month"]),
    )  # fmt: skip
    return show_claim(session, made.id or 0)


@blueprint.get("/forecast")
@reads(SEE)
@blueprint.arguments(SubsidyForecastArgs, location="query")
@blueprint.response(200, SubsidyForecastSchema)
@blueprint.doc(operationId="forecastSubsidyClaim")
def forecast(asked: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Show what a claim would come to by what is known today, and how"""
    return shown.foreseen(
        foresee(
            session, **_claimant(session, asked["resident_id"]), programme=asked["programme"],
            first_month=_first_day(asked["first_month"]),
        )
    )  # fmt: skip


@blueprint.get("/<int:claim_id>")
@reads(SEE)
@blueprint.response(200, OneSubsidyClaimSchema)
@blueprint.doc(operationId="getSubsidyClaim")
def get_claim(*, claim_id: int, session: Session) -> dict[str, Any]:
    """Show a claim, its papers and what is missing"""
    get_own_claim(session, claim_id)
    return show_claim(session, claim_id)


@blueprint.post("/<int:claim_id>/papers")
@writes(CLAIM, for_resident=resident_of_claim)
@blueprint.arguments(SendSubsidyPaperSchema)
@blueprint.response(201, OneSubsidyClaimSchema)
@blueprint.doc(operationId="sendSubsidyPaper")
def send_paper(command: dict[str, Any], *, claim_id: int, session: Session) -> dict[str, Any]:
    """Put a photo of a paper to a claim that is being filled"""
    get_own_claim(session, claim_id)
    content = bytes_of(command["picture"])
    asking.add_paper(session, claim_id, evidence=command["evidence"], content=content)
    return show_claim(session, claim_id)


@blueprint.get("/<int:claim_id>/papers/<int:paper_id>")
@reads(SEE)
@blueprint.response(200, SubsidyPaperContentSchema)
@blueprint.doc(operationId="getSubsidyPaper")
def get_paper(*, claim_id: int, paper_id: int, session: Session) -> dict[str, Any]:
    """Show a photo that was put to a claim"""
    get_own_claim(session, claim_id)
    paper = queries.get_paper(session, claim_id, paper_id)
    return {"picture": data_address(find_content(session, paper.file_id))}


@blueprint.post("/<int:claim_id>/papers/<int:paper_id>/removal")
@writes(CLAIM, for_resident=resident_of_claim)
@blueprint.response(200, OneSubsidyClaimSchema)
@blueprint.doc(operationId="removeSubsidyPaper")
def remove_paper(*, claim_id: int, paper_id: int, session: Session) -> dict[str, Any]:
    """Take a photo away again while the claim is being filled"""
    get_own_claim(session, claim_id)
    asking.remove_paper(session, claim_id, paper_id)
    return show_claim(session, claim_id)


@blueprint.post("/<int:claim_id>/handing-in")
@writes(CLAIM, for_resident=resident_of_claim)
@blueprint.response(200, OneSubsidyClaimSchema)
@blueprint.doc(operationId="handInSubsidyClaim")
def hand_in(*, claim_id: int, session: Session) -> dict[str, Any]:
    """Hand a claim in: it goes to the first office"""
    get_own_claim(session, claim_id)
    asking.hand_in(session, claim_id)
    return show_claim(session, claim_id)


@blueprint.post("/<int:claim_id>/withdrawal")
@writes(CLAIM, for_resident=resident_of_claim)
@blueprint.response(200, OneSubsidyClaimSchema)
@blueprint.doc(operationId="withdrawSubsidyClaim")
def withdraw(*, claim_id: int, session: Session) -> dict[str, Any]:
    """Take a claim back before it is decided"""
    get_own_claim(session, claim_id)
    asking.withdraw(session, claim_id)
    return show_claim(session, claim_id)


def _claimant(session: Session, resident_id: int | None) -> dict[str, Any]:
    if resident_id is not None:
        check_may(session, resident_id, HelperScope.APPLY)
        return {"claimant": Claimant.RESIDENT, "claimant_id": resident_id}
    caregiver_id = own_caregiver(session)
    if caregiver_id is None:
        raise NotFound()
    return {"claimant": Claimant.CAREGIVER, "claimant_id": caregiver_id}


def _first_day(month: date) -> date:
    return month.replace(day=1)
