"""readAnnouncement"""

import pytest

from server import clock
from server.meals.voices.models import MealNotice
from server.residents.models import GrantKind
from tests.factories.eaten import Kitchen
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


@pytest.fixture
def notice(session, resident):
    kitchen = Kitchen(session)
    kitchen.knows(resident)
    today = clock.today()
    notice = MealNotice(
        site_id=kitchen.site_id, title="周六停业", words="检修一天", starts_on=today, ends_on=today,
        made_at=clock.now(), made_by=kitchen.officer.id,
    )  # fmt: skip
    session.add(notice)
    session.commit()
    return notice


def read(phone, notice):
    return phone.send("PUT", f"/v1/announcements/notice/{notice.id}/reading")


def test_what_was_opened_is_read_once_and_for_all(phone, notice):
    assert read(phone, notice).json["unread"] == 0
    assert read(phone, notice).json["items"][0]["is_read"] is True

    told = phone.get(f"/v1/canteens/{notice.site_id}/notices").json["items"]
    assert [one["is_read"] for one in told] == [True]


def test_a_helper_has_marks_of_their_own(app, phone, session, resident, notice):
    daughter = make_account(session, resident, kind=GrantKind.HELPER)
    other = Phone(app.test_client(), session, make_sign_in(session, account=daughter))

    assert read(other, notice).json["unread"] == 0

    assert phone.get("/v1/announcements").json["unread"] == 1


def test_what_is_not_announced_is_not_found(phone):
    for address in ("notice/987654", "closure/987654", "rumour/1"):
        assert phone.send("PUT", f"/v1/announcements/{address}/reading").status_code == 404
