"""Whom visits were made to, and beds that nobody serves: planted, and harmless neighbours."""

from datetime import time, timedelta

import pytest

from server import clock
from server.facilities.models import BedKind, BedOccupancy, BedState, Stay, StayStatus
from server.findings.models import FindingKind
from server.homecare.devices.models import DeviceKind
from server.homecare.models import HomeBedPause, HomeBedState
from server.residents.departures.models import Departure, DepartureKind
from tests.factories.devices import make_device, was_heard
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site


def days(number):
    return timedelta(days=number)


class TestDepartures:
    @pytest.mark.parametrize(("before", "is_found"), [(1, True), (0, False)])
    def test_a_visit_after_the_day_of_the_death_is_found(
        self, session, street, found, before, is_found
    ):
        visit = street.proved()
        departure = Departure(
            resident_id=street.bed.resident_id,
            kind=DepartureKind.DIED,
            happened_on=street.day - days(before),
            source="window",
            reported_at=clock.now(),
            effects=[],
        )
        session.add(departure)
        session.flush()

        kind = FindingKind.HOME_VISIT_AFTER_DEPARTURE
        assert found(kind) == ([f"visit:{visit.id}"] if is_found else [])


class TestOtherBeds:
    def lie(self, session, street, kind, *, since, until=None, state=BedState.OCCUPIED):
        """The person takes a bed of another kind, from a day on."""
        bed = make_bed(session, site=make_site(session), kind=kind)
        stay = Stay(
            resident_id=street.bed.resident_id,
            site_id=bed.site_id,
            kind=kind,
            status=StayStatus.STAYING,
            planned_on=since,
            hold_until=since + days(3),
            admitted_on=since,
        )
        session.add(stay)
        session.flush()
        taken = BedOccupancy(
            bed_id=bed.id, site_id=bed.site_id, kind=kind, state=state, stay_id=stay.id,
            resident_id=stay.resident_id, starts_on=since, ends_on=until,
            recorded_at=clock.now(), end_recorded_at=clock.now() if until else None,
        )  # fmt: skip
        session.add(taken)
        session.flush()

    def test_a_visit_to_somebody_in_hospital_is_found(self, session, street, found):
        visit = street.proved()
        self.lie(session, street, BedKind.MEDICAL, since=street.day - days(1))

        assert found(FindingKind.HOME_VISIT_IN_HOSPITAL) == [f"visit:{visit.id}"]
        assert found(FindingKind.HOME_VISIT_IN_A_HOME) == []

    def test_a_visit_to_somebody_in_a_care_home_is_found(self, session, street, found):
        visit = street.proved()
        self.lie(session, street, BedKind.INSTITUTION, since=street.day - days(1))

        assert found(FindingKind.HOME_VISIT_IN_A_HOME) == [f"visit:{visit.id}"]
        assert found(FindingKind.HOME_VISIT_IN_HOSPITAL) == []

    def test_a_bed_kept_while_in_hospital_is_a_hospital(self, session, street, found):
        visit = street.proved()
        self.lie(
            session, street, BedKind.INSTITUTION,
            since=street.day - days(1), state=BedState.IN_HOSPITAL,
        )  # fmt: skip

        assert found(FindingKind.HOME_VISIT_IN_HOSPITAL) == [f"visit:{visit.id}"]

    @pytest.mark.parametrize("kind", [BedKind.MEDICAL, BedKind.INSTITUTION])
    def test_the_days_of_coming_and_going_are_harmless(self, session, street, found, kind):
        street.proved()
        self.lie(session, street, kind, since=street.day - days(5), until=street.day)
        street.proved(street.other, at=time(11))
        street.bed = street.other
        self.lie(session, street, kind, since=street.day)

        assert found(FindingKind.HOME_VISIT_IN_HOSPITAL) == []
        assert found(FindingKind.HOME_VISIT_IN_A_HOME) == []

    def test_at_home_on_leave_somebody_may_be_visited(self, session, street, found):
        street.proved()
        self.lie(
            session, street, BedKind.INSTITUTION,
            since=street.day - days(1), state=BedState.ON_LEAVE,
        )  # fmt: skip

        assert found(FindingKind.HOME_VISIT_IN_A_HOME) == []


class TestSilence:
    @pytest.mark.parametrize(("ago", "is_found"), [(3, True), (2, False)])
    def test_a_bed_not_heard_for_three_days_is_found(self, session, street, found, ago, is_found):
        today = clock.today()
        device = make_device(session, street.bed, installed_on=today - days(30))
        was_heard(session, device, on=today - days(ago))

        subject = f"silent:{street.bed.id}:{today - days(ago)}"
        assert found(FindingKind.HOME_BED_SILENT) == ([subject] if is_found else [])

    def test_one_device_that_speaks_is_enough(self, session, street, found):
        today = clock.today()
        make_device(session, street.bed, installed_on=today - days(30))
        video = make_device(
            session, street.bed, kind=DeviceKind.VIDEO, installed_on=today - days(30)
        )
        was_heard(session, video, on=today)

        assert found(FindingKind.HOME_BED_SILENT) == []

    def test_a_rail_never_speaks(self, session, street, found):
        long_ago = clock.today() - days(30)
        make_device(session, street.bed, kind=DeviceKind.TOILET_RAIL, installed_on=long_ago)

        assert found(FindingKind.HOME_BED_SILENT) == []


class TestWithoutService:
    @pytest.fixture
    def built(self, session, street):
        """A bed that serves since so many days."""

        def built(ago, *, state=HomeBedState.SERVING):
            street.bed.since, street.bed.state = clock.today() - days(ago), state
            if state is HomeBedState.PAUSED:
                street.bed.pause_reason = HomeBedPause.AWAY
            street.other.state = HomeBedState.BUILDING
            session.flush()
            return street.bed

        return built

    @pytest.mark.parametrize(("ago", "is_found"), [(30, True), (29, False)])
    def test_a_bed_built_and_never_visited_is_found(self, street, found, built, ago, is_found):
        bed = built(ago)

        subject = f"unserved:{bed.id}:{bed.since}"
        assert found(FindingKind.HOME_BED_UNSERVED) == ([subject] if is_found else [])

    def test_a_planned_visit_is_no_service(self, street, found, built):
        built(40)
        street.planned()

        assert len(found(FindingKind.HOME_BED_UNSERVED)) == 1

    def test_a_proved_visit_is(self, street, found, built):
        built(40)
        street.proved()

        assert found(FindingKind.HOME_BED_UNSERVED) == []

    def test_a_paused_bed_waits(self, street, found, built):
        built(40, state=HomeBedState.PAUSED)

        assert found(FindingKind.HOME_BED_UNSERVED) == []
