"""A claim is begun, filled with what the platform knows and with papers, and handed in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.files.images import read_picture
from server.files.models import File, FileKind, FilePurpose
from server.files.service import keep_picture, remove_file
from server.policies.programmes.schema import Evidence, Programme
from server.subsidies.claims.claimants import Who, get_who
from server.subsidies.claims.errors import (
    ClaimIsNotSo,
    ClaimsClosed,
    IsClaimedAlready,
    NoCases,
    PapersMissing,
)
from server.subsidies.claims.looking import Look, look
from server.subsidies.claims.models import (
    Claimant,
    ClaimState,
    ClaimStep,
    LookedAt,
    Part,
    SubsidyClaim,
    SubsidyClaimPaper,
)
from server.subsidies.claims.rules import (
    STATE_AT,
    OpenDays,
    Stretch,
    claimable,
    following,
    next_opening,
)
from server.subsidies.claims.versions import (
    InForce,
    due_after,
    get_in_force,
    read_version,
    read_versions,
    working_day,
)
from server.subsidies.claims.writing import (
    HANDS,
    Taken,
    hold_claims,
    put_hands,
    wanted_of,
    write_steps,
)

MAY_BE_FILLED = (ClaimState.DRAFT, ClaimState.RETURNED)


@all_or_nothing
def begin_claim(
    session: Session, *, claimant: Claimant, claimant_id: int, programme: str, first_month: date
) -> SubsidyClaim:
    """Begin a claim, filled with what the platform knows of the period.

    Raises `ClaimsClosed`, `IsClaimedAlready`, and `NotFound`.
    """
    who = get_who(session, claimant, claimant_id)
    found = get_claimed_by(session, claimant, programme)
    window, stretch = open_for(found.programme, first_month)
    claim = _draft(session, who, found, stretch, window)
    _put(session, claim)
    if who.staff_id is not None:
        hand = {"claim_id": claim.id, "staff_id": who.staff_id, "part": Part.MAKER}
        put_hands(session, [hand])
    seen = _look_again(session, claim)
    write_steps(session, [Taken(claim, ClaimStep.BEGIN, None, Part.MAKER, seen)])
    return claim


def add_paper(
    session: Session, claim_id: int, *, evidence: str, content: bytes
) -> SubsidyClaimPaper:
    """Put a scan of a paper to a claim that is still being filled.

    The same picture sent twice is there once. Raises `ClaimIsNotSo`, `ImageUnusable`, `NotFound`.
    """
    claim = _hold_to_fill(session, claim_id)
    if evidence not in _evidence(read_version(session, claim.version_id)):
        raise NotFound()
    picture = read_picture(content)
    there = _find_same(session, claim_id, evidence, picture.sha256)
    if there is not None:
        return there
    with reaching_everywhere(session):
        file = keep_picture(session, picture, kind=FileKind.SCAN, purpose=FilePurpose.SUBSIDY_PAPER)
        paper = SubsidyClaimPaper(
            claim_id=claim_id, evidence=evidence, file_id=file.id or 0, added_at=clock.now()
        )
        session.add(paper)
    return paper


def remove_paper(session: Session, claim_id: int, paper_id: int) -> None:
    """Take a paper away while the claim is being filled; raises `ClaimIsNotSo`, `NotFound`."""
    _hold_to_fill(session, claim_id)
    paper = session.get(SubsidyClaimPaper, paper_id)
    if paper is None or paper.claim_id != claim_id or paper.removed_at is not None:
        raise NotFound()
    with reaching_everywhere(session):
        paper.removed_at = clock.now()
        remove_file(session, paper.file_id)


@all_or_nothing
def hand_in(session: Session, claim_id: int) -> SubsidyClaim:
    """Hand a claim in: it goes to the first office of its programme, looked at once more.

    What was given back is in time whenever it comes again. Raises `ClaimIsNotSo`, `ClaimsClosed`,
    `PapersMissing`, `NoCases`, `HasAPart`, `NotFound`.
    """
    claim = hold_claims(session, [claim_id], ClaimStep.HAND_IN)[0]
    before, programme = claim.state, read_version(session, claim.version_id)
    _check_in_time(claim, programme)
    missing = missing_papers(session, claim, programme)
    if missing:
        raise PapersMissing(missing="、".join(missing))
    seen = _look_again(session, claim)
    if seen.looked_at is LookedAt.FACTS and not seen.cases:
        raise NoCases()
    _to_first_office(claim, programme)
    with refusing(session, HANDS):
        write_steps(session, [Taken(claim, ClaimStep.HAND_IN, before, Part.MAKER, seen)])
    return claim


@all_or_nothing
def withdraw(session: Session, claim_id: int) -> SubsidyClaim:
    """Take a claim back before it is decided. Raises `ClaimIsNotSo`, `HasAPart`, `NotFound`."""
    claim = hold_claims(session, [claim_id], ClaimStep.WITHDRAW)[0]
    before, claim.state, claim.due_on = claim.state, ClaimState.WITHDRAWN, None
    with refusing(session, HANDS):
        write_steps(session, [Taken(claim, ClaimStep.WITHDRAW, before, Part.MAKER)])
    return claim


def missing_papers(session: Session, claim: SubsidyClaim, programme: Programme) -> list[str]:
    """Return the names of papers that are asked for and not there, in the programme's order."""
    there = list_evidence(session, [claim.id or 0]).get(claim.id or 0, set())
    return [name for mark, name in _required(programme).items() if mark not in there]


