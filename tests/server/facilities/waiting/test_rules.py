"""Who comes first."""

import pytest

from server.facilities.waiting.models import WaitingGround
from server.facilities.waiting.rules import order_of

FIGURE = {"tekun": 1, "disabled": 2, "none": 3, "disabled_levels": ["moderate", "severe", "total"]}


@pytest.mark.parametrize(
    ("tier", "level", "priority", "ground"),
    [
        (None, None, 3, WaitingGround.NONE),
        ("dibao", "mild", 3, WaitingGround.NONE),
        (None, "moderate", 2, WaitingGround.DISABLED),
        ("tekun", None, 1, WaitingGround.TEKUN),
        ("tekun_in_care", "total", 1, WaitingGround.TEKUN),
    ],
)
def test_the_best_ground_counts(tier, level, priority, ground):
    order = order_of(FIGURE, tier=tier, level=level)

    assert (order.priority, order.ground) == (priority, ground)


def test_a_city_may_set_another_order():
    order = order_of(FIGURE | {"disabled": 1, "tekun": 2}, tier="tekun", level="severe")

    assert order.ground is WaitingGround.DISABLED
