"""A home with a caregiver of whom everything is known, on a day in a window for claims."""

import pytest
import time_machine

from server.caregivers.allowances.models import CaregiverEntitlement
from server.db.tables import table_of
from tests.factories.allowances import IN_JULY, make_complete


@pytest.fixture
def in_july():
    """10 July 2026: claims of both programmes are taken."""
    with time_machine.travel(IN_JULY, tick=False):
        yield


@pytest.fixture
def caregiver(session, in_july):
    return make_complete(session)


@pytest.fixture
def held(session):
    """What holds of a caregiver: (programme, period) → row."""

    def of(caregiver, *, superseded=False):
        table = table_of(CaregiverEntitlement)
        rows = session.execute(
            table.select()
            .where(table.c.caregiver_id == caregiver.id)
            .where(table.c.superseded_at.is_not(None) if superseded
                   else table.c.superseded_at.is_(None))
        )  # fmt: skip
        return {(row.programme.value, row.period): row for row in rows}

    return of