def list_missing(
    session: Session, claims: Sequence[SubsidyClaim | Row[Any]]
) -> dict[int, list[Mapping[str, str]]]:
    """Return the names, in both languages, of papers that claims being filled still lack."""
    filled = [claim for claim in claims if claim.state in MAY_BE_FILLED]
    there = list_evidence(session, [claim.id or 0 for claim in filled])
    programmes = read_versions(session, [claim.version_id for claim in filled])
    return {
        claim.id or 0: [
            {"zh": one.name.zh, "en": one.name.en}
            for one in _asked(programmes[claim.version_id])
            if one.is_required and one.id not in there.get(claim.id or 0, set())
        ]
        for claim in filled
    }


def list_evidence(session: Session, claim_ids: Sequence[int]) -> dict[int, set[str]]:
    """Return which papers are there, by claim."""
    paper = SubsidyClaimPaper
    query = select(paper.claim_id, paper.evidence).where(
        col(paper.claim_id).in_(claim_ids), col(paper.removed_at).is_(None)
    )
    found: dict[int, set[str]] = {}
    for claim_id, evidence in session.exec(query):
        found.setdefault(claim_id, set()).add(evidence)
    return found


def is_complete(programme: Programme, there: set[str]) -> bool:
    """True where every paper that is asked for is there."""
    return _required(programme).keys() <= there


def _asked(programme: Programme) -> Sequence[Evidence]:
    return programme.claim.evidence if programme.claim else []


def _required(programme: Programme) -> dict[str, str]:
    return {one.id: one.name.zh for one in _asked(programme) if one.is_required}


def _evidence(programme: Programme) -> set[str]:
    return {one.id for one in _asked(programme)}


def get_claimed_by(session: Session, claimant: Claimant, programme: str) -> InForce:
    """Return a programme that such a claimant asks for today; raises `NotFound`."""
    found = get_in_force(session, programme, clock.today())
    if found.programme.claim is None or found.programme.claim.by != claimant.value:
        raise NotFound()
    return found


def open_for(programme: Programme, first_month: date) -> tuple[OpenDays | None, Stretch]:
    """Return the window and the period that begins so, open today; raises `ClaimsClosed`."""
    today = clock.today()
    window, stretches = claimable(programme, today, working_day)
    for stretch in stretches:
        if stretch.first_month == first_month:
            return window, stretch
    opens_on = next_opening(programme, today, working_day)
    raise ClaimsClosed(opens_on=opens_on.isoformat() if opens_on else "—")


def _draft(
    session: Session, who: Who, found: InForce, stretch: Stretch, window: OpenDays | None
) -> SubsidyClaim:
    actor = actor_of(session)
    return SubsidyClaim(
        programme=found.programme.programme,
        version_id=found.version_id,
        claimant=who.claimant,
        claimant_id=who.claimant_id,
        site_id=who.site_id,
        resident_id=who.resident_id,
        caregiver_id=who.caregiver_id,
        division_code=who.division_code,
        first_month=stretch.first_month,
        months=stretch.months,
        state=ClaimState.DRAFT,
        opens_on=window.opens_on if window else None,
        closes_on=window.closes_on if window else None,
        made_at=clock.now(),
        made_by=actor.staff_id,
        made_account=actor.account_id,
    )


def _put(session: Session, claim: SubsidyClaim) -> None:
    """Row security says whose claims somebody begins; of anybody else's they know nothing."""
    try:
        with refusing(session, {"uq_subsidy_claim_one_live": IsClaimedAlready()}):
            session.add(claim)
    except DBAPIError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise NotFound() from error
        raise


def _look_again(session: Session, claim: SubsidyClaim) -> Look:
    seen = look(session, wanted_of(session, [claim])[0])
    claim.cases, claim.expected_fen = len(seen.cases), seen.total_fen
    return seen


def _check_in_time(claim: SubsidyClaim, programme: Programme) -> None:
    is_late = claim.closes_on is not None and clock.today() > claim.closes_on
    if claim.state is ClaimState.DRAFT and is_late:
        opens_on = next_opening(programme, clock.today(), working_day)
        raise ClaimsClosed(opens_on=opens_on.isoformat() if opens_on else "—")


def _to_first_office(claim: SubsidyClaim, programme: Programme) -> None:
    assert programme.approval is not None, "a programme that is claimed has its offices"
    stage = following(programme.approval.stages, ClaimState.DRAFT)
    assert stage is not None, "there is one office at least"
    claim.state = STATE_AT[stage.at]
    claim.due_on = due_after(clock.today(), stage.working_days)
    claim.handed_in_at, claim.words = clock.now(), ""


def _hold_to_fill(session: Session, claim_id: int) -> SubsidyClaim:
    claim = session.get(SubsidyClaim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None:
        raise NotFound()
    if claim.state not in MAY_BE_FILLED:
        raise ClaimIsNotSo(state=claim.state.value)
    return claim


def _find_same(
    session: Session, claim_id: int, evidence: str, sha256: bytes
) -> SubsidyClaimPaper | None:
    query = select(SubsidyClaimPaper).join(File, col(File.id) == col(SubsidyClaimPaper.file_id))
    return session.exec(
        query.where(
            col(SubsidyClaimPaper.claim_id) == claim_id,
            col(SubsidyClaimPaper.evidence) == evidence,
            col(SubsidyClaimPaper.removed_at).is_(None),
            col(File.sha256) == sha256,
        )
    ).first()
