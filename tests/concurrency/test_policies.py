"""Two who put packs into force in the same moment: one version of a programme a day."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from server.db.sessions import transaction
from server.errors import DomainError
from server.identity.models import Role
from server.policies.programmes.models import PackState, PolicyPack
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import enter_proposal, put_in_force
from tests.factories.people import make_staff

pytestmark = pytest.mark.long

DAY, MANY, PROGRAMMES = date(2026, 1, 1), 4, 12
OVERLAPPING = text(
    """
    SELECT count(*) FROM policy_version a JOIN policy_version b
        ON b.programme = a.programme AND b.id > a.id
     WHERE daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
    """
)


@pytest.fixture
def proposals(own_city, as_platform):
    """The reference, proposed several times by one person, and the other who is to decide."""
    with transaction() as session:
        maker = make_staff(session, Role.CITY_OFFICER, division_code="1405").id
        other = make_staff(session, Role.APPROVER, division_code="1405").id
        pack = read_shipped("reference")
        rows = [
            enter_proposal(session, pack, starts_on=DAY, proposed_by=maker) for _ in range(MANY)
        ]
        return [row.id for row in rows], other


def put_all_in_force_at_once(pack_ids, decided_by):
    start = Barrier(MANY)

    def put(pack_id):
        try:
            with transaction() as session:
                pack = session.get_one(PolicyPack, pack_id)
                start.wait(30)
                put_in_force(session, pack, decided_by=decided_by)
        except DomainError as refusal:
            return refusal.code
        return PackState.ACTIVE

    with ThreadPoolExecutor(MANY) as pool:
        asked = [pool.submit(copy_context().run, put, pack_id) for pack_id in pack_ids]
        return sorted(one.result() for one in asked)


def overlapping():
    with transaction(writes=False) as session:
        return session.execute(OVERLAPPING).scalar_one()


def test_one_of_those_who_put_packs_into_force_at_once_does_so(proposals):
    outcomes = put_all_in_force_at_once(*proposals)

    assert outcomes.count("active") == 1
    assert set(outcomes) <= {"active", "policy-activated-meanwhile", "policy-later-version"}
    assert overlapping() == 0


def test_without_the_constraint_a_programme_would_have_several_versions(own_city, proposals):
    owner = create_engine(own_city.owner_url)
    with owner.begin() as connection:
        statement = "ALTER TABLE city_1405.policy_version DROP CONSTRAINT {}"
        connection.execute(text(statement.format("ex_policy_version_one_a_day")))
    owner.dispose()

    assert put_all_in_force_at_once(*proposals).count("active") > 1
    assert overlapping() >= PROGRAMMES
