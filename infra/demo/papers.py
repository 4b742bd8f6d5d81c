"""What stands beside the demo's sites in the register: papers, stars, prices, photos, openings.

A few statements for the whole city. Some papers end soon and some have ended, so that the list of
what ends is not empty; the photos are drawn and say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, case, insert, select, text, update
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.drawings import draw_front, draw_room
from infra.demo.sites import SOURCE
from server import clock
from server.providers.models import (
    CareService,
    CreditStatus,
    FacilityKind,
    OpeningState,
    PaperKind,
    PriceItem,
    Provider,
    Site,
    SiteOpening,
    SitePaper,
    SitePrice,
    SiteStar,
)
from server.providers.service import add_photo

OPENED_BEFORE = timedelta(days=1_100)
A_YEAR = timedelta(days=365)
STAR_YEARS = 3 * A_YEAR  # GB/T 37276
HOMES = {FacilityKind.CARE_HOME, FacilityKind.TOWNSHIP_HOME}
WITH_BEDS = HOMES | {FacilityKind.STREET_CENTRE, FacilityKind.DAY_CENTRE}
WATCHED = "和煦养老服务中心"
# Of a monthly price: what the bed and the meals are of it; the rest is nursing.
BED_OF_100, MEALS_OF_100 = 50, 25
DEAREST_BED_OF_100, MOST_NURSING_FEN = 160, 120_000
DEPOSIT_BED_FEES = 2
SERVICES: Mapping[str, Sequence[CareService]] = {
    "医养结合": (CareService.MEDICAL,),
    "失智照护": (CareService.DEMENTIA,),
    "康复护理": (CareService.REHABILITATION,),
    "临终关怀": (CareService.HOSPICE,),
    "日间照料": (CareService.DAY_CARE,),
    "短期托养": (CareService.RESPITE,),
    "助浴": (CareService.BATHING,),
    "上门服务": (CareService.HOME_VISITS,),
    "上门护理": (CareService.HOME_VISITS,),
}

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM site_paper)")
SITES = text(
    "SELECT s.id, s.kind, s.features, s.is_inclusive, s.monthly_price_from_fen AS price,"
    "       d.name AS county"
    "  FROM site s LEFT JOIN division d ON d.code = left(s.division_code, 6)"
    " WHERE s.source_name = 'demo' AND s.kind <> 'canteen' ORDER BY s.source_key"
)

Line = dict[str, Any]


def are_papers_there(session: Session) -> bool:
    """True for a demo whose sites have papers already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_papers(session: Session, beginning: Beginning) -> int:
    """Fill the register beside the demo's sites, once; returns of how many."""
    if are_papers_there(session):
        return 0
    sites = session.connection().execute(SITES).all()
    chance = Random(f"{beginning.seed}/papers")
    opened_on = beginning.day - OPENED_BEFORE
    _say_services(session, sites)
    _put(session, SitePaper, [row for site in sites for row in _papers(site, opened_on, chance)])
    _put(session, SiteStar, list(_stars(sites, chance)))
    _put(session, SitePrice, [row for site in sites for row in _prices(site, opened_on)])
    _put(session, SiteOpening, [_opening(site, opened_on) for site in sites])
    for place, site in enumerate(one for one in sites if FacilityKind(one.kind) in HOMES):
        add_photo(session, site.id, draw_front(place), caption="大门（示意图）")
        add_photo(session, site.id, draw_room(place), caption="双人间（示意图）")
    return len(sites)


def fees_of(price_fen: int) -> Mapping[str, int]:
    """Return what makes up a monthly price, in tens of yuan: bed, meals, the rest nursing."""
    bed = price_fen * BED_OF_100 // 100 // 1000 * 1000
    meals = price_fen * MEALS_OF_100 // 100 // 1000 * 1000
    return {"bed": bed, "meals": meals, "nursing": price_fen - bed - meals}


