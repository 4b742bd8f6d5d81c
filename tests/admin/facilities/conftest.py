"""A home with beds, its own people at their desk, and boards that nobody remembers."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from admin.facilities import overview_keeping, reading
from server.identity.models import Role
from tests.admin.page_lint import read
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site


@pytest.fixture(autouse=True)
def no_bed_is_remembered():
    reading.forget()
    overview_keeping.forget()


@pytest.fixture
def home(session):
    return make_site(session, name="桑榆里养老院")


@pytest.fixture
def beds(session, home):
    """Four ready beds of one room on the second floor, known since they stand there."""
    with time_machine.travel(datetime(2020, 1, 1, 4, tzinfo=UTC)):
        return make_beds(session, 4, site=home, opened_on=date(2020, 1, 1))


@pytest.fixture
def operator(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def officer(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def every_office(every_office, sit_down, home):
    """As elsewhere; whoever works in a home works in this one."""

    def open_desk(role):
        if role is Role.FACILITY_OPERATOR:
            return sit_down(role, site_id=home.id)
        return every_office(role)

    return open_desk


@pytest.fixture
def figures():
    """The big numbers of a page, by their names."""

    def spans(page, name):
        return [e.text for e in read(page).find("span") if e.attributes.get("class") == name]

    def of(page):
        numbers = [text.split()[0] for text in spans(page, "stat__figure")]
        return dict(zip(spans(page, "stat__name"), numbers, strict=True))

    return of
