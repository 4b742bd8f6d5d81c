"""Three elders who may be paid, and the desks of cashier, approver, officer and auditor."""

import pytest

from server.identity.models import Role
from tests.factories.people import make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    give_elder_account,
    make_budget,
    make_payable,
    paid_to,
)


@pytest.fixture
def budget(session):
    return make_budget(session)


@pytest.fixture
def elders(session):
    people = [make_resident(session, name=name) for name in ("赵桂英", "钱秀兰", "孙玉梅")]
    for number, elder in enumerate(people):
        give_elder_account(session, elder, f"622848000000000030{number}")
    return people


@pytest.fixture
def version(session):
    return make_version(session, paid_to("resident", most_percent=50))


@pytest.fixture
def run(session, elders, version):
    return make_payable(session, [{"resident_id": one.id} for one in elders], version=version)


@pytest.fixture
def cashier(sit_down):
    return sit_down(Role.CASHIER)


@pytest.fixture
def approver(sit_down):
    return sit_down(Role.APPROVER)


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.CITY_OFFICER)


@pytest.fixture
def auditor(sit_down):
    return sit_down(Role.AUDITOR)
