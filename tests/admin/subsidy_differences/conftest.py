"""A run over two homes of two counties; desks of the city and of a county."""

from datetime import date

import pytest
from sqlalchemy import update

from server.db.tables import table_of
from server.identity.models import Role
from server.providers.models import SiteStar
from server.residents.assessments.models import AbilityLevel
from server.residents.models import Resident
from server.subsidies.differences.service import look
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.assessments import give_level
from tests.factories.differences import reckoned_run
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_facts import make_stay


def make_home(session, **given):
    site = make_site(session, **given)
    session.add(
        SiteStar(site_id=site.id, stars=3, starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1))
    )
    session.flush()
    return site


def elder(session, home, **given):
    one = make_resident(session, **given)
    make_stay(session, one, make_bed(session, site=home))
    give_level(
        session, one, AbilityLevel.SEVERE, starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1)
    )
    return one


def dies(session, one, day):
    table = table_of(Resident)
    session.execute(update(table).where(table.c.id == one.id).values(died_on=day))
    session.expire_all()


@pytest.fixture
def homes(session):
    return (
        make_home(session, name="康乐养老院"),
        make_home(session, name="沁河养老院", division_code=OTHER_COUNTY_VILLAGE),
    )


@pytest.fixture
def elders(session, homes):
    near, far = homes
    return elder(session, near, name="赵秀兰"), elder(session, far, name="王桂芳")


@pytest.fixture
def run(session, elders):
    """Both were paid for January and February, and died on 10 January, which is told late."""
    run = reckoned_run(session, make_version(session), months=2)
    for one in elders:
        dies(session, one, date(2026, 1, 10))
    return run


@pytest.fixture
def looked(session, run):
    look(session, run.id)
    return run


@pytest.fixture
def city(sit_down):
    return sit_down(Role.CITY_OFFICER, division_code="1405")


@pytest.fixture
def county(sit_down, homes):
    return sit_down(Role.COUNTY_OFFICER, division_code=homes[0].division_code[:6])
