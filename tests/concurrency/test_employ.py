"""Nobody is taken on full-time by two employers at once, whoever is faster."""

from datetime import date

import pytest

from server.caregivers.asking.takeovers import take_on_known
from server.caregivers.employing import Terms
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from tests.concurrency.racing import as_owner, look, race
from tests.factories.caregivers import make_caregiver
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_sign_in, make_staff

EMPLOYERS = 8
ID_NUMBER = an_id_number(7601)
DOUBLY = (
    "SELECT a.caregiver_id FROM employment a JOIN employment b ON a.caregiver_id = b.caregiver_id"
    " AND a.id < b.id AND a.is_full_time AND b.is_full_time"
)
# The service asks the database alone, so that without the constraint everybody is taken on.
WITHOUT = "ALTER TABLE employment DROP CONSTRAINT ex_employment_one_full_time"


def employ(wish):
    token, site_id = wish
    with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
        return _employ(site_id)


@sessions.in_transaction
def _employ(site_id, *, session):
    terms = Terms(site_id, date(2025, 1, 1))
    asked = take_on_known(session, id_number=ID_NUMBER, name="孙一兰", terms=terms)
    return "employed" if asked.employment_id else "asked"


@pytest.fixture
def wishes(settle):
    """Eight employers want the same caregiver, who works nowhere, from the same day."""

    def make(session):
        sites = [make_site(session) for _ in range(EMPLOYERS)]
        make_caregiver(session, name="孙一兰", id_number=ID_NUMBER)
        offices = [make_staff(session, Role.FACILITY_OPERATOR, site_id=site.id) for site in sites]
        tokens = [make_sign_in(session, staff=one) for one in offices]
        return [(token, site.id) for token, site in zip(tokens, sites, strict=True)]

    return settle(make)


def test_one_of_them_employs(own_city, wishes):
    outcomes = race(wishes, employ)

    assert outcomes["employed"] == 1
    assert look(own_city, DOUBLY) == []


def test_without_the_constraint_several_would(own_city, wishes):
    as_owner(own_city, WITHOUT)

    outcomes = race(wishes, employ)

    assert outcomes["employed"] > 1
    assert look(own_city, DOUBLY) != []
