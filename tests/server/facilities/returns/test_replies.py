"""A text message files a return; who is nobody learns nothing."""

import pytest
from sqlalchemy import text

from server.facilities.models import BedKind
from server.facilities.returns.replies import Reply, take_reply
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.returns import make_return

PHONE = "+8613800000001"


@pytest.fixture
def home(session):
    site = make_site(session, name="甲院")
    make_return(session, site, ago=1)
    make_staff(session, "facility_operator", site_id=site.id).phone = PHONE
    session.flush()
    return site


def reply(session, said, phone=PHONE):
    return take_reply(session, phone=phone, text=said)


def filed_today(session):
    query = "SELECT occupied, on_leave, is_unchanged FROM bed_return WHERE source = 'sms'"
    return [tuple(row) for row in session.execute(text(query))]


def test_nought_files_the_same_as_yesterday(session, home):
    answer = reply(session, "0")
    assert (answer.reply, answer.facts) == (Reply.THANKS_UNCHANGED, {"site": "甲院"})
    assert filed_today(session) == [(60, 2, True)]


def test_two_numbers_file_them(session, home):
    answer = reply(session, "37/2")
    assert answer.reply is Reply.THANKS_COUNTED
    assert answer.facts == {"site": "甲院", "occupied": 37, "on_leave": 2}
    assert filed_today(session) == [(37, 2, False)]


@pytest.mark.parametrize(
    ("said", "told"),
    [("好的", Reply.UNREADABLE), ("99/2", Reply.DOES_NOT_ADD_UP), ("", Reply.UNREADABLE)],
)
def test_what_cannot_be_taken_is_told_and_nothing_filed(session, home, said, told):
    assert reply(session, said).reply is told
    assert filed_today(session) == []


@pytest.mark.parametrize("said", ["0", "37/2", "好的"])
def test_a_number_that_is_nobodys_hears_the_same_whatever_it_wrote(session, home, said):
    answer = reply(session, said, phone="+8613800009999")
    assert (answer.reply, answer.facts) == (Reply.NOBODY, {})
    assert filed_today(session) == []


def test_a_colleague_who_operates_no_home_is_nobody(session, home):
    make_staff(session, "county_officer", division_code="140502").phone = "+8613800000002"
    session.flush()
    assert reply(session, "0", phone="+8613800000002").reply is Reply.NOBODY


def test_an_office_that_ended_files_no_more(session, home):
    session.execute(text("UPDATE staff_role SET ends_on = starts_on"))
    assert reply(session, "0").reply is Reply.NOBODY


def test_an_operator_of_two_homes_is_asked_to_use_the_page(session, home):
    other = make_site(session)
    session.execute(
        text("INSERT INTO staff_role (staff_id, role, site_id, starts_on)"
             " SELECT staff_id, role, :site, starts_on FROM staff_role"),
        {"site": other.id},
    )  # fmt: skip
    assert reply(session, "0").reply is Reply.SEVERAL_SITES


def test_a_home_with_two_kinds_of_beds_may_say_that_nothing_changed(session, home):
    make_return(session, home, ago=1, kind=BedKind.MEDICAL)
    assert reply(session, "37/2").reply is Reply.NOTHING_TO_REPEAT
    assert reply(session, "0").reply is Reply.THANKS_UNCHANGED
    assert len(filed_today(session)) == 2
