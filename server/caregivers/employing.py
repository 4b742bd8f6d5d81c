"""Employments as dated periods: taken on, another post, gone, and to a site of the same provider.

`ends_on` is the first day that an employment does not hold any more, everywhere below the faces.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from server import clock
from server.caregivers import rules
from server.caregivers.errors import (
    ContractOverlaps,
    EmployedHereAlready,
    EmploymentHasEnded,
    SiteOfAnother,
    WorksFullTimeElsewhere,
)
from server.caregivers.models import (
    Caregiver,
    Employment,
    EmploymentContract,
    InsurancePayer,
    LeavingReason,
    Post,
)
from server.caregivers.register import get_in_reach, get_kept, get_own_site
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_image
from server.policies.queries import get_figures
from server.providers.models import Site

TWO_EMPLOYERS = "caregivers.two_employers"
FLAGGED = "flagged"
ONE_FULL_TIME = "ex_employment_one_full_time"
ONE_CONTRACT = {
    "ex_employment_contract_one_a_day": ContractOverlaps(),
    "uq_employment_contract_employment_id_starts_on": ContractOverlaps(),
}


@dataclass(frozen=True)
class Terms:
    """On what terms somebody works at a site, and from which day."""

    site_id: int
    starts_on: date
    post: Post = Post.CARE
    is_front_line: bool = True
    is_full_time: bool = True
    on_establishment: bool = False


@dataclass(frozen=True)
class ContractTerms:
    """A labour contract; without an end it has no fixed term."""

    starts_on: date
    ends_on: date | None = None
    number: str = ""
    insurance_payer: InsurancePayer = InsurancePayer.EMPLOYER
    insurance_payer_name: str = ""
    file_id: int | None = None


def take_on(session: Session, caregiver_id: int, terms: Terms) -> Employment:
    """Begin an employment of somebody whose file is kept here, at one's own site.

    Raises `WorksFullTimeElsewhere` (or marks the overlap, where the rule of the day says so),
    `EmployedHereAlready`, `EmploymentDaysImpossible`, `NotFound`.
    """
    caregiver = get_kept(session, caregiver_id)
    get_own_site(session, terms.site_id)
    return begin(session, caregiver, terms)


def change_terms(session: Session, employment_id: int, terms: Terms) -> Employment:
    """End an employment and begin another at the same site on the same day; contracts go along."""
    old, caregiver = _get_own_employment(session, employment_id)
    going_on = [_terms_of(one) for one in _contracts_beyond(session, old, terms.starts_on)]
    end(session, old, terms.starts_on, LeavingReason.TRANSFERRED)
    new = begin(session, caregiver, replace(terms, site_id=old.site_id))
    _carry(session, going_on, new)
    return new


def transfer(session: Session, employment_id: int, terms: Terms) -> Employment:
    """Send somebody to another site of the same provider, in one act.

    Raises `SiteOfAnother` for a site of anybody else.
    """
    old, caregiver = _get_own_employment(session, employment_id)
    here, there = session.get(Site, old.site_id), session.get(Site, terms.site_id)
    if here is None or there is None or here.id == there.id:
        raise SiteOfAnother()
    if here.provider_id is None or here.provider_id != there.provider_id:
        raise SiteOfAnother()
    going_on = [_terms_of(one) for one in _contracts_beyond(session, old, terms.starts_on)]
    with reaching_everywhere(session):
        end(session, old, terms.starts_on, LeavingReason.TRANSFERRED)
        new = begin(session, caregiver, terms)
        _carry(session, going_on, new)
    return new


def leave(
    session: Session, employment_id: int, *, last_day: date, reason: LeavingReason
) -> Employment:
    """End an employment after its last day; no contract of it holds any longer."""
    employment, _caregiver = _get_own_employment(session, employment_id)
    end(session, employment, last_day + timedelta(days=1), reason)
    return employment


def add_contract(session: Session, employment_id: int, said: ContractTerms) -> EmploymentContract:
    """Put down a contract, or the one that renews it; raises `ContractOverlaps`.

    What has ended is filled in by whoever keeps the file alone.
    """
    employment, caregiver = _get_own_employment(session, employment_id)
    if employment.ends_on is not None:
        get_kept(session, caregiver.id or 0)
    rules.check_days(said.starts_on, said.ends_on)
    contract = EmploymentContract(
        employment_id=employment.id or 0,
        number=said.number.strip(),
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        insurance_payer=said.insurance_payer,
        insurance_payer_name=said.insurance_payer_name.strip(),
        file_id=said.file_id,
    )
    with refusing(session, ONE_CONTRACT):
        session.add(contract)
    return contract


def attach_to_contract(
    session: Session, caregiver_id: int, contract_id: int, content: bytes
) -> EmploymentContract:
    """Put a scan beside a contract with one's own site; raises `ImageUnusable`, `NotFound`.

    What has ended is filled in by whoever keeps the file alone.
    """
    contract = session.get(EmploymentContract, contract_id)
    if contract is None:
        raise NotFound()
    employment, caregiver = _get_own_employment(session, contract.employment_id)
    if caregiver.id != caregiver_id:
        raise NotFound()
    if employment.ends_on is not None:
        get_kept(session, caregiver_id)
    file = keep_image(
        session,
        content,
        kind=FileKind.SCAN,
        purpose=FilePurpose.CAREGIVER_PAPER,
        site_id=employment.site_id,
    )
    contract.file_id = file.id
    session.flush()
    return contract


def begin(session: Session, caregiver: Caregiver, terms: Terms) -> Employment:
    """Begin an employment, whoever asks; whoever employs full-time keeps the file from now on.

    Beside a full-time employer who goes on, the file stays where it is.
    """
    rules.check_days(terms.starts_on, None)
    _check_not_here(session, caregiver, terms)
    employment = Employment(
        caregiver_id=caregiver.id or 0,
        site_id=terms.site_id,
        post=terms.post,
        is_front_line=terms.is_front_line,
        is_full_time=terms.is_full_time,
        on_establishment=terms.on_establishment,
        starts_on=terms.starts_on,
        recorded_at=clock.now(),
        recorded_by=actor_of(session).staff_id,
    )
    _write(session, employment)
    takes_over = terms.is_full_time and not employment.overlap_allowed
    if takes_over or not _works_for_keeper(session, caregiver, terms.starts_on):
        caregiver.keeper_site_id = terms.site_id
    session.flush()
    return employment


def end(session: Session, employment: Employment, ends_on: date, reason: LeavingReason) -> None:
    """End an employment, whoever asks; a contract stays as it was signed, and holds no longer.

    Raises `EmploymentHasEnded`, `EmploymentDaysImpossible`.
    """
    if employment.ends_on is not None:
        raise EmploymentHasEnded()
    rules.check_days(employment.starts_on, ends_on)
    employment.ends_on, employment.leaving_reason = ends_on, reason
    session.flush()


def _write(session: Session, employment: Employment) -> None:
    is_flagged = get_figures(session, [TWO_EMPLOYERS], on=employment.starts_on)
    try:
        with refusing(session, {ONE_FULL_TIME: WorksFullTimeElsewhere()}):
            session.add(employment)
    except WorksFullTimeElsewhere:
        if is_flagged[TWO_EMPLOYERS].value != FLAGGED:
            raise
        employment.overlap_allowed = True
        session.add(employment)
        session.flush()


def _contracts_beyond(
    session: Session, employment: Employment, day: date
) -> list[EmploymentContract]:
    query = (
        select(EmploymentContract)
        .where(
            col(EmploymentContract.employment_id) == employment.id,
            or_(col(EmploymentContract.ends_on).is_(None), col(EmploymentContract.ends_on) > day),
        )
        .order_by(col(EmploymentContract.starts_on))
    )
    return list(session.execute(query).scalars())


def _terms_of(contract: EmploymentContract) -> ContractTerms:
    return ContractTerms(
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        number=contract.number,
        insurance_payer=contract.insurance_payer,
        insurance_payer_name=contract.insurance_payer_name,
        file_id=contract.file_id,
    )


def _carry(session: Session, contracts: list[ContractTerms], new: Employment) -> None:
    """A contract goes on with another post: it is the same one, and as long as it was."""
    for said in contracts:
        session.add(EmploymentContract(employment_id=new.id or 0, **asdict(said)))
    session.flush()


def _check_not_here(session: Session, caregiver: Caregiver, terms: Terms) -> None:
    here = exists().where(
        col(Employment.caregiver_id) == caregiver.id,
        col(Employment.site_id) == terms.site_id,
        or_(col(Employment.ends_on).is_(None), col(Employment.ends_on) > terms.starts_on),
    )
    if session.execute(select(here)).scalar_one():
        raise EmployedHereAlready()


def _works_for_keeper(session: Session, caregiver: Caregiver, on: date) -> bool:
    works = exists().where(
        col(Employment.caregiver_id) == caregiver.id,
        col(Employment.site_id) == caregiver.keeper_site_id,
        or_(col(Employment.ends_on).is_(None), col(Employment.ends_on) > on),
    )
    return bool(session.execute(select(works)).scalar_one())


def _get_own_employment(session: Session, employment_id: int) -> tuple[Employment, Caregiver]:
    """Return an employment at one's own site, and whose it is, both held; raises `NotFound`.

    The file may be kept by another employer.
    """
    employment = session.get(Employment, employment_id)
    if employment is None:
        raise NotFound()
    get_own_site(session, employment.site_id)
    caregiver = get_in_reach(session, employment.caregiver_id)
    session.refresh(caregiver, with_for_update={"key_share": True})
    session.refresh(employment, with_for_update=True)
    return employment, caregiver
