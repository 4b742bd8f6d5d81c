"""Twelve made-up canteens, two of each operating model, and what they charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import insert, select
from sqlmodel import Session, col

from infra.demo.beginning import Beginning
from infra.demo.divisions import Divisions
from infra.demo.sites import SOURCE, place
from server.meals.models import Canteen, Meal, OperatingModel
from server.providers.models import FacilityKind, Ownership, Site

KEY = f"{SOURCE}:canteen:"
ALL_DAY = (Meal.BREAKFAST, Meal.LUNCH, Meal.DINNER)
TWICE = (Meal.LUNCH, Meal.DINNER)
LUNCH = (Meal.LUNCH,)
CENTRAL_KITCHEN = OperatingModel.CENTRAL_KITCHEN


@dataclass(frozen=True)
class PlannedCanteen:
    """A canteen before it has a place; `lunch_places` and `lunch_yuan` are those of its lunch."""

    name: str
    where: tuple[int, int, int]
    provider_no: int
    model: OperatingModel
    serves: tuple[Meal, ...]
    lunch_places: int
    lunch_yuan: int
    discount_percent: int = 0
    charity_fen: int = 0
    kind: FacilityKind = FacilityKind.CANTEEN


CANTEENS: Sequence[PlannedCanteen] = (
    PlannedCanteen("银杏老年食堂", (0, 0, 0), 2, OperatingModel.PARTY_LED, ALL_DAY, 80, 12, 10),
    PlannedCanteen("晚晴老年食堂", (0, 0, 2), 3, OperatingModel.CHAIN, TWICE, 120, 15, 15),
    PlannedCanteen("槐荫社区食堂", (0, 2, 1), 7, CENTRAL_KITCHEN, LUNCH, 100, 14, 10),
    PlannedCanteen("明灯爱心食堂", (0, 5, 2), 9, OperatingModel.CHARITY, ALL_DAY, 60, 12, 0, 200),
    PlannedCanteen("长庚老年食堂", (5, 0, 1), 7, OperatingModel.JOINT, TWICE, 90, 13, 8),
    PlannedCanteen(
        "丹水助餐点", (5, 3, 0), 7, CENTRAL_KITCHEN, LUNCH, 40, 11, 5,
        kind=FacilityKind.MEAL_POINT,
    ),
    PlannedCanteen("麦香老年食堂", (4, 0, 1), 8, OperatingModel.PARTY_LED, TWICE, 70, 10, 10),
    PlannedCanteen("灶火邻里食堂", (4, 5, 0), 8, OperatingModel.NEIGHBOUR, ALL_DAY, 30, 8, 0, 100),
    PlannedCanteen("云锅老年食堂", (2, 0, 1), 7, OperatingModel.CHAIN, TWICE, 90, 20, 20),
    PlannedCanteen(
        "石榴邻里助餐点", (2, 4, 1), 8, OperatingModel.NEIGHBOUR, LUNCH, 20, 8, 0, 150,
        kind=FacilityKind.MEAL_POINT,
    ),
    PlannedCanteen("沁谷老年食堂", (1, 0, 1), 9, OperatingModel.CHARITY, ALL_DAY, 50, 11, 0, 300),
    PlannedCanteen(
        "棋台联合助餐点", (3, 0, 1), 3, OperatingModel.JOINT, LUNCH, 45, 12, 6,
        kind=FacilityKind.MEAL_POINT,
    ),
)  # fmt: skip


def put_canteens(
    session: Session, beginning: Beginning, divisions: Divisions, provider_ids: Sequence[int]
) -> list[int]:
    """Enter the canteens as sites and as canteens; returns their ids in the order of `CANTEENS`."""
    chance = Random(f"{beginning.seed}/canteens")
    sites = [
        {
            **place(divisions, canteen.where, 50 + number, chance),
            "provider_id": provider_ids[canteen.provider_no],
            "kind": canteen.kind,
            "name": canteen.name,
            "ownership": Ownership.PUBLIC_BUILT_PRIVATE_RUN,
            "is_inclusive": True,
            "features": [],
            "source_key": f"{KEY}{number:02d}",
        }
        for number, canteen in enumerate(CANTEENS, start=1)
    ]
    entered = insert(Site).returning(col(Site.id), sort_by_parameter_order=True)
    ids = [row.id for row in session.execute(entered, sites)]
    session.execute(
        insert(Canteen),
        [
            {
                "site_id": site_id,
                "operating_model": canteen.model,
                "discount_percent": canteen.discount_percent,
                "charity_fen": canteen.charity_fen,
                "menu_version": 1,
            }
            for site_id, canteen in zip(ids, CANTEENS, strict=True)
        ],
    )
    return ids


def canteen_places(session: Session) -> list[tuple[int, str]]:
    """Return site id and village of the demo's canteens, in the order of `CANTEENS`."""
    rows = session.execute(
        select(col(Site.id), col(Site.division_code))
        .where(col(Site.source_key).startswith(KEY))
        .order_by(col(Site.source_key))
    )
    return [(row.id, row.division_code) for row in rows]
