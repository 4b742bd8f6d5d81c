"""How far an amount has come, in the words of whoever waits for it."""

from types import SimpleNamespace

import pytest

from server.subsidies.models import Outcome, RunStage
from server.subsidies.own.lines import TOLD, Standing, standing_of


def line(**given):
    usual = {
        "outcome": Outcome.DUE, "is_held": False, "amount_fen": 30000, "payment_state": None,
        "stage": RunStage.APPROVED,
    }  # fmt: skip
    return SimpleNamespace(**usual | given)


@pytest.mark.parametrize("stage", TOLD)
def test_without_more_it_is_as_far_as_its_run(stage):
    assert standing_of(line(stage=stage.value)) == stage.value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"outcome": "refused", "amount_fen": 0}, Standing.REFUSED),
        ({"is_held": True, "stage": "paid"}, Standing.HELD),
        ({"amount_fen": -200, "stage": "paid"}, Standing.TAKEN_BACK),
        ({"payment_state": "paid", "stage": "in_payment"}, Standing.PAID),
        ({"payment_state": "failed", "stage": "paid"}, Standing.FAILED),
        ({"payment_state": "open", "stage": "in_payment"}, Standing.IN_PAYMENT),
    ],
)
def test_what_is_said_of_itself_goes_before(given, expected):
    assert standing_of(line(**given)) is expected
