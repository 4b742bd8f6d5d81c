"""The desk of claims: the home hands in, the county takes or gives back."""

import io

import pytest
from openpyxl import load_workbook

from server.caregivers.allowances.models import AllowanceClaim, ClaimState
from server.identity.models import Role
from tests.factories.allowances import make_complete
from tests.factories.meals import make_site


@pytest.fixture
def claim(session, operator, everybody):
    person = f"/caregivers/allowances/people/{everybody[0].id}"
    answer = operator.post(f"{person}/claims", {"programme": "post_allowance"})
    return int(answer.location.rpartition("/")[2])


def state_of(session, claim):
    session.expire_all()
    return session.get(AllowanceClaim, claim).state


def test_the_county_accepts_and_it_is_closed(session, county, operator, claim):
    assert "赵秀兰" in county.get("/caregivers/claims?state=handed_in").text
    assert county.post(f"/caregivers/claims/{claim}/acceptance").status_code == 303

    assert state_of(session, claim) is ClaimState.ACCEPTED
    assert operator.post(f"/caregivers/claims/{claim}/withdrawal").status_code == 409


def test_given_back_with_words_and_handed_in_again(session, county, operator, claim):
    county.post(f"/caregivers/claims/{claim}/return", {"words": "合同缺最后一页"})

    assert "合同缺最后一页" in operator.get(f"/caregivers/claims/{claim}").text
    assert operator.post(f"/caregivers/claims/{claim}/handing-in").status_code == 303
    assert state_of(session, claim) is ClaimState.HANDED_IN


def test_nothing_is_given_back_without_words(session, county, claim):
    answer = county.post(f"/caregivers/claims/{claim}/return", {"words": ""})

    assert answer.status_code == 422
    assert state_of(session, claim) is ClaimState.HANDED_IN


def test_who_hands_in_does_not_decide(operator, claim):
    assert operator.post(f"/caregivers/claims/{claim}/acceptance").status_code == 403


def test_a_claim_is_taken_back_by_whoever_handed_it_in(session, operator, claim):
    operator.post(f"/caregivers/claims/{claim}/withdrawal")

    assert state_of(session, claim) is ClaimState.WITHDRAWN


def test_another_home_finds_no_such_claim(session, sit_down, claim):
    other = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)

    assert other.get(f"/caregivers/claims/{claim}").status_code == 404
    assert other.post(f"/caregivers/claims/{claim}/withdrawal").status_code == 404


def test_the_list_as_a_file(county, claim):
    answer = county.get("/caregivers/claims/export.xlsx?programme=post_allowance")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert rows[1][1] == "赵秀兰"
    assert rows[1][5] == 3000


def test_an_unknown_filter_is_refused(county):
    assert county.get("/caregivers/claims?colour=red").status_code == 422


def test_more_claims_need_no_more_statements(session, county, operator, home, claim, statements):
    def sent():
        county.get("/caregivers/claims")
        with statements() as told:
            county.get("/caregivers/claims")
        return len(told)

    few = sent()
    for _ in range(3):
        person = make_complete(session, home)
        operator.post(
            f"/caregivers/allowances/people/{person.id}/claims", {"programme": "post_allowance"}
        )

    assert sent() == few
