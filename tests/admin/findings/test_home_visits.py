"""What does not fit about visits at homes: in a sentence, with the visits beside each other."""

from datetime import time

import pytest
from sqlalchemy import select

from server import clock
from server.findings.models import Finding, FindingKind
from server.homecare.checks.service import check_days
from server.identity.models import Role
from tests.factories.street import METRE, Street


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


@pytest.fixture
def street(session):
    return Street(session)


def found(session, street, kind):
    check_days(session, street.day, until=clock.today())
    one = select(Finding.id).where(Finding.kind == kind)
    number = session.execute(one).scalar_one()
    session.commit()
    return number


def test_two_visits_at_once_stand_beside_each_other(session, street, county):
    first = street.proved(at=time(9), minutes=90)
    second = street.proved(street.other, at=time(10))
    finding = found(session, street, FindingKind.HOME_VISITS_OVERLAP)

    page = county.get(f"/findings/{finding}").text

    assert "时间重叠30分钟" in page
    assert "2分钟以内不计" in page
    for visit in (first, second):
        assert f"服务 {visit.id}" in page
    assert "0 米（误差 15 米）" in page


def test_how_far_from_home_stands_at_the_visit(session, street, county):
    street.proved(proof={"arrived_x": street.bed.x + 800 * METRE})
    finding = found(session, street, FindingKind.HOME_VISIT_OUTSIDE_FENCE)

    page = county.get(f"/findings/{finding}").text

    assert "离家785米，超过300米" in page
    assert "800 米（误差 15 米）" in page


def test_a_home_without_visits_says_so_in_a_sentence(session, street, county):
    street.bed.since = clock.today().replace(year=clock.today().year - 1, day=1)
    session.flush()
    finding = found(session, street, FindingKind.HOME_BED_UNSERVED)

    page = county.get(f"/findings/{finding}").text

    assert "已有30天以上没有有凭证的服务" in page
    assert "服务与凭证对照" not in page


def test_every_figure_of_a_sentence_is_there(session, street, county):
    """A placeholder that nothing fills would stand on the page."""
    street.proved(at=time(9), minutes=20, proof={"arrived_x": None, "arrived_y": None,
                                                "left_x": None, "left_y": None})  # fmt: skip
    check_days(session, street.day, until=clock.today())
    session.commit()

    listed = county.get("/findings").text

    assert "{" not in listed.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_photo_of_another_finding_is_not_shown(session, street, county):
    street.proved(minutes=20, proof={"photo_file_id": street.photo(1)})
    other = street.photo(2)
    finding = found(session, street, FindingKind.HOME_VISIT_TOO_SHORT)

    assert county.get(f"/findings/{finding}/photos/{other}").status_code == 404
