"""Keep the register of sites: what a site is, its papers, stars, prices, photos and opening."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from server import clock
from server.db.cities import current_city
from server.db.refusals import refusing
from server.errors import NotFound
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_image, remove_file
from server.policies.errors import RuleMissing
from server.policies.queries import get_figures
from server.providers import rules
from server.providers.details import Detail, get_detail
from server.providers.errors import DetailExists, StarOverlaps, TooManyPhotos, UsccOfAnother
from server.providers.models import (
    OpeningState,
    Provider,
    Site,
    SiteOpening,
    SitePaper,
    SitePhoto,
)

Values = Mapping[str, Any]
BROKEN: Mapping[str, Exception] = {
    "ex_site_star_one_a_day": StarOverlaps(),
    "uq_site_paper_once": DetailExists(),
    "uq_site_price_site_id_item_starts_on": DetailExists(),
}


def change_site(session: Session, site_id: int, values: Values) -> Site:
    """Put new facts of a site in the place of the old; raises `NotFound`, `PositionOutsideCity`."""
    site = _get(session, site_id)
    rules.check_position(values.get("x", site.x), values.get("y", site.y), frame=_frame(session))
    for name, value in values.items():
        setattr(site, name, value)
    session.flush()
    return site


def name_provider(session: Session, site_id: int, values: Values) -> Provider:
    """Say who runs a site: `name`, `uscc`, `credit_status`.

    The organisation of that code, if the register has one, else the site's own, else a new one.
    Raises `UsccUnusable`, `UsccOfAnother`, `NotFound`.
    """
    site = _get(session, site_id)
    given = dict(values) | {"uscc": rules.read_uscc(values["uscc"]) if values["uscc"] else None}
    provider = _find_provider(session, site, given["uscc"]) or Provider(name=given["name"])
    with refusing(session, {"uq_provider_uscc": UsccOfAnother()}):
        for name, value in given.items():
            setattr(provider, name, value)
        session.add(provider)
    site.provider_id = provider.id
    session.flush()
    return provider


def note_detail(session: Session, model: type[Detail], site_id: int, values: Values) -> Detail:
    """Note a paper, star level or price of a site.

    Raises `NotFound`, `DetailDaysImpossible`, `StarOverlaps`, `DetailExists`,
    `PriceRangeReversed`.
    """
    _get(session, site_id)
    _check(values)
    detail = model(site_id=site_id, **values)
    with refusing(session, BROKEN):
        session.add(detail)
    return detail


def correct_detail(
    session: Session, model: type[Detail], site_id: int, detail_id: int, values: Values
) -> Detail:
    """Put right what was noted wrongly; raises as `note_detail` does."""
    detail: Detail = get_detail(session, model, site_id, detail_id)
    _check(values)
    with refusing(session, BROKEN):
        for name, value in values.items():
            setattr(detail, name, value)
    return detail


def remove_detail(session: Session, model: type[Detail], site_id: int, detail_id: int) -> None:
    """Take out what is not this site's; the trail keeps it. Raises `NotFound`."""
    detail = get_detail(session, model, site_id, detail_id)
    file_id = getattr(detail, "file_id", None)
    session.delete(detail)
    session.flush()
    if file_id is not None:
        remove_file(session, file_id)


def add_scan(session: Session, site_id: int, paper_id: int, content: bytes) -> None:
    """Keep a picture of a paper in the place of the one before; raises `ImageUnusable`."""
    paper: SitePaper = get_detail(session, SitePaper, site_id, paper_id)
    before = paper.file_id
    kept = keep_image(
        session, content, kind=FileKind.SCAN, purpose=FilePurpose.SITE_PAPER, site_id=site_id
    )
    paper.file_id = kept.id
    session.flush()
    if before is not None:
        remove_file(session, before)


def add_photo(session: Session, site_id: int, content: bytes, *, caption: str = "") -> SitePhoto:
    """Show a photo of a site to everybody; raises `ImageUnusable`, `TooManyPhotos`, `NotFound`."""
    _lock(session, site_id)
    count, last = session.execute(
        select(func.count(), func.coalesce(func.max(col(SitePhoto.position)), 0)).where(
            col(SitePhoto.site_id) == site_id
        )
    ).one()
    if count >= rules.MOST_PHOTOS:
        raise TooManyPhotos(most=rules.MOST_PHOTOS)
    kept = keep_image(
        session, content, kind=FileKind.PHOTO, purpose=FilePurpose.SITE_PHOTO, site_id=site_id
    )
    assert kept.id is not None, "a kept file has its key"
    photo = SitePhoto(site_id=site_id, file_id=kept.id, caption=caption, position=last + 1)
    session.add(photo)
    session.flush()
    return photo


def remove_photo(session: Session, site_id: int, photo_id: int) -> None:
    """Show a photo no more, and delete what is in it; raises `NotFound`."""
    taken_out = delete(SitePhoto).where(
        col(SitePhoto.id) == photo_id, col(SitePhoto.site_id) == site_id
    )
    file_id = session.execute(taken_out.returning(col(SitePhoto.file_id))).scalar_one_or_none()
    if file_id is None:
        raise NotFound()
    remove_file(session, file_id)


def set_opening(
    session: Session, site_id: int, state: OpeningState, *, starts_on: date, reason: str
) -> SiteOpening:
    """Let a site be planned, open, suspended or closed from a day on.

    The site's row is held from here to the end of the transaction, so that nobody moves in
    meanwhile. Raises `OpeningNotNext`, `OpeningDayOutOfReach`, `NotFound`.
    """
    site = _lock(session, site_id)
    since = session.execute(
        select(func.max(col(SiteOpening.starts_on))).where(col(SiteOpening.site_id) == site_id)
    ).scalar_one()
    rules.check_opening(site.opening_state, state, starts_on, since=since, today=clock.today())
    opening = SiteOpening(
        site_id=site_id, state=state, starts_on=starts_on, reason=reason, recorded_at=clock.now()
    )
    session.add(opening)
    session.execute(update(Site).where(col(Site.id) == site_id).values(opening_state=state))
    session.flush()
    return opening


def _check(values: Values) -> None:
    rules.check_days(values["starts_on"], values.get("ends_on"))
    if "lowest_fen" in values:
        rules.check_range(values["lowest_fen"], values["highest_fen"])


def _frame(session: Session) -> Any:
    frame = rules.FRAME_OF.format(city=current_city())
    try:
        return get_figures(session, [frame], on=clock.today())[frame].value
    except RuleMissing:
        return rules.CHINA


def _find_provider(session: Session, site: Site, uscc: str | None) -> Provider | None:
    """By its code; a site whose organisation has no code yet gives its own one."""
    if uscc is not None:
        by_code = select(Provider).where(col(Provider.uscc) == uscc)
        found: Provider | None = session.execute(by_code).scalar_one_or_none()
        if found is not None:
            return found
    own = session.get(Provider, site.provider_id) if site.provider_id is not None else None
    return own if own is not None and (own.uscc is None or uscc is None) else None


def _get(session: Session, site_id: int) -> Site:
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound()
    return site


def _lock(session: Session, site_id: int) -> Site:
    query = select(Site).where(col(Site.id) == site_id).with_for_update(key_share=True)
    fresh = query.execution_options(populate_existing=True)
    site: Site | None = session.execute(fresh).scalar_one_or_none()
    if site is None:
        raise NotFound()
    return site
