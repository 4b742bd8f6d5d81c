"""A canteen, and what one check finds at it."""

import pytest

from server.homecare.meal_checks.checks import CHECKS
from server.meals.checks.service import find
from tests.factories.eaten import Kitchen

BY_KIND = {check.kind: check for check in CHECKS}


@pytest.fixture
def kitchen(session):
    return Kitchen(session)


@pytest.fixture
def found(session, kitchen):
    """Return the meals of each case that the check of a kind finds in the kitchen's month."""

    def found(kind):
        cases = find(session, BY_KIND[kind], kitchen.month, until=kitchen.day(27))
        return [case.evidence["meals"] for case in cases]

    return found
