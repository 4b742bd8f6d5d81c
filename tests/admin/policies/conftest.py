"""The reference is in force since January; desks of who proposes and who decides."""

from datetime import date

import pytest

from server.identity.models import Role
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import enter_proposal, put_in_force
from tests.factories.people import make_staff

JANUARY = date(2026, 1, 1)


def enter(session, name="reference", starts_on=JANUARY, *, is_active=True):
    maker, other = (
        make_staff(session, role, division_code="1405").id
        for role in (Role.CITY_OFFICER, Role.APPROVER)
    )
    pack = enter_proposal(session, read_shipped(name), starts_on=starts_on, proposed_by=maker)
    if is_active:
        put_in_force(session, pack, decided_by=other)
    session.flush()
    return pack


@pytest.fixture
def reference(session):
    return enter(session)


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER)


@pytest.fixture
def approver(sit_down):
    return sit_down(Role.APPROVER)
