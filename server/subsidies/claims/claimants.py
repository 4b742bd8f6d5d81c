"""Who may claim: the sites, elders and caregivers that an actor asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session, col, select

from server.caregivers.models import Caregiver
from server.errors import NotFound
from server.identity.roles import Reach
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.claims.models import Claimant, SubsidyClaim


@dataclass(frozen=True)
class Who:
    """A claimant, and the place whose offices look at the claim."""

    claimant: Claimant
    claimant_id: int
    name: str
    division_code: str
    site_id: int | None = None
    resident_id: int | None = None
    caregiver_id: int | None = None
    kind: str = ""
    staff_id: int | None = None


def get_who(session: Session, claimant: Claimant, claimant_id: int) -> Who:
    """Return a claimant whom the actor may know; raises `NotFound`."""
    found = _FIND[claimant](session, claimant_id)
    if found is None:
        raise NotFound()
    return found


def reaches(reach: Reach, who: Who) -> bool:
    """True where somebody's offices ask for the claimant: at the site, or over the place."""
    over = any(who.division_code.startswith(prefix) for prefix in reach.prefixes)
    return over or who.site_id in reach.site_ids


def list_sites(session: Session, reach: Reach) -> Sequence[Who]:
    """Return the sites that one's offices work for, by name."""
    sites = select(Site).where(col(Site.id).in_(reach.site_ids)).order_by(col(Site.name))
    return [_of_site(site) for site in session.exec(sites)]


def list_elders(session: Session, resident_ids: Sequence[int]) -> Sequence[Who]:
    """Return elders by name, as far as the actor knows them."""
    query = select(Resident).where(col(Resident.id).in_(resident_ids)).order_by(col(Resident.name))
    return [_of_elder(one) for one in session.exec(query)]


def claims_within(reach: Reach) -> ColumnElement[bool]:
    """Return the condition on claims of what somebody's offices reach."""
    code = col(SubsidyClaim.division_code)
    under = [code.startswith(prefix, autoescape=True) for prefix in reach.prefixes]
    return or_(false(), col(SubsidyClaim.site_id).in_(reach.site_ids), *under)


def _of_site(site: Site) -> Who:
    assert site.id is not None, "a row that was read has its key"
    return Who(
        Claimant.SITE, site.id, site.name, site.division_code, site_id=site.id, kind=site.kind.value
    )


def _site(session: Session, site_id: int) -> Who | None:
    site = session.get(Site, site_id)
    return None if site is None else _of_site(site)


def _resident(session: Session, resident_id: int) -> Who | None:
    one = session.get(Resident, resident_id)
    return None if one is None else _of_elder(one)


def _of_elder(one: Resident) -> Who:
    assert one.id is not None, "a row that was read has its key"
    return Who(Claimant.RESIDENT, one.id, one.name, one.village_code, resident_id=one.id)


def _caregiver(session: Session, caregiver_id: int) -> Who | None:
    query = select(Caregiver, Site).where(
        col(Caregiver.id) == caregiver_id, col(Site.id) == col(Caregiver.keeper_site_id)
    )
    row = session.exec(query).one_or_none()
    if row is None:
        return None
    one, site = row
    return Who(
        Claimant.CAREGIVER, caregiver_id, one.name, site.division_code,
        site_id=site.id, caregiver_id=caregiver_id, staff_id=one.staff_id,
    )  # fmt: skip


_FIND = {Claimant.SITE: _site, Claimant.RESIDENT: _resident, Claimant.CAREGIVER: _caregiver}
