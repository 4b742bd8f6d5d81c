"""Nobody is taken on full-time by two employers at once, whoever is faster."""

from datetime import date

import pytest

from server.caregivers.employing import Terms, take_on
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from tests.concurrency.racing import as_owner, look, race
from tests.factories.caregivers import make_caregiver
from tests.factories.meals import make_site
from tests.factories.people import make_sign_in, make_staff

EMPLOYERS = 8
DOUBLY = (
    "SELECT a.caregiver_id FROM employment a JOIN employment b ON a.caregiver_id = b.caregiver_id"
    " AND a.id < b.id AND a.is_full_time AND b.is_full_time"
)
# The service asks the database alone, so that without the constraint everybody is taken on.
WITHOUT = "ALTER TABLE employment DROP CONSTRAINT ex_employment_one_full_time"


def employ(wish):
    token, caregiver_id, site_id = wish
    with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
        _employ(caregiver_id, site_id)
    return "employed"


@sessions.in_transaction
def _employ(caregiver_id, site_id, *, session):
    take_on(session, caregiver_id, Terms(site_id, date(2025, 1, 1)))


@pytest.fixture
def wishes(settle):
    """Eight sites of one keeper want the same caregiver from the same day."""

    def make(session):
        sites = [make_site(session) for _ in range(EMPLOYERS)]
        worker = make_caregiver(session, sites[0])
        tokens = []
        for site in sites:
            staff = make_staff(session, Role.FACILITY_OPERATOR, site_id=site.id)
            give_office(session, staff, sites[0].id)
            tokens.append(make_sign_in(session, staff=staff))
        return [(token, worker.id, site.id) for token, site in zip(tokens, sites, strict=True)]

    return settle(make)


def give_office(session, staff, site_id):
    statement = (
        "INSERT INTO staff_role (staff_id, role, site_id, starts_on)"
        " VALUES (%(who)s, 'facility_operator', %(site)s, '2020-01-01') ON CONFLICT DO NOTHING"
    )
    where = {"who": staff.id, "site": site_id}
    session.connection().exec_driver_sql(statement, where)


def test_one_of_them_employs(own_city, wishes):
    outcomes = race(wishes, employ)

    assert outcomes["employed"] == 1
    assert look(own_city, DOUBLY) == []


def test_without_the_constraint_several_would(own_city, wishes):
    as_owner(own_city, WITHOUT)

    outcomes = race(wishes, employ)

    assert outcomes["employed"] > 1
    assert look(own_city, DOUBLY) != []
