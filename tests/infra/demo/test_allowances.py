"""The demo's allowances: who gets what and why not, and a claim in each state, once."""

import pytest
from sqlalchemy import text

from infra.demo.allowances import PEOPLE, are_allowances_there, put_allowances
from infra.demo.sites import FIRST_CARE_HOME, FIRST_FILING_HOME
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site


@pytest.fixture
def homes(session):
    return [
        make_site(session, source_name="demo", source_key=key)
        for key in (FIRST_CARE_HOME, FIRST_FILING_HOME)
    ]


def count(session, query):
    return session.execute(text(query)).scalar_one()


def test_a_city_without_caregivers_is_given_some(session, homes):
    assert put_allowances(session)

    assert count(session, "SELECT count(*) FROM caregiver") == len(PEOPLE)
    reasons = set(
        session.execute(
            text("SELECT DISTINCT r->>'code' FROM caregiver_entitlement,"
                 " jsonb_array_elements(reasons) r WHERE r->>'holds' = 'false'")
        ).scalars()
    )  # fmt: skip
    assert reasons >= {
        "certificate-expired", "attendance-short", "degree-not-recognised", "payee-missing",
        "not-front-line",
    }  # fmt: skip
    assert are_allowances_there(session)


def test_claims_stand_in_each_state(session, homes):
    put_allowances(session)

    states = set(session.execute(text("SELECT DISTINCT state FROM allowance_claim")).scalars())
    assert states == {"accepted", "returned", "handed_in"}


def test_whoever_cares_there_already_is_reckoned_and_nobody_added(session, homes):
    make_employment(session, make_caregiver(session, homes[0]))

    put_allowances(session)

    assert count(session, "SELECT count(*) FROM caregiver") == 1
    assert are_allowances_there(session)
