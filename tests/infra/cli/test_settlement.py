"""`yinling settlement`: a month drawn up for everybody, as often as one likes, and read again."""

import re

import pytest
from click.testing import CliRunner

from infra.cli.settlement import settlement_group
from server import clock
from server.db.acts import Act, Face, acting
from server.meals.settlement import service
from server.meals.settlement.models import AdjustmentState, MealAdjustment
from tests.factories.eaten import Kitchen


@pytest.fixture
def kitchens(session):
    kitchens = [Kitchen(session) for _ in range(3)]
    for kitchen in kitchens:
        kitchen.eaten()
    session.commit()
    return kitchens


def run(*arguments):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(settlement_group, arguments, catch_exceptions=False)


def draw(kitchens):
    return run("draw", "--month", f"{kitchens[0].month:%Y-%m}")


def test_all_canteens_are_drawn_up_and_a_second_time_none(kitchens, monkeypatch):
    monkeypatch.setattr(service, "A_SLICE", 2)

    first, second = draw(kitchens), draw(kitchens)

    for output in (first.output, second.output):
        assert "3 份结算单，合计 18.00 元。" in output


def test_a_canteen_whose_adjustment_waits_is_left_out_and_named(session, kitchens):
    kitchen = kitchens[0]
    asked = MealAdjustment(
        site_id=kitchen.site_id, month=kitchen.month, amount_fen=100, reason="断网",
        state=AdjustmentState.ASKED, asked_at=clock.now(), asked_by=kitchen.officer.id,
    )  # fmt: skip
    session.add(asked)
    session.commit()

    told = draw(kitchens).output

    assert "2 份结算单，合计 12.00 元。" in told
    assert "有调整待审核" in told


def test_a_settled_month_is_shown_with_lines_and_digest(kitchens):
    draw(kitchens)
    [number, *_] = re.findall(r"^ *(\d+)  ", run("list").output, re.MULTILINE)

    told = run("show", number).output

    assert re.search(r"sha256  [0-9a-f]{64}\n", told)
    assert "餐次明细与汇总时一致。" in told
    assert run("show", "987654").exit_code == 2
