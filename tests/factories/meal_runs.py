"""A month of meals from the counter to a run: collected, settled, gathered and reckoned."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlmodel import col

from server import clock
from server.identity.models import SignIn
from server.identity.service.sign_ins import open_sign_in
from server.meals.counter.models import MealCollection
from server.meals.settlement.service import draw_up
from server.subsidies.reckoning.service import Wanted, go_on, start_run
from server.subsidies.reckoning.versions import find_version
from tests.factories.eaten import Kitchen
from tests.factories.people import make_resident
from tests.factories.subsidies import BASIS, a_programme, make_version

CANTEEN = "清泉里社区食堂"
TABLET = "前台平板 A3"
MEALS = {
    "programme": "meals",
    "name": {"zh": "老年助餐补贴", "en": "Meals of elders"},
    "family": "meals",
    "facts": "meals_eaten",
    "budget_line": "老年助餐补贴",
    "conditions": [],
    "amounts": {
        "tables": [
            {
                "id": "by_age",
                "name": {"zh": "每餐补贴（按年龄）", "en": "A meal, by age"},
                "rows": [{"when": {"age": {"at_least": 80}}, "fen": 300, **BASIS}],
            }
        ]
    },
    "counts": {"by": "each", "fact": "meals", **BASIS},
    "factors": [],
    "caps": [],
    "excludes": [],
    "notice": None,
}


def make_meal_run(session):
    """A run of the meals of one elder at a canteen, each handed out at its tablet.

    Returns the run, the kitchen and the last of the meals.
    """
    kitchen = Kitchen(session, name=CANTEEN)
    eater = make_resident(session, name="赵玉兰", born_on=date(1940, 1, 1))
    meals = [kitchen.eaten(eater, on=kitchen.day(number)) for number in range(3)]
    sign_in = _tablet(session, kitchen.cook)
    for meal in meals:
        _hand_out(session, meal, kitchen.cook, sign_in)
    _settle(session, kitchen)
    if find_version(session, "meals", on=kitchen.month) is None:
        make_version(session, a_programme(**MEALS))
    run = start_run(session, Wanted("meals", kitchen.month, 1, "1405"))
    while go_on(session, run.id):
        pass
    session.refresh(run)
    return run, kitchen, meals[-1]


def _tablet(session, cook):
    open_sign_in(
        session, account_id=None, staff_id=cook.id, device_label=TABLET, now=clock.now(),
        lasts=timedelta(days=1), second_factor_at=clock.now(),
    )  # fmt: skip
    newest = select(SignIn).where(col(SignIn.staff_id) == cook.id)
    return session.execute(newest).scalar_one()


def _hand_out(session, meal, cook, sign_in):
    at = datetime.combine(meal.service_on, time(11, 42), clock.CITY)
    session.add(
        MealCollection(
            client_key=f"tablet-a3-{meal.id:06d}", booking_id=meal.id, how="qr", device_at=at,
            received_at=at, staff_id=cook.id, sign_in_id=sign_in.id,
        )
    )  # fmt: skip
    session.flush()


def _settle(session, kitchen):
    draw_up(session, [kitchen.site_id], kitchen.month)
    for stage in ("confirmed", "accepted"):
        moved = f"UPDATE meal_settlement SET stage = '{stage}', {stage}_at = :now"
        told = {"now": clock.now(), "site": kitchen.site_id, "month": kitchen.month}
        session.execute(text(f"{moved} WHERE site_id = :site AND month = :month"), told)
