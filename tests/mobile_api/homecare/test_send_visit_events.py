"""sendVisitEvents"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.homecare.visits.models import HomeMonthClose
from server.homecare.visits.proving import code_of
from server.identity.models import Role
from tests.factories.homecare import HERE, make_home_bed, make_visit
from tests.factories.people import make_resident, make_sign_in, make_staff
from tests.mobile_api.conftest import Phone
from tests.mobile_api.homecare.conftest import an_event, kept
from tests.mobile_api.refusals import faulty_fields, refusal


def the_proof(session):
    session.commit()
    return session.execute(text("SELECT * FROM visit_proof")).mappings().one()


def state_of(session, visit):
    session.commit()
    query = text("SELECT state FROM care_visit WHERE id = :id")
    return session.execute(query, {"id": visit.id}).scalar_one()


class TestAVisit:
    def test_comes_goes_and_is_confirmed(self, session, send, visit):
        assert kept(send(an_event(visit, "arrive"))) == [True]
        assert state_of(session, visit) == "under_way"
        left = an_event(visit, "leave", tasks_done=["bathing"])

        assert kept(send(left, an_event(visit, "confirm"))) == [True, True]

        proof = the_proof(session)
        assert state_of(session, visit) == "done"
        assert (proof["tasks_done"], proof["confirmed_by"]) == (["bathing"], "tap")
        assert (proof["arrived_x"], proof["arrived_y"]) == HERE

    def test_keeps_the_devices_time_and_the_servers_own(self, session, send, visit):
        ten_minutes_slow = clock.now() - timedelta(minutes=10)

        send(an_event(visit, "arrive", ago=10), sent_at=ten_minutes_slow)

        proof = the_proof(session)
        late = proof["arrived_recorded_at"] - proof["arrived_at"]
        assert timedelta(minutes=9) < late < timedelta(minutes=11)
        assert 590 < proof["skew_seconds"] < 610

    def test_of_a_device_that_lives_on_another_day_is_noted_all_the_same(
        self, session, send, visit
    ):
        yesterday = clock.now() - timedelta(days=1)

        receipts = send(an_event(visit, "arrive", ago=24 * 60), sent_at=yesterday)

        assert kept(receipts) == [True]
        assert the_proof(session)["skew_seconds"] > 86_000

    def test_may_be_noted_far_from_home_and_that_is_told(self, workers_phone, send, visit):
        assert kept(send(an_event(visit, "arrive", x=HERE[0] + 0.01))) == [True]

        [shown] = workers_phone.get("/v1/work-visits").json["items"]
        assert shown["is_outside"]
        assert 800 < shown["metres_off"] < 1000

    def test_needs_no_place(self, workers_phone, send, visit):
        assert kept(send(an_event(visit, "arrive", x=None, y=None, accuracy_m=None))) == [True]

        [shown] = workers_phone.get("/v1/work-visits").json["items"]
        assert (shown["is_outside"], shown["metres_off"]) == (False, None)

    def test_is_confirmed_by_the_elders_code(self, session, send, visit):
        send(an_event(visit, "arrive"), an_event(visit, "leave"))

        assert kept(send(an_event(visit, "confirm", code=code_of(visit.id)))) == [True]
        assert the_proof(session)["confirmed_by"] == "code"

    def test_is_not_confirmed_by_trying_codes(self, session, send, visit):
        send(an_event(visit, "arrive"))
        wrong = f"{(int(code_of(visit.id)) + 1) % 10**6:06d}"
        tries = [an_event(visit, "confirm", key=f"a-try-{n:04d}", code=wrong) for n in range(6)]

        assert kept(send(*tries)) == ["visit-code-wrong"] * 5 + ["locked-out"]
        right = an_event(visit, "confirm", key="the-right-one", code=code_of(visit.id))
        assert kept(send(right)) == ["locked-out"]
        assert the_proof(session)["confirmed_by"] is None


class TestSentLater:
    def test_a_whole_visit_comes_in_at_once(self, session, send, visit):
        events = [an_event(visit, "arrive", ago=70), an_event(visit, "leave", ago=10)]

        assert kept(send(*events)) == [True, True]
        assert state_of(session, visit) == "done"

    def test_sent_twice_it_is_kept_once(self, session, send, visit):
        events = [an_event(visit, "arrive", ago=70), an_event(visit, "leave", ago=10)]
        send(*events)
        before = the_proof(session)

        assert kept(send(*events)) == [True, True]
        assert the_proof(session) == before

    def test_a_visit_taken_for_missed_is_proved_after_all(self, session, bed, worker, send):
        visit = make_visit(
            session, bed, worker, starts_at=clock.now() - timedelta(hours=30), state="missed"
        )
        events = [an_event(visit, "arrive", ago=1800), an_event(visit, "leave", ago=1750)]

        assert kept(send(*events)) == [True, True]
        assert state_of(session, visit) == "done"

    def test_one_that_is_refused_stops_no_other(self, session, send, bed, worker, visit):
        cancelled = make_visit(
            session, bed, worker, starts_at=clock.now() - timedelta(hours=3),
            state="cancelled", cancel_reason="住院",
        )  # fmt: skip
        nobodys = an_event(visit, "arrive", key="not-hers-at-all") | {"visit_id": 999_999}

        receipts = send(an_event(cancelled, "arrive"), nobodys, an_event(visit, "arrive"))

        assert kept(receipts) == ["care-visit-not-so", "not-found", True]
        assert receipts[0]["detail"] == "这次上门的情况已经变了，现在不能这样做。请重新看一下。"

    def test_nothing_is_filled_in_once_the_month_is_closed(self, session, send, site, visit):
        month = visit.service_on.replace(day=1)
        session.add(HomeMonthClose(site_id=site.id, month=month, closed_at=clock.now()))

        assert kept(send(an_event(visit, "arrive"))) == ["month-closed"]


class TestIsRefused:
    def test_at_two_visits_at_once(self, session, send, site, visit, worker):
        other = make_home_bed(session, make_resident(session), site)
        second = make_visit(session, other, worker, starts_at=clock.now() + timedelta(hours=1))

        receipts = send(an_event(visit, "arrive"), an_event(second, "arrive"))

        assert kept(receipts) == [True, "at-another-visit"]

    def test_a_second_arrival_by_another_tap(self, send, visit):
        send(an_event(visit, "arrive"))

        assert kept(send(an_event(visit, "arrive", key="another-tap"))) == ["visit-has-arrival"]

    def test_a_key_that_was_another_visits(self, session, send, bed, worker, visit):
        send(an_event(visit, "arrive"), an_event(visit, "leave"))
        later = make_visit(session, bed, worker, starts_at=clock.now() + timedelta(hours=2))
        used = an_event(later, "arrive", key=f"arrive-of-{visit.id:08d}")

        assert kept(send(used)) == ["visit-has-arrival"]

    def test_leaving_before_arriving(self, send, visit):
        assert kept(send(an_event(visit, "leave"))) == ["visit-not-arrived"]
        send(an_event(visit, "arrive", ago=5))

        assert kept(send(an_event(visit, "leave", ago=9))) == ["left-before-arrival"]

    def test_another_day(self, send, visit):
        receipts = send(an_event(visit, "arrive", ago=60 * 24))

        assert kept(receipts) == ["visit-not-its-day"]

    def test_what_was_not_ordered(self, send, visit):
        send(an_event(visit, "arrive"))

        assert kept(send(an_event(visit, "leave", tasks_done=["cooking"]))) == ["service-unknown"]

    def test_a_colleagues_visit(self, app, session, send, site, visit):
        colleague = make_staff(session, Role.CARE_WORKER, site_id=site.id)
        hers = Phone(app.test_client(), session, make_sign_in(session, staff=colleague))

        assert kept(send(an_event(visit, "arrive"), phone=hers)) == ["not-found"]

    def test_an_elder_proves_nothing(self, phone, visit):
        body = {"sent_at": clock.now().isoformat(), "events": [an_event(visit, "arrive")]}

        assert refusal(phone.post("/v1/visit-events", body)) == (403, "not-allowed")

    @pytest.mark.parametrize("place", [{"x": 112.0}, {"y": 35.0}])
    def test_half_a_place(self, workers_phone, visit, place):
        event = an_event(visit, "arrive", x=None, y=None) | place
        body = {"sent_at": clock.now().isoformat(), "events": [event]}

        assert faulty_fields(workers_phone.post("/v1/visit-events", body))


@pytest.mark.parametrize("clock_shows", ["2100-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_leaving_days_after_the_arrival_is_refused_and_the_list_stays_readable(
    visit, send, workers_phone, clock_shows
):
    send(an_event(visit, "arrive"))

    assert kept(send(an_event(visit, "leave", at=clock_shows))) == ["visit-not-its-day"]
    assert workers_phone.get("/v1/work-visits").status_code == 200


@pytest.mark.parametrize("clock_shows", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_clock_that_shows_no_day_at_all_refuses_no_batch(visit, send, clock_shows):
    sent_at = datetime.fromisoformat(clock_shows)

    assert kept(send(an_event(visit, "arrive"), sent_at=sent_at)) == ["visit-not-its-day"]
    assert kept(send(an_event(visit, "arrive"))) == [True]
    assert kept(send(an_event(visit, "confirm", at=clock_shows))) == [True]
