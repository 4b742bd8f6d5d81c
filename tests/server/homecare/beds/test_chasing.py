"""A county hears in one message of the morning what waits for it; what is late is told once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.homecare.beds.chasing import FOR_THE_COUNTY, tell_of_waiting
from server.homecare.visits.hearing import answer_wish, hand_to_provider, say_not_solved
from server.homecare.visits.models import CareWish
from tests.factories.homecare import make_home_bed
from tests.factories.people import make_resident

SENT = text(
    "SELECT kind, count(*) AS told FROM message WHERE kind ~ 'late$|digest$|wishes$'"
    " GROUP BY kind ORDER BY kind"
)


@pytest.fixture
def phones(session, offices):
    """Everybody has a number."""
    for number, office in enumerate((offices.community, offices.county, offices.provider)):
        session.execute(
            text("UPDATE staff SET phone = :phone WHERE id = :id"),
            {"phone": f"+861380000{number:04}", "id": office.staff.id},
        )
    session.commit()


@pytest.fixture
def sent(session):
    def read():
        session.commit()
        return {row.kind: row.told for row in session.execute(SENT)}

    return read


def in_days(session, days):
    with time_machine.travel(clock.now() + timedelta(days=days)):
        return tell_of_waiting(session)


def test_states_of_which_the_county_is_told_are_those_it_leaves():
    assert FOR_THE_COUNTY == ["acceptance", "assessment", "notice"]


def test_two_beds_to_accept_are_one_message_and_nothing_the_second_time(
    session, phones, way, offices, sent
):
    way.to("acceptance")
    make_home_bed(session, make_resident(session), offices.site, state="acceptance")
    session.commit()

    assert in_days(session, 0) == 1
    assert in_days(session, 0) == 0
    assert sent() == {"homecare.county_digest": 1}


def test_without_news_nothing_is_said(session, phones, way):
    way.to("acceptance")
    in_days(session, 0)

    assert in_days(session, 3) == 0


def test_a_day_that_passed_is_told_to_whose_it_is_and_once(session, phones, way, sent):
    way.to("building")

    assert in_days(session, 60) == 1
    assert in_days(session, 61) == 0
    assert sent() == {"homecare.provider_late": 1}


def test_an_application_that_lies_is_the_communitys(session, phones, way, sent):
    way.to("applied")
    in_days(session, 30)

    assert sent() == {"homecare.community_late": 1}


class TestComplaints:
    @pytest.fixture
    def said(self, session, offices, resident):
        said = CareWish(
            kind="complaint", resident_id=resident.id, site_id=offices.site.id, words="没有来",
            asked_at=clock.now(), due_on=clock.today() + timedelta(days=7),
        )  # fmt: skip
        session.add(said)
        session.commit()
        return said

    def test_the_county_hears_of_one_the_next_morning_and_when_it_is_late(
        self, session, phones, said, sent
    ):
        assert [in_days(session, days) for days in (1, 2, 8, 9)] == [1, 0, 2, 0]
        assert sent() == {"homecare.county_digest": 2, "homecare.provider_wishes": 1}

    def test_what_is_handed_on_the_provider_hears(self, session, phones, said, offices, sent):
        offices.county.does(hand_to_provider, said.id, words="请核实")
        in_days(session, 1)

        assert sent() == {"homecare.provider_wishes": 1}

    def test_what_was_answered_and_not_solved_is_the_countys(self, session, said, offices):
        offices.provider.does(answer_wish, said.id, answer="已补上")
        again = say_not_solved(session, said.id, words="还是没来")
        session.commit()

        with pytest.raises(Exception, match="wish-with-county"):
            offices.provider.does(answer_wish, again.id, answer="已补上")
        with pytest.raises(Exception, match="said-already"):
            say_not_solved(session, said.id, words="还是没来")
        offices.county.does(answer_wish, again.id, answer="已换机构负责人处理")
