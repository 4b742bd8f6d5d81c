"""A death or a move frees the bed from the day after; a mistake gives it back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.beds import mark_ready
from server.facilities.models import EndReason, StayStatus
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import come_back, go_on_leave, go_to_hospital
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.facilities import make_bed
from tests.factories.people import make_resident

TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def wang(session):
    return make_resident(session)


@pytest.fixture
def bed(session):
    return make_bed(session)


@pytest.fixture
def stay(session, bed, wang):
    return admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=ago(10))


def report(session, resident, *, on, kind=DepartureKind.DIED):
    report_departure(session, resident_id=resident.id, kind=kind, happened_on=on)
    session.expire_all()
    return session.execute(text("SELECT max(id) FROM departure")).scalar_one()


def reverse(session, departure_id):
    reversal = reverse_departure(session, departure_id, reason="认错了人")
    session.expire_all()
    return reversal


def nights(session):
    rows = session.execute(
        text(
            "SELECT starts_on, ends_on FROM bed_occupancy"
            " WHERE superseded_at IS NULL ORDER BY starts_on"
        )
    ).all()
    return [(row.starts_on, row.ends_on) for row in rows]


class TestADeath:
    def test_ends_the_stay_and_frees_the_bed_from_the_day_after(self, session, bed, stay, wang):
        report(session, wang, on=ago(1))

        assert (stay.status, stay.ended_on, stay.end_reason) == (
            StayStatus.ENDED,
            TODAY,
            EndReason.DIED,
        )
        assert nights(session) == [(ago(10), TODAY)]
        mark_ready(session, bed.id)
        admit(
            session,
            bed_id=bed.id,
            resident_id=make_resident(session).id,
            admitted_on=TODAY,
        )

    def test_cancels_a_hold(self, session, bed, wang):
        held = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        report(session, wang, on=ago(1))

        assert (held.status, nights(session)) == (StayStatus.CANCELLED, [])

    def test_ends_the_stay_of_somebody_in_hospital_without_a_bed(self, session, stay, wang):
        go_to_hospital(session, stay.id, since=ago(5), keeps_bed=False)

        report(session, wang, on=ago(1))

        assert stay.status is StayStatus.ENDED

    def test_of_long_ago_leaves_a_finding_about_the_nights(self, session, stay, wang):
        report(session, wang, on=ago(6))

        [finding] = session.execute(text("SELECT kind, subject, evidence FROM finding")).all()
        assert (finding.kind, finding.subject) == ("night_after_departure", f"stay:{stay.id}")
        assert finding.evidence["nights"] == 5

    def test_leaves_what_ended_before_alone(self, session, stay, wang):
        discharge(session, stay.id, ended_on=ago(5), reason=EndReason.WENT_HOME)

        report(session, wang, on=ago(2))

        assert stay.end_reason is EndReason.WENT_HOME
        assert session.execute(text("SELECT count(*) FROM finding")).scalar_one() == 0


class TestAMistake:
    def test_lets_the_stay_go_on_in_its_bed(self, session, stay, wang):
        departure = report(session, wang, on=ago(3))

        reversal = reverse(session, departure)

        assert (stay.status, stay.ended_on, nights(session)) == (
            StayStatus.STAYING,
            None,
            [(ago(10), None)],
        )
        assert reversal.lost == []
        assert session.execute(text("SELECT DISTINCT ends_on FROM care_link")).all()[0][
            0
        ] > TODAY + timedelta(days=1000)

    def test_lets_leave_and_return_of_the_days_since_stand_again(self, session, stay, wang):
        go_on_leave(session, stay.id, since=ago(4))
        come_back(session, stay.id, on=ago(2))
        before = nights(session)
        departure = report(session, wang, on=ago(6))
        assert nights(session) == [(ago(10), ago(5))]

        reversal = reverse(session, departure)

        assert (nights(session), stay.status) == (before, StayStatus.STAYING)
        assert reversal.lost == []

    def test_finds_another_in_the_bed_and_keeps_a_place_in_the_house(
        self, session, bed, stay, wang
    ):
        departure = report(session, wang, on=ago(3))
        mark_ready(session, bed.id)
        admit(
            session,
            bed_id=bed.id,
            resident_id=make_resident(session).id,
            admitted_on=ago(1),
        )

        reversal = reverse(session, departure)

        assert stay.status is StayStatus.AWAY
        assert [entry.table for entry in reversal.lost] == ["bed_occupancy"]
