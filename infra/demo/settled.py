"""What canteens of the demo handed out in the last three months, the month that was settled of it,
and what eaters said."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.meals.settlement.models import SettlementStage
from server.meals.settlement.service import confirm, draw_up

EVERY_DAYS, EATERS, PLACES = 4, 6, 20
STANDS_STILL_SINCE = 20
IS_THERE = text("SELECT EXISTS (SELECT 1 FROM meal_settlement)")
STATEMENTS = [
    text(one) for one in Path(__file__).with_suffix(".sql").read_text().split(";\n") if one.strip()
]
CANTEENS = text("SELECT site_id FROM canteen ORDER BY site_id")
SETTLED = text("SELECT id FROM meal_settlement WHERE stage = :stage ORDER BY id LIMIT 2")


def are_months_settled(session: Session) -> bool:
    """True once a month of any canteen was drawn up."""
    return bool(session.execute(IS_THERE).scalar_one())


def put_settled_months(session: Session) -> int:
    """Put three months of meals down and settle the first, once; returns how many canteens."""
    if are_months_settled(session):
        return 0
    today = clock.today()
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    month = (last_month - timedelta(days=1)).replace(day=1)
    facts = {
        "first": month, "last": today - timedelta(days=1), "today": today, "every": EVERY_DAYS,
        "places": PLACES, "eaters": EATERS, "still": STANDS_STILL_SINCE, "city": clock.CITY.key,
        "until": today + timedelta(days=31), "now": clock.now(), "due": today + timedelta(days=5),
    }  # fmt: skip
    for statement in STATEMENTS:
        taken = {name: facts[name] for name in statement.compile().params}
        session.execute(statement, taken)
    canteens = [row.site_id for row in session.execute(CANTEENS)]
    drawn = draw_up(session, canteens[:-1], month)
    for row in session.execute(SETTLED, {"stage": SettlementStage.DRAWN_UP.value}).all():
        confirm(session, row.id)
    return drawn
