"""What people cared for at home say, and what is answered."""

import pytest

from server import clock
from server.homecare.visits.models import CareWish


@pytest.fixture
def complaint(session, visit):
    said = CareWish(
        kind="complaint", resident_id=visit.resident_id, site_id=visit.site_id, visit_id=visit.id,
        words="上周没有来", asked_at=clock.now(),
    )  # fmt: skip
    session.add(said)
    session.flush()
    return said


def test_the_county_reads_a_complaint(county, complaint):
    assert "上周没有来" in county.get("/care/wishes").text
    assert "上周没有来" in county.get("/care/wishes/export.csv").text


def test_the_provider_answers_it_once(manager, complaint):
    address = f"/care/wishes/{complaint.id}/answer"

    assert manager.post(address, {"answer": "已道歉并补上"}).status_code == 303
    assert "已道歉并补上" in manager.get("/care/wishes").text
    assert manager.post(address, {"answer": "再说一次"}).status_code == 409


def test_another_provider_does_not(other_manager, complaint):
    address = f"/care/wishes/{complaint.id}/answer"

    assert other_manager.post(address, {"answer": "不关我事"}).status_code == 404
    assert "上周没有来" not in other_manager.get("/care/wishes").text
