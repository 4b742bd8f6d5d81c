"""A canteen with a cook, who acts."""

from dataclasses import replace

import pytest

from server.db.sessions import actor_of
from tests.factories.kitchen import make_cook
from tests.factories.meals import make_canteen


@pytest.fixture
def canteen(session):
    return make_canteen(session)


@pytest.fixture
def cook(session, canteen):
    """The canteen's cook, in whose name the rest of the test is done."""
    staff = make_cook(session, canteen)
    session.info["actor"] = replace(actor_of(session), staff_id=staff.id)
    return staff
