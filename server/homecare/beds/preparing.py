"""From the agreement to the acceptance: signed, built, found good by two."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.errors import DomainError, NotAllowed
from server.homecare.beds.knowing import hold_still
from server.homecare.beds.models import HomeBedAcceptance, HomeBedAgreement, HomeBedBuild
from server.homecare.beds.steps import check_may, check_step, take_step
from server.homecare.errors import (
    AcceptedAlready,
    AgreementOverlaps,
    AgreementUnusable,
    GrantTaken,
    HomeBedNotSo,
    InvoiceTaken,
    OwnBuilding,
)
from server.homecare.lives import ACCEPT, RUN
from server.homecare.models import IN_USE, HomeBed, HomeBedState
from server.homecare.spelling import invoice_of
from server.homecare.states import Step
from server.identity.roles import may


@dataclass(frozen=True)
class Terms:
    """What is agreed: from when until the day before when, and for how much a month."""

    starts_on: date
    ends_on: date
    monthly_fee_fen: int
    own_pay_fen: int
    signed_by: str


@dataclass(frozen=True)
class Built:
    """What was built into the home."""

    cost_fen: int
    invoice_ref: str
    installed_on: date
    inventory: str
    is_after_renovation: bool = False
    asks_grant: bool = True


@all_or_nothing
def sign(session: Session, home_bed_id: int, terms: Terms) -> HomeBed:
    """Keep the agreement, and let the building begin.

    Raises `AgreementUnusable`, `AgreementOverlaps`, what `check_step` raises, and `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    if bed.state is HomeBedState.SIGNING:
        _keep_agreement(session, bed, terms)
    return take_step(session, bed, check_step(session, bed, Step.SIGN))


@all_or_nothing
def renew(session: Session, home_bed_id: int, terms: Terms) -> HomeBed:
    """Keep the agreement that follows, of a bed in use.

    Raises `HomeBedNotSo`, `AgreementUnusable`, `AgreementOverlaps`, `NotAllowed`, `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    if bed.state not in IN_USE:
        raise HomeBedNotSo(state=bed.state.value)
    _check_may(session, RUN)
    _keep_agreement(session, bed, terms)
    return bed


@all_or_nothing
def record_build(session: Session, home_bed_id: int, built: Built) -> HomeBed:
    """Write down what stands in the home now; it waits to be accepted by two people.

    Raises `InvoiceTaken`, `GrantTaken`, what `check_step` raises, and `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    if bed.state is HomeBedState.BUILDING:
        _keep_build(session, bed, built)
    return take_step(session, bed, check_step(session, bed, Step.BUILD))


@all_or_nothing
def accept(session: Session, home_bed_id: int, *, note: str = "") -> HomeBedAcceptance:
    """One of two different people finds on the spot that what was built is good.

    Raises `AcceptedAlready`, `OwnBuilding`, `HomeBedNotSo`, `NotAllowed`, `NotFound`.
    """
    bed = hold_still(session, home_bed_id)
    if bed.state is not HomeBedState.ACCEPTANCE:
        raise HomeBedNotSo(state=bed.state.value)
    check_may(session, bed, (ACCEPT,))
    acceptance = HomeBedAcceptance(
        home_bed_id=home_bed_id,
        resident_id=bed.resident_id,
        place=_accepted_by(session, bed) + 1,
        staff_id=actor_of(session).staff_id or 0,
        accepted_at=clock.now(),
        note=note,
    )
    again = ("uq_home_bed_acceptance_two", "uq_home_bed_acceptance_different")
    broken: dict[str, DomainError] = dict.fromkeys(
        (*again, "ck_home_bed_acceptance_one_of_two"), AcceptedAlready()
    )
    with refusing(session, broken | {"ck_home_bed_acceptance_by_others": OwnBuilding()}):
        session.add(acceptance)
    return acceptance


@all_or_nothing
def send_back(session: Session, home_bed_id: int, *, reason: str) -> HomeBed:
    """What was built is not good: it is built again, and accepted again by two.

    Raises what `check_step` raises, and `NotFound`.
    """
    assert reason, "nothing is sent back without a reason"
    bed = hold_still(session, home_bed_id)
    move = check_step(session, bed, Step.REDO)
    open_ones = update(HomeBedAcceptance).where(
        col(HomeBedAcceptance.home_bed_id) == home_bed_id,
        col(HomeBedAcceptance.superseded_at).is_(None),
    )
    session.execute(open_ones.values(superseded_at=clock.now()))
    return take_step(session, bed, move, note=reason)


def _keep_agreement(session: Session, bed: HomeBed, terms: Terms) -> None:
    if terms.ends_on <= terms.starts_on or not 0 <= terms.own_pay_fen <= terms.monthly_fee_fen:
        raise AgreementUnusable()
    assert bed.site_id is not None, "a bed that is signed for has its provider"
    agreement = HomeBedAgreement(
        home_bed_id=bed.id or 0,
        resident_id=bed.resident_id,
        site_id=bed.site_id,
        signed_on=clock.today(),
        **vars(terms),
    )
    broken = {"ex_home_bed_agreement_one_a_day": AgreementOverlaps()}
    with refusing(session, broken):
        session.add(agreement)


def _keep_build(session: Session, bed: HomeBed, built: Built) -> None:
    query = select(HomeBedBuild).where(col(HomeBedBuild.home_bed_id) == bed.id)
    row: HomeBedBuild | None = session.execute(query).scalar_one_or_none()
    broken = {
        "uq_home_bed_build_invoice_ref": InvoiceTaken(),
        "uq_home_bed_build_one_grant": GrantTaken(),
    }
    invoice_ref = invoice_of(built.invoice_ref)
    values = {**vars(built), "invoice_ref": invoice_ref, "recorded_at": clock.now()}
    with refusing(session, broken):
        if row is None:
            session.add(
                HomeBedBuild(home_bed_id=bed.id or 0, resident_id=bed.resident_id, **values)
            )
        else:
            row.sqlmodel_update(values)


def _accepted_by(session: Session, bed: HomeBed) -> int:
    counted = select(func.count()).where(
        col(HomeBedAcceptance.home_bed_id) == bed.id,
        col(HomeBedAcceptance.superseded_at).is_(None),
    )
    return int(session.execute(counted).scalar_one())


def _check_may(session: Session, permission: str) -> None:
    if not may(actor_of(session), permission):
        raise NotAllowed()
