"""How a canteen does over four weeks: its meals, its money, and whether it stands still."""

from datetime import date, timedelta

import pytest

from server import clock
from server.meals.viability.queries import list_viability
from server.meals.viability.rules import Standing, Takings, standing
from server.providers.queries import within
from tests.factories.eaten import Kitchen
from tests.factories.people import make_resident

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("meals", "idle_days", "told"),
    [
        (60, 1, Standing.RUNS),
        (29, 1, Standing.FEW),
        (60, 6, Standing.RUNS),
        (60, 7, Standing.STILL),
        (0, None, Standing.STILL),
    ],
)
def test_a_canteen_runs_has_few_eaters_or_stands_still(meals, idle_days, told):
    last_on = None if idle_days is None else TODAY - timedelta(days=idle_days)

    asked = {"last_on": last_on, "today": TODAY, "few_percent": 30, "days": 7}
    assert standing(meals=meals, places=100, **asked) is told


def test_a_loss_is_what_meals_cost_more_than_they_bring_in():
    takings = Takings(
        meals=10, own_pay_fen=9000, subsidy_fen=3000, charity_fen=0, operation_fen=2000
    )

    assert takings.loss_fen(1500) == 1000
    assert takings.loss_fen(1000) == -4000


def test_four_weeks_are_read_with_money_owed_in_one_statement(session, statements):
    kitchen, quiet = Kitchen(session), Kitchen(session)
    yesterday = clock.today() - timedelta(days=1)
    eater = make_resident(session)
    kitchen.eaten(eater, on=yesterday)
    kitchen.eaten(on=yesterday)
    kitchen.eaten(on=clock.today() - timedelta(days=40))
    here = within((), [kitchen.site_id, quiet.site_id])

    with statements() as asked:
        first, second = list_viability(session, here, today=clock.today())

    assert len(asked) == 2
    assert (first.row.id, first.standing) == (quiet.site_id, Standing.STILL)
    assert (second.takings.meals, second.by_day[-1], sum(second.by_day)) == (2, 2, 2)
    assert second.takings.operation_fen == 600
    assert second.idle_days == 1
