"""Returns are filed, corrected and repeated; the database holds what must never be."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.errors import FiguresDoNotAddUp, NothingToRepeat, ReasonNeeded
from server.facilities.models import BedKind
from server.facilities.returns.filing import (
    Outcome,
    file_counts,
    file_return,
    file_unchanged,
    put_returns,
)
from server.facilities.returns.models import BedReturn, ReturnSource
from tests.concurrency.racing import race
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.returns import a_return, make_return

TODAY = clock.today()
CONSOLE = ReturnSource.CONSOLE


@pytest.fixture
def site(session):
    return make_site(session)


def returns(session):
    session.expire_all()
    query = select(BedReturn).order_by(BedReturn.day, BedReturn.kind)
    return session.execute(query).scalars().all()


class TestFiling:
    def test_a_day_is_filed_once_and_then_corrected(self, session, site):
        assert file_return(session, a_return(site), source=CONSOLE) is Outcome.NEW
        assert file_return(session, a_return(site), source=CONSOLE) is Outcome.UNCHANGED
        changed = a_return(site, occupied=61)
        assert file_return(session, changed, source=CONSOLE) is Outcome.CORRECTED

        [filed] = returns(session)
        assert (filed.occupied, filed.day, filed.source) == (61, TODAY, CONSOLE)

    def test_the_trail_says_what_a_correction_replaced(self, session, site):
        for occupied in (60, 61):
            file_return(session, a_return(site, occupied=occupied), source=CONSOLE)
        body = text("SELECT body::jsonb FROM trail_entry WHERE table_name = 'bed_return'"
                    " ORDER BY id DESC LIMIT 1")  # fmt: skip
        line = session.execute(body).scalar_one()
        assert (line["op"], line["old"]["occupied"], line["new"]["occupied"]) == ("UPDATE", 60, 61)

    def test_kinds_of_beds_are_filed_apart(self, session, site):
        for kind in (BedKind.INSTITUTION, BedKind.HOSPICE):
            file_return(session, a_return(site, kind=kind), source=CONSOLE)
        assert len(returns(session)) == 2

    def test_yesterday_asks_for_a_reason(self, session, site):
        with pytest.raises(ReasonNeeded):
            file_return(session, a_return(site, ago=1), source=CONSOLE)
        said = file_return(session, a_return(site, ago=1), source=CONSOLE, reason="数错了")
        assert said is Outcome.NEW

    def test_figures_that_do_not_add_up_are_not_written(self, session, site):
        with pytest.raises(FiguresDoNotAddUp):
            file_return(session, a_return(site, occupied=99), source=CONSOLE)
        assert returns(session) == []

    def test_many_are_one_statement_and_a_comparison(self, session, statements):
        filed = [a_return(make_site(session)) for _ in range(30)]
        session.flush()
        with statements() as sent:
            told = put_returns(session, filed, source=ReturnSource.API)
        assert set(told.values()) == {Outcome.NEW}
        assert len(sent) <= 6

    @pytest.mark.parametrize(
        "broken",
        ["usable = 101", "occupied = 89", "on_leave = -1", "nursing_occupied = 61",
         "day = '1999-12-31'"],
    )  # fmt: skip
    def test_the_database_refuses_what_does_not_add_up(self, session, site, broken):
        make_return(session, site)
        with pytest.raises(IntegrityError):
            session.execute(text(f"UPDATE bed_return SET {broken}") if "day" not in broken else
                            text("INSERT INTO bed_return (site_id, kind, day, licensed, usable,"
                                 " occupied, on_leave, is_unchanged, source, filed_at) SELECT"
                                 " site_id, kind, '1999-12-31', 1, 1, 1, 0, false, source,"
                                 " filed_at FROM bed_return"))  # fmt: skip


class TestTheSameAsYesterday:
    def test_one_tap_copies_the_newest_return_of_each_kind(self, session, site):
        make_return(session, site, ago=9, occupied=50)
        make_return(session, site, ago=3, occupied=55, nursing_occupied=7)
        make_return(session, site, ago=4, kind=BedKind.HOSPICE, occupied=5)

        assert file_unchanged(session, site.id, source=CONSOLE) == 2

        today = [row for row in returns(session) if row.day == TODAY]
        assert [(row.kind, row.occupied, row.is_unchanged) for row in today] == [
            (BedKind.HOSPICE, 5, True),
            (BedKind.INSTITUTION, 55, True),
        ]
        assert today[1].nursing_occupied == 7

    def test_tapped_again_it_changes_nothing(self, session, site):
        make_return(session, site, ago=1)
        file_unchanged(session, site.id, source=CONSOLE)
        assert file_unchanged(session, site.id, source=CONSOLE) == 0

    def test_figures_of_today_are_not_overwritten(self, session, site):
        make_return(session, site, ago=1, occupied=50)
        make_return(session, site, occupied=60)
        assert file_unchanged(session, site.id, source=CONSOLE) == 0
        assert [row.occupied for row in returns(session)] == [50, 60]

    def test_nothing_can_be_repeated_where_nothing_was_filed(self, session, site):
        make_return(session, make_site(session), ago=1)
        with pytest.raises(NothingToRepeat):
            file_unchanged(session, site.id, source=CONSOLE)


class TestTwoNumbers:
    @pytest.fixture
    def operator(self, session, site):
        return make_staff(session, "facility_operator", site_id=site.id)

    def test_they_stand_on_the_newest_other_figures(self, session, site, operator):
        make_return(session, site, ago=2, nursing_occupied=9)
        said = file_counts(session, site.id, occupied=37, on_leave=1, filed_by=operator.id)
        assert said is Outcome.NEW
        today = returns(session)[-1]
        assert (today.licensed, today.usable, today.occupied, today.on_leave) == (100, 90, 37, 1)
        assert (today.nursing_occupied, today.filed_by) == (None, operator.id)
        assert today.source is ReturnSource.SMS

    def test_sent_again_they_correct_the_day(self, session, site, operator):
        make_return(session, site, ago=2)
        for occupied, outcome in ((37, "new"), (38, "corrected"), (38, "unchanged")):
            said = file_counts(session, site.id, occupied=occupied, on_leave=1,
                               filed_by=operator.id)  # fmt: skip
            assert said == outcome

    def test_two_kinds_of_beds_are_too_much_for_two_numbers(self, session, site, operator):
        make_return(session, site, ago=2)
        make_return(session, site, ago=2, kind=BedKind.MEDICAL)
        with pytest.raises(NothingToRepeat):
            file_counts(session, site.id, occupied=37, on_leave=1, filed_by=operator.id)


def test_two_who_file_at_once_leave_one_return(own_city):
    """Both succeed: the later one corrects the earlier, and neither fails."""
    platform = Act(Face.COMMAND, "tests", "test", service=True)
    with acting(platform), sessions.transaction() as session:
        site = make_site(session)

    @sessions.in_transaction
    def file(occupied, *, session):
        return file_return(session, a_return(site, occupied=occupied), source=CONSOLE)

    with acting(platform):
        told = race(range(40, 48), file)
        with sessions.transaction(writes=False) as session:
            assert len(returns(session)) == 1
    assert told == {Outcome.NEW: 1, Outcome.CORRECTED: 7}
