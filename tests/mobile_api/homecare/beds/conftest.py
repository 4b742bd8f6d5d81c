"""Somebody who has asked for a bed at home by phone."""

import pytest

from tests.mobile_api.facilities.conftest import help_within

__all__ = ["help_within"]


@pytest.fixture
def wish(resident):
    return {"resident_id": resident.id, "wishes": "希望上午来"}


@pytest.fixture
def bed(phone, wish):
    """What the phone was told when it applied."""
    answer = phone.post("/v1/home-beds", wish)
    assert answer.status_code == 201
    return answer.json
