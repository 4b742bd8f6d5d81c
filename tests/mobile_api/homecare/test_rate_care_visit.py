"""rateCareVisit"""

import pytest

from server.homecare.visits.models import VisitState
from tests.factories.homecare import make_proof
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def made(session, visit):
    make_proof(session, visit)
    visit.state = VisitState.DONE
    return visit


def rate(phone, visit, **said):
    return phone.send("PUT", f"/v1/care-visits/{visit.id}/rating", said)


def test_a_face_is_kept_and_may_be_another_later(phone, made):
    assert rate(phone, made, score=3).json["score"] == 3
    assert rate(phone, made, score=1, words="来晚了").json["score"] == 1


def test_there_are_three_faces(phone, made):
    assert list(faulty_fields(rate(phone, made, score=4))) == ["/score"]


def test_what_was_not_made_is_not_rated(phone, visit):
    assert refusal(rate(phone, visit, score=3)) == (409, "care-visit-not-so")


def test_a_neighbour_has_no_face_to_give(neighbours_phone, made):
    assert refusal(rate(neighbours_phone, made, score=1)) == (404, "not-found")
