"""sayCareWish"""

import pytest
from sqlalchemy import text

from tests.mobile_api.refusals import faulty_fields, refusal


def say(phone, visit, kind="complaint", words="上周没有来"):
    return phone.post(f"/v1/care-visits/{visit.id}/wishes", {"kind": kind, "words": words})


@pytest.mark.parametrize("kind", ["change", "complaint"])
def test_what_is_said_is_kept_for_the_provider_and_the_county(phone, session, visit, kind):
    assert say(phone, visit, kind).json["kind"] == kind

    session.commit()
    row = session.execute(text("SELECT kind, words, visit_id FROM care_wish")).one()
    assert tuple(row) == (kind, "上周没有来", visit.id)


def test_nothing_is_no_complaint(phone, visit):
    assert list(faulty_fields(say(phone, visit, words=""))) == ["/words"]


def test_nobody_complains_for_a_stranger(neighbours_phone, visit):
    assert refusal(say(neighbours_phone, visit)) == (404, "not-found")
