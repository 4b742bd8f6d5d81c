"""A suspicion is there once, and can be withdrawn while nobody has settled it."""

import pytest
from sqlalchemy import text

from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings, withdraw_findings
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff


@pytest.fixture
def resident(session):
    return make_resident(session)


def suspicion(resident, subject="booking:1", **evidence):
    return Suspicion(FindingKind.MEAL_AFTER_DEPARTURE, subject, resident.id, evidence)


def kept(session):
    rows = session.execute(text("SELECT subject, state, evidence FROM finding ORDER BY id"))
    return [tuple(row) for row in rows]


def test_nothing_is_found_twice(session, resident):
    first = put_findings(session, [suspicion(resident, day="2026-11-26")])
    again = put_findings(
        session, [suspicion(resident, day="2026-11-27"), suspicion(resident, "booking:2")]
    )

    assert [row.subject for row in first] == ["booking:1"]
    assert [row.subject for row in again] == ["booking:2"]
    assert kept(session) == [
        ("booking:1", "open", {"day": "2026-11-26"}),
        ("booking:2", "open", {}),
    ]


def test_a_withdrawn_one_is_opened_again_with_its_new_evidence(session, resident):
    [row] = put_findings(session, [suspicion(resident)])
    assert withdraw_findings(session, [row.id]) == [row.id]
    assert withdraw_findings(session, [row.id]) == []

    put_findings(session, [suspicion(resident, day="2026-11-27")])

    assert kept(session) == [("booking:1", "open", {"day": "2026-11-27"})]


def test_no_suspicion_asks_for_nothing(session):
    assert put_findings(session, []) == []


@pytest.mark.parametrize(
    ("role", "village", "seen"),
    [
        ("community_worker", VILLAGE, 1),
        ("community_worker", OTHER_COUNTY_VILLAGE, 0),
        ("auditor", "1405", 1),
        ("administrator", "1405", 0),
    ],
)
def test_an_office_over_the_village_sees_it_and_nobody_else(session, resident, role, village, seen):
    put_findings(session, [suspicion(resident)])
    token = make_sign_in(session, staff=make_staff(session, role, division_code=village))
    session.commit()

    with acting(Act(Face.CONSOLE, "t", "t", token=token)), transaction(writes=False) as theirs:
        assert len(kept(theirs)) == seen


def test_the_one_it_is_about_does_not_read_it(session, resident):
    put_findings(session, [suspicion(resident)])
    token = make_sign_in(session, account=make_account(session, resident))
    session.commit()

    with acting(Act(Face.PHONE, "t", "t", token=token)), transaction(writes=False) as theirs:
        assert kept(theirs) == []