def _put(session: Session, table: Any, rows: Sequence[Line]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _say_services(session: Session, sites: Sequence[Row[Any]]) -> None:
    """By what each says of itself; an inclusive home has its lowest price agreed upon."""
    rows = [
        {
            "id": site.id,
            "services": sorted(_services(site)),
            "inclusive_price_fen": site.price if site.is_inclusive else None,
        }
        for site in sites
    ]
    if rows:
        session.execute(update(Site), rows)
    own = select(col(Site.provider_id)).where(col(Site.source_name) == SOURCE)
    status = case((col(Provider.name) == WATCHED, CreditStatus.WATCHED), else_=CreditStatus.GOOD)
    of_demo = update(Provider).where(col(Provider.id).in_(own))
    session.execute(of_demo.values(credit_status=status))


def _services(site: Row[Any]) -> set[str]:
    own = {one.value for word in site.features for one in SERVICES.get(word, ())}
    always = {CareService.MEALS.value} if FacilityKind(site.kind) in WITH_BEDS else set()
    full = {CareService.FULL_CARE.value} if FacilityKind(site.kind) in HOMES else set()
    return own | always | full


def _papers(site: Row[Any], opened_on: date, chance: Random) -> Iterator[Line]:
    """Registration for everybody; fire, food and insurance where people stay or eat."""
    county = site.county or ""
    yield _paper(site, PaperKind.REGISTRATION, f"{county}民政局", opened_on, None)
    if FacilityKind(site.kind) not in WITH_BEDS:
        return
    yield _paper(site, PaperKind.FILING, f"{county}民政局", opened_on, None)
    yield _paper(site, PaperKind.FIRE, f"{county}消防救援大队", opened_on, None)
    food_since = opened_on + timedelta(days=chance.randint(0, 90))
    yield _paper(
        site, PaperKind.FOOD, f"{county}市场监督管理局", food_since, food_since + 5 * A_YEAR
    )
    insured_until = clock.today() + timedelta(days=chance.randint(-20, 330))
    yield _paper(
        site, PaperKind.LIABILITY, "示范财产保险公司", insured_until - A_YEAR, insured_until
    )
    if "医养结合" in site.features:
        yield _paper(
            site, PaperKind.MEDICAL, f"{county}卫生健康局", food_since, food_since + 5 * A_YEAR
        )


def _paper(
    site: Row[Any], kind: PaperKind, issuer: str, starts_on: date, ends_on: date | None
) -> Line:
    return {
        "site_id": site.id,
        "kind": kind,
        "number": f"示范{starts_on:%Y}-{site.id:04d}-{list(PaperKind).index(kind) + 1}",
        "issuer": issuer,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def _stars(sites: Sequence[Row[Any]], chance: Random) -> Iterator[Line]:
    """Township homes have two or three stars, the others three to five; some end soon."""
    for site in sites:
        kind = FacilityKind(site.kind)
        if kind in HOMES:
            since = clock.today() - timedelta(days=chance.randint(30, STAR_YEARS.days - 20))
            yield {
                "site_id": site.id,
                "stars": chance.choice((2, 3) if kind is FacilityKind.TOWNSHIP_HOME else (3, 4, 5)),
                "document": f"示范民评〔{since:%Y}〕{site.id}号",
                "starts_on": since,
                "ends_on": since + STAR_YEARS,
            }


def _prices(site: Row[Any], starts_on: date) -> Iterator[Line]:
    if site.price is None or FacilityKind(site.kind) not in HOMES:
        return
    fees = fees_of(site.price)
    dearest = fees["bed"] * DEAREST_BED_OF_100 // 100
    for item, lowest, highest in (
        (PriceItem.BED, fees["bed"], dearest),
        (PriceItem.NURSING, fees["nursing"], fees["nursing"] + MOST_NURSING_FEN),
        (PriceItem.MEALS, fees["meals"], fees["meals"]),
        (PriceItem.DEPOSIT, fees["bed"] * DEPOSIT_BED_FEES, dearest * DEPOSIT_BED_FEES),
    ):
        yield {
            "site_id": site.id,
            "item": item,
            "lowest_fen": lowest,
            "highest_fen": highest,
            "starts_on": starts_on,
        }


def _opening(site: Row[Any], opened_on: date) -> Line:
    return {
        "site_id": site.id,
        "state": OpeningState.OPEN,
        "starts_on": opened_on,
        "reason": "示范开业",
        "recorded_at": clock.now(),
    }
