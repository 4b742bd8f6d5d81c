"""A home says that somebody died: the county is asked once; a mistake brings everything back."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.errors import NotFound
from server.facilities.beds import mark_ready
from server.facilities.contracts import service, settling
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.errors import AlreadySettled, DeathNotConfirmed
from server.facilities.contracts.rules import first_of, month_after, months_between
from server.facilities.contracts.standings import list_standings
from server.facilities.deaths import confirm_death, deny_death
from server.facilities.models import EndReason, StayStatus
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import go_to_hospital
from server.findings.errors import FindingIsSettled
from server.identity.models import Role
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from server.residents.errors import ResidentGone
from tests.factories.assessments import Office
from tests.factories.facilities import make_bed
from tests.factories.people import make_hardship, make_resident

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)
TERMS = {
    "starts_on": TODAY - timedelta(days=10),
    "ends_on": TODAY + timedelta(days=300),
    "bed_fen": 200_000,
    "nursing_fen": 0,
    "meals_fen": 0,
    "other_fen": 0,
    "deposit_fen": 0,
}
WELL_KNOWN = "同名，家属来电更正"


@pytest.fixture
def wang(session):
    resident = make_resident(session)
    make_hardship(session, resident)
    return resident


@pytest.fixture
def bed(session):
    return make_bed(session)


@pytest.fixture
def stay(session, bed, wang):
    return admit(
        session,
        bed_id=bed.id,
        resident_id=wang.id,
        admitted_on=TODAY - timedelta(days=10),
    )


@pytest.fixture
def county(session):
    office = Office(session, Role.COUNTY_OFFICER, "140502")
    session.commit()
    return office


def die(session, stay, on=YESTERDAY):
    discharge(session, stay.id, ended_on=on, reason=EndReason.DIED)
    return session.execute(text("SELECT max(id) FROM finding")).scalar_one()


def findings(session):
    session.expire_all()
    rows = session.execute(text("SELECT kind, state FROM finding ORDER BY id"))
    return [tuple(row) for row in rows]


def one(session, query, **values):
    session.expire_all()
    return session.execute(text(query), values).scalar_one()


def died_on(session, wang):
    return one(session, "SELECT died_on FROM resident WHERE id = :id", id=wang.id)


def is_poor(session, wang):
    query = "SELECT ends_on IS NULL FROM hardship_period WHERE resident_id = :id"
    return one(session, query, id=wang.id)


def in_bed(session):
    query = "SELECT bed_id FROM bed_occupancy WHERE superseded_at IS NULL AND ends_on IS NULL"
    session.expire_all()
    return session.execute(text(query)).scalars().all()


class TestADeathInAHome:
    def test_is_put_before_the_county_once(self, session, stay, wang):
        finding = die(session, stay)

        assert findings(session) == [("death_in_a_stay", "open")]
        told = one(session, "SELECT evidence FROM finding WHERE id = :id", id=finding)
        assert told == {
            "stay_id": stay.id,
            "site_id": stay.site_id,
            "ended_on": YESTERDAY.isoformat(),
        }
        assert died_on(session, wang) is None

    def test_another_end_asks_nobody(self, session, stay):
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        assert findings(session) == []

    def test_confirmed_is_reported_and_ends_what_a_death_ends(self, session, stay, wang, county):
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            confirm_death(work, finding, died_on=YESTERDAY, note="家属与医院证明")

        assert died_on(session, wang) == YESTERDAY
        assert not is_poor(session, wang)
        assert findings(session) == [("death_in_a_stay", "true")]
        source = "SELECT source || ' ' || (SELECT subject FROM finding) FROM departure"
        told = one(session, "SELECT source || ' ' || source_reference FROM departure")
        assert told == one(session, source)

    def test_is_confirmed_once(self, session, stay, county):
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            confirm_death(work, finding, died_on=YESTERDAY, note="家属证明")
            for again in (
                lambda: confirm_death(work, finding, died_on=YESTERDAY, note="家属证明"),
                lambda: deny_death(work, finding, note=WELL_KNOWN),
            ):
                with pytest.raises(FindingIsSettled):
                    again()

        assert one(session, "SELECT count(*) FROM departure") == 1

    def test_reported_by_somebody_else_waits_for_nobody(self, session, stay, wang):
        die(session, stay)

        report_departure(
            session, resident_id=wang.id, kind=DepartureKind.DIED, happened_on=YESTERDAY
        )

        assert findings(session) == [("death_in_a_stay", "withdrawn")]

    def test_is_not_the_business_of_another_county(self, session, stay):
        elsewhere = Office(session, Role.COUNTY_OFFICER, "140521")
        finding = die(session, stay)
        session.commit()
        with elsewhere.at_work() as work, pytest.raises(NotFound):
            confirm_death(work, finding, died_on=YESTERDAY, note="不归我管")


class TestAMistake:
    def test_denied_lets_the_stay_go_on(self, session, stay, bed, wang, county):
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)

        assert in_bed(session) == [bed.id]
        assert (stay.status, stay.ended_on, stay.end_reason) == (StayStatus.STAYING, None, None)
        assert is_poor(session, wang)
        assert findings(session) == [("death_in_a_stay", "false_alarm")]
        assert one(session, "SELECT ends_on FROM care_link") > TODAY + timedelta(days=1000)

    @pytest.mark.parametrize("by_the_home", [True, False])
    def test_reversed_brings_back_the_stay_and_everything_else(
        self, session, stay, bed, wang, county, by_the_home
    ):
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            if by_the_home:
                confirm_death(work, finding, died_on=YESTERDAY, note="家属证明")
            else:
                report_departure(
                    work, resident_id=wang.id, kind=DepartureKind.DIED, happened_on=YESTERDAY
                )
        departure = one(session, "SELECT id FROM departure")
        session.commit()
        with county.at_work() as work:
            reversal = reverse_departure(work, departure, reason=WELL_KNOWN)

        assert reversal.lost == []
        assert (in_bed(session), stay.status) == ([bed.id], StayStatus.STAYING)
        assert (died_on(session, wang), is_poor(session, wang)) == (None, True)

    def test_is_no_mistake_until_the_county_says_so_and_no_money_goes_out(
        self, session, stay, county
    ):
        service.agree(session, stay.id, **TERMS)
        finding = die(session, stay)
        assert settling.is_death_unconfirmed(session, stay)
        with pytest.raises(DeathNotConfirmed):
            settling.settle(session, stay.id)

        session.commit()
        with county.at_work() as work:
            confirm_death(work, finding, note=WELL_KNOWN)
        session.expire_all()
        for month in months_between(stay.admitted_on, YESTERDAY):
            service.bill_month(session, stay.id, month)
        assert settling.settle(session, stay.id).still_owed_fen > 0

    def test_after_the_settlement_lets_the_money_go_on_too(self, session, stay, county):
        service.agree(session, stay.id, **TERMS)
        service.take_payment(session, stay.id, amount_fen=100_000, reference="r1")
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            confirm_death(work, finding, note=WELL_KNOWN)
        session.expire_all()
        for month in months_between(stay.admitted_on, YESTERDAY):
            service.bill_month(session, stay.id, month)
        settling.settle(session, stay.id)
        departure = one(session, "SELECT id FROM departure")
        session.commit()
        with county.at_work() as work:
            reverse_departure(work, departure, reason=WELL_KNOWN)
        session.expire_all()

        service.take_payment(session, stay.id, amount_fen=900_000, reference="r2")
        later = TODAY + timedelta(days=70)
        with time_machine.travel(f"{later}T09:00+08:00", tick=False):
            next_month = month_after(first_of(TODAY))
            assert bill_everybody(session, stay.site_id, next_month).bills == 1
            discharge(session, stay.id, ended_on=later, reason=EndReason.OTHER_HOME)
            for month in months_between(stay.admitted_on, later):
                service.bill_month(session, stay.id, month)
            assert settling.settle(session, stay.id).refund_fen > 0
            assert list_standings(session, stay.site_id)[0].standing == "settled"
            with pytest.raises(AlreadySettled):
                settling.settle(session, stay.id)

    def test_brings_back_whoever_came_and_was_taken_for_dead_on_one_day(
        self, session, bed, wang, county
    ):
        stay = admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)
        finding = die(session, stay, on=TODAY)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)

        assert (in_bed(session), stay.status) == ([bed.id], StayStatus.STAYING)

    def test_brings_back_to_hospital_whoever_had_no_bed(self, session, stay, county):
        go_to_hospital(session, stay.id, since=TODAY - timedelta(days=5), keeps_bed=False)
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)

        session.refresh(stay)
        assert (in_bed(session), stay.status) == ([], StayStatus.AWAY)

    def test_finds_another_in_the_bed_and_keeps_a_place_in_the_house(
        self, session, stay, bed, county
    ):
        finding = die(session, stay)
        mark_ready(session, bed.id)
        admit(session, bed_id=bed.id, resident_id=make_resident(session).id, admitted_on=TODAY)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)

        session.refresh(stay)
        assert (in_bed(session), stay.status) == ([bed.id], StayStatus.AWAY)

    def test_leaves_whoever_went_elsewhere_meanwhile_where_they_are(
        self, session, stay, wang, county
    ):
        finding = die(session, stay)
        elsewhere = make_bed(session)
        admit(session, bed_id=elsewhere.id, resident_id=wang.id, admitted_on=YESTERDAY)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)

        session.refresh(stay)
        assert (in_bed(session), stay.status) == ([elsewhere.id], StayStatus.AWAY)

    def test_lets_whoever_came_to_the_same_home_anew_go_on_there(
        self, session, stay, bed, wang, county
    ):
        finding = die(session, stay)
        mark_ready(session, bed.id)
        admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)

        session.refresh(stay)
        assert (in_bed(session), stay.status) == ([bed.id], StayStatus.ENDED)

    def test_told_and_denied_can_be_told_again(self, session, stay, county):
        finding = die(session, stay)
        session.commit()
        with county.at_work() as work:
            deny_death(work, finding, note=WELL_KNOWN)
        session.expire_all()

        with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
            die(session, stay, on=TODAY)

        assert [state for _, state in findings(session)] == ["false_alarm", "open"]


def test_nobody_who_is_dead_comes_in_by_an_earlier_day(session, wang):
    """What begins before the death would go on after it."""
    report_departure(session, resident_id=wang.id, kind=DepartureKind.DIED, happened_on=YESTERDAY)

    for day in (YESTERDAY, YESTERDAY - timedelta(days=5)):
        with pytest.raises(ResidentGone):
            admit(session, bed_id=make_bed(session).id, resident_id=wang.id, admitted_on=day)
