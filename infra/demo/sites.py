"""Made-up organisations and their sites: 24 facilities of every kind but the canteens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.divisions import Divisions
from infra.demo.id_numbers import organisation_code
from server.providers.models import FacilityKind, OpeningState, Ownership, Provider, Site

SOURCE = "demo"
HOME = FacilityKind.CARE_HOME
TOWNSHIP = FacilityKind.TOWNSHIP_HOME
DAY = FacilityKind.DAY_CENTRE
STREET = FacilityKind.STREET_CENTRE
STATION = FacilityKind.STATION
HOME_CARE = FacilityKind.HOME_CARE_PROVIDER

PROVIDERS = (
    "桑榆里养老服务中心", "松鹤归养老服务中心", "银杏社区服务社", "晚晴助餐服务社",
    "望秋居家养老服务社", "和煦养老服务中心", "安澜敬老服务中心", "长庚餐饮服务社",
    "丰穗助老服务社", "明灯慈善助老会",
)  # fmt: skip

# Longitude and latitude of the middle of each county's seat, to two digits.
SEATS: Mapping[str, tuple[float, float]] = {
    "140502": (112.85, 35.49), "140521": (112.19, 35.69), "140522": (112.41, 35.49),
    "140524": (113.28, 35.78), "140525": (112.90, 35.62), "140581": (112.92, 35.80),
}  # fmt: skip
AREA_CODES = {"1405": "0356"}


@dataclass(frozen=True)
class Facility:
    """A facility before it has a place: counted by county, town and village, as they are listed."""

    kind: FacilityKind
    name: str
    where: tuple[int, int, int]
    provider_no: int
    ownership: Ownership
    is_inclusive: bool
    beds: int | None = None
    monthly_yuan: int | None = None
    features: str = ""


PUBLIC = Ownership.PUBLIC
LET = Ownership.PUBLIC_BUILT_PRIVATE_RUN
RUN = Ownership.PUBLIC_PRIVATE_RUN
AIDED = Ownership.PRIVATE_PUBLIC_AIDED
PRIVATE = Ownership.PRIVATE

FACILITIES: Sequence[Facility] = (
    Facility(HOME, "桑榆里养老院", (0, 0, 1), 0, LET, True, 180, 2600,
             "医养结合 失智照护 康复护理"),
    Facility(HOME, "松鹤归老年公寓", (0, 4, 0), 1, PRIVATE, False, 240, 3800,
             "医养结合 个性化护理 餐饮定制"),
    Facility(HOME, "和煦苑养老院", (4, 0, 0), 5, AIDED, True, 120, 2200, "康复护理 适老化设计"),
    Facility(HOME, "长亭晚养老院", (5, 0, 0), 5, LET, True, 150, 2400, "医养结合 临终关怀"),
    Facility(HOME, "云上居康养院", (2, 0, 0), 1, PRIVATE, False, 96, 4200, "旅居康养 餐饮定制"),
    Facility(HOME, "沁河湾养老院", (1, 0, 0), 0, RUN, True, 110, 2000, "康复护理"),
    Facility(HOME, "棋山人家养老院", (3, 0, 0), 0, AIDED, True, 80, 1900, "适老化设计"),
    Facility(TOWNSHIP, "北岭乡里敬老院", (4, 3, 0), 6, PUBLIC, True, 60, 1200, "集中供养"),
    Facility(TOWNSHIP, "东塬乡里敬老院", (5, 4, 0), 6, PUBLIC, True, 50, 1200, "集中供养"),
    Facility(TOWNSHIP, "西沟乡里敬老院", (2, 5, 0), 6, PUBLIC, True, 45, 1100, "集中供养"),
    Facility(TOWNSHIP, "南坪乡里敬老院", (3, 3, 0), 6, PUBLIC, True, 40, 1100, "集中供养"),
    Facility(DAY, "银杏日间照料中心", (0, 1, 0), 2, PUBLIC, True, 20, 600, "日间照料 助浴"),
    Facility(DAY, "晚晴日间照料中心", (0, 6, 1), 3, LET, True, 15, 500, "日间照料 健康讲座"),
    Facility(DAY, "花坊日间照料中心", (4, 6, 1), 2, PUBLIC, True, 12, 400, "日间照料"),
    Facility(DAY, "石桥日间照料中心", (2, 1, 2), 2, PUBLIC, True, 12, 400, "日间照料"),
    Facility(STREET, "春台街道综合养老服务中心", (0, 2, 0), 2, LET, True, 40, 1800,
             "日间照料 短期托养 上门服务"),
    Facility(STREET, "秋实街道综合养老服务中心", (0, 5, 0), 1, LET, True, 36, 1800,
             "日间照料 短期托养"),
    Facility(STREET, "丹霞街道综合养老服务中心", (5, 1, 0), 5, RUN, True, 30, 1600,
             "日间照料 助浴"),
    Facility(STATION, "槐树下互助站", (4, 8, 3), 8, PUBLIC, True, None, None, "邻里互助"),
    Facility(STATION, "老井台互助站", (3, 6, 2), 8, PUBLIC, True, None, None, "邻里互助"),
    Facility(STATION, "麦场边互助站", (1, 5, 2), 8, PUBLIC, True, None, None, "邻里互助"),
    Facility(STATION, "戏台前互助站", (5, 9, 4), 8, PUBLIC, True, None, None, "邻里互助 棋牌"),
    Facility(HOME_CARE, "望秋居家养老服务站", (0, 3, 0), 4, PRIVATE, True, None, None,
             "上门护理 助浴 陪诊"),
    Facility(HOME_CARE, "暖巷居家养老服务站", (5, 2, 1), 4, PRIVATE, True, None, None,
             "上门护理 助洁"),
)  # fmt: skip

FIRST_CARE_HOME = "demo:facility:01"
FIRST_HOME_CARE = "demo:facility:23"
# Homes that keep no stays here: they file how many beds are taken, day by day.
FILING = tuple(f"demo:facility:{number:02d}" for number in range(6, 12))
FIRST_FILING_HOME = "demo:facility:10"


def put_providers(session: Session, city_code: str) -> Sequence[int]:
    """Enter the organisations and return their ids in the order of `PROVIDERS`."""
    rows = [
        {"name": name, "uscc": organisation_code(city_code, number)}
        for number, name in enumerate(PROVIDERS, start=1)
    ]
    entered = insert(Provider).returning(col(Provider.id), sort_by_parameter_order=True)
    return [row.id for row in session.execute(entered, rows)]


def put_facilities(
    session: Session, beginning: Beginning, divisions: Divisions, provider_ids: Sequence[int]
) -> int:
    """Enter the facilities; returns how many."""
    chance = Random(f"{beginning.seed}/facilities")
    rows = [
        {
            **place(divisions, facility.where, number, chance),
            "provider_id": provider_ids[facility.provider_no],
            "kind": facility.kind,
            "name": facility.name,
            "ownership": facility.ownership,
            "is_inclusive": facility.is_inclusive,
            "beds_declared": facility.beds,
            "monthly_price_from_fen": facility.monthly_yuan and facility.monthly_yuan * 100,
            "features": facility.features.split(),
            "source_key": f"{SOURCE}:facility:{number:02d}",
        }
        for number, facility in enumerate(FACILITIES, start=1)
    ]
    session.execute(insert(Site), rows)
    return len(rows)


def place(
    divisions: Divisions, where: tuple[int, int, int], number: int, chance: Random
) -> dict[str, Any]:
    """Return where a site lies, and how to reach it: no telephone number begins with a zero."""
    village = divisions.village(*where)
    x, y = SEATS.get(village[:6], (None, None))
    area_code = AREA_CODES.get(divisions.city_code)
    east, north = chance.uniform(-0.03, 0.03), chance.uniform(-0.03, 0.03)
    return {
        "division_code": village,
        "address": f"{divisions.spelled_out(village)}{chance.randint(1, 90)}号",
        "phone": f"{area_code}-00001{number:02d}" if area_code else None,
        "x": None if x is None else round(x + east, 5),
        "y": None if y is None else round(y + north, 5),
        "opening_state": OpeningState.OPEN,
        "source_name": SOURCE,
    }


def site_ids(session: Session) -> dict[str, int]:
    """Return the demo's sites as source key → id; empty before the demo."""
    rows = session.execute(
        select(col(Site.source_key), col(Site.id))
        .where(col(Site.source_name) == SOURCE)
        .order_by(col(Site.source_key))
    )
    return {row.source_key: row.id for row in rows}
