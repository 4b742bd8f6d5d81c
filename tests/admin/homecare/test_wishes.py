"""What elders say is read by the provider and the county, who answers, and who hands it on."""

import pytest

from server import clock
from server.homecare.visits.models import VisitRating
from tests.factories.homecare import make_wish


@pytest.fixture
def complaint(session, visit):
    return make_wish(session, visit, answer="", answered_at=None)


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


def test_the_county_hands_it_on_once_and_the_provider_cannot(county, manager, complaint):
    address = f"/care/wishes/{complaint.id}/handing-on"

    assert manager.post(address).status_code == 403
    assert county.post(address, {"handed_words": "请三天内回复"}).status_code == 303
    assert "请三天内回复" in manager.get("/care/wishes").text
    assert county.post(address).status_code == 409


def test_what_is_not_solved_is_the_countys(session, county, manager, visit):
    before = make_wish(session, visit)
    again = make_wish(
        session, visit, words="还是没来", answer="", answered_at=None, follows_id=before.id
    )
    address = f"/care/wishes/{again.id}/answer"

    assert manager.post(address, {"answer": "已补"}).status_code == 403
    assert county.post(address, {"answer": "已要求更换护理员"}).status_code == 303


def test_numbers_of_the_comparison_open_their_rows(county, complaint):
    month = f"{complaint.asked_at:%Y-%m}"
    page = county.get(f"/homecare/months?month={month}").text
    rows = f"/care/wishes?site_id={complaint.site_id}&amp;month={month}&amp;kind=complaint"

    assert rows in page
    assert "上周没有来" in county.get(rows.replace("&amp;", "&")).text


def test_late_ones_alone(county, complaint):
    assert "上周没有来" not in county.get("/care/wishes?is_late=true").text


def test_ratings_are_rows_and_a_file(session, county, visit):
    whose = {"visit_id": visit.id, "resident_id": visit.resident_id, "site_id": visit.site_id}
    session.add(VisitRating(**whose, score=1, words="来得晚", rated_at=clock.now()))
    session.flush()

    assert "来得晚" in county.get(f"/care/ratings?home_bed_id={visit.home_bed_id}").text
    assert "来得晚" not in county.get("/care/ratings?score=3").text
    assert "来得晚" in county.get("/care/ratings/export.csv").text
    assert "care/ratings?home_bed_id" in county.get(f"/home-beds/{visit.home_bed_id}").text
