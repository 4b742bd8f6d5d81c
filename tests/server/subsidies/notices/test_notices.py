"""A run is paid only after its notice, and whoever knows better is heard."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from server import clock
from server.policies.programmes.schema import Notice
from server.subsidies.approvals.models import SubsidyHeldLine
from server.subsidies.models import RunStage, SubsidyRun
from server.subsidies.notices import listing, objecting, publishing
from server.subsidies.notices.errors import (
    NoNoticeNeeded,
    NoticeIsOver,
    NotOfThisNotice,
    ObjectionAnswered,
)
from server.subsidies.notices.models import Via
from server.subsidies.reckoning.service import discard
from tests.factories.claims import claimed_programme, in_february
from tests.factories.people import make_resident
from tests.factories.subsidies import BASIS, make_run, make_version, move_run


@pytest.fixture(autouse=True)
def february():
    with in_february():
        yield


@pytest.fixture
def run(session):
    version = make_version(session, claimed_programme())
    elder = make_resident(session, name="李秀英")
    lines = [{"resident_id": elder.id}, {"outcome": "refused", "amount_fen": 0}, {}]
    return move_run(session, make_run(session, lines, version=version), RunStage.APPROVED)


@pytest.fixture
def notice(session, run):
    return publishing.publish_notice(session, run.id)


def stage(session, run):
    return session.get(SubsidyRun, run.id, populate_existing=True).stage


def later(days):
    return time_machine.travel(clock.now() + timedelta(days=days))


def object_to(session, notice, **given):
    wanted = {"code": notice.code, "said": "此人已不在院", "via": Via.PAGE} | given
    return objecting.object_to(session, **wanted)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [("civil_days", date(2026, 2, 16)), ("working_days", date(2026, 2, 25))],
)
def test_its_days_are_counted_as_the_programme_says(counted, expected):
    terms = Notice(days=7, counted=counted, document="lu2021", clause="x", **{"from": "2021-01-01"})

    assert publishing.last_day(terms, date(2026, 2, 10)) == expected


def test_it_shows_masked_names_and_lines_that_are_paid(session, notice):
    shown = listing.get_notice(session, notice.code)
    rows = listing.list_rows(session, shown)

    assert [row.number for row in rows] == [1, 3]
    assert (rows[0].name, rows[0].place, rows[0].amount_fen) == ("李**", "黄华街社区", 30000)
    assert [row.lines for row in listing.list_counties(session, notice.run_id)] == [2]
    assert len(listing.list_for_paper(session, shown, county="140502")) == 2
    assert listing.list_rows(session, shown, county="140521") == []


def test_amounts_are_left_out_where_the_programme_says(session):
    terms = {"days": 7, "shows": "names", **BASIS}
    version = make_version(session, claimed_programme(notice=terms))
    run = move_run(session, make_run(session, [{}], version=version), RunStage.APPROVED)
    notice = publishing.publish_notice(session, run.id)

    shown = listing.get_notice(session, notice.code)
    assert [row.amount_fen for row in listing.list_rows(session, shown)] == [None]


def test_only_after_its_last_day_it_is_payable(session, run, notice):
    with later(6):
        assert publishing.list_ended(session) == []
        assert publishing.end_notice(session, notice.id) is False
    with later(7):
        assert publishing.list_ended(session) == [notice.id]
        assert publishing.end_notice(session, notice.id) is True
        assert publishing.end_notice(session, notice.id) is False
    assert stage(session, run) is RunStage.PAYABLE


def test_the_database_pays_nothing_before(session, run, notice):
    for wanted in (RunStage.PAYABLE, RunStage.IN_PAYMENT, RunStage.PAID):
        with pytest.raises(IntegrityError, match="is not over"), session.begin_nested():
            move_run(session, run, wanted)


def test_the_database_ends_no_notice_before_its_days(session, notice):
    notice.ended_at = clock.now()

    with pytest.raises(IntegrityError, match="ends_after_its_days"):
        session.flush()


def test_withdrawn_it_begins_anew(session, run, notice):
    with later(5):
        publishing.withdraw_notice(session, notice.id, words="名单有误")
        assert stage(session, run) is RunStage.APPROVED
        again = publishing.publish_notice(session, run.id)

        assert again.starts_on == clock.today() > notice.starts_on
    with later(8):
        assert publishing.list_ended(session) == []


def test_a_programme_without_a_notice_has_none(session):
    run = move_run(session, make_run(session, [{}]), RunStage.APPROVED)

    with pytest.raises(NoNoticeNeeded):
        publishing.publish_notice(session, run.id)


def test_an_objection_holds_the_notice_open_until_it_is_answered(session, run, notice):
    objection = object_to(session, notice, contact="13812345678")

    assert objecting.contact_of(objection) == "13812345678"
    assert objection.due_on > clock.today()
    with later(8):
        assert publishing.list_ended(session) == []
        objecting.answer_objection(session, objection.id, answer="已核实在院", is_upheld=False)
        assert publishing.end_notice(session, notice.id) is True
        with pytest.raises(ObjectionAnswered):
            objecting.answer_objection(session, objection.id, answer="再答", is_upheld=True)


def test_an_objection_that_is_upheld_holds_its_line_out(session, run, notice):
    objection = object_to(session, notice, line=1)
    objecting.answer_objection(session, objection.id, answer="已于上月离院", is_upheld=True)

    held = session.exec(select(SubsidyHeldLine)).one()
    assert (held.number, held.words) == (1, "已于上月离院")
    shown = listing.get_notice(session, notice.code)
    assert [row.number for row in listing.list_rows(session, shown)] == [3]


def test_a_line_that_is_not_published_is_nobodys(session, notice):
    with pytest.raises(NotOfThisNotice):
        object_to(session, notice, line=2)


def test_two_who_object_to_one_line_are_both_right(session, notice):
    for said in ("此人已不在院", "此人去年已搬走"):
        objection = object_to(session, notice, line=1, said=said)
        answered = objecting.answer_objection(
            session, objection.id, answer="已核实离院", is_upheld=True
        )
        assert answered.is_upheld

    assert session.exec(select(SubsidyHeldLine)).one().number == 1


class TestAnObjectionToANoticeThatWasWithdrawn:
    @pytest.fixture
    def objection(self, session, notice):
        objection = object_to(session, notice, line=1)
        publishing.withdraw_notice(session, notice.id, words="名单有误")
        return objection

    @pytest.fixture
    def again(self, session, run, objection):
        return publishing.publish_notice(session, run.id)

    def test_keeps_the_next_notice_open_until_it_is_answered(self, session, again, objection):
        with later(8):
            assert publishing.list_ended(session) == []
            assert publishing.end_notice(session, again.id) is False
            objecting.answer_objection(session, objection.id, answer="已核实", is_upheld=False)
            assert publishing.end_notice(session, again.id) is True

    def test_keeps_the_database_from_paying(self, session, run, again, objection):
        with later(8):
            again.ended_at = clock.now()
            session.flush()
            with pytest.raises(IntegrityError, match="is not over"):
                move_run(session, run, RunStage.PAYABLE)

    def test_can_still_be_right(self, session, run, objection):
        objecting.answer_objection(session, objection.id, answer="已离院", is_upheld=True)
        again = publishing.publish_notice(session, run.id)

        shown = listing.get_notice(session, again.code)
        assert [row.number for row in listing.list_rows(session, shown)] == [3]


class TestARunThatIsLetGoInItsNotice:
    @pytest.fixture
    def objection(self, session, run, notice):
        objection = object_to(session, notice, line=1)
        discard(session, run.id, words="重新核算")
        return objection

    def test_takes_its_notice_along(self, session, notice, objection):
        session.refresh(notice)

        assert (notice.withdrawn_at is not None, notice.words) == (True, "重新核算")
        with later(8):
            assert publishing.list_ended(session) == []

    def test_whoever_objected_is_answered_all_the_same(self, session, objection):
        answered = objecting.answer_objection(
            session, objection.id, answer="已离院", is_upheld=True
        )

        assert answered.is_upheld
        assert session.exec(select(SubsidyHeldLine)).all() == []


def test_nobody_objects_to_what_is_over(session, notice):
    with later(7):
        with pytest.raises(NoticeIsOver):
            object_to(session, notice)
        publishing.end_notice(session, notice.id)
        with pytest.raises(NoticeIsOver):
            object_to(session, notice)


def test_offices_see_the_notices_of_their_runs(session, notice):
    assert [row.id for row in listing.list_notices(session, ["1405"])] == [notice.id]
    assert listing.list_notices(session, ["140502"]) == []
    assert listing.list_notices(session, ["1405"], stands=False) == []
    assert [row.id for row in listing.list_objections(session, notice.id)] == []
