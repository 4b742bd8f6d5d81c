"""listWorkVisits"""

from datetime import time, timedelta

from server import clock
from server.identity.models import Role
from tests.factories.homecare import make_visit
from tests.factories.people import make_staff
from tests.mobile_api.refusals import refusal


def test_a_worker_sees_whom_to_visit_and_what_to_do(workers_phone, visit, bed):
    [shown] = workers_phone.get("/v1/work-visits").json["items"]

    assert (shown["id"], shown["resident_name"], shown["state"]) == (visit.id, "李秀英", "planned")
    assert shown["tasks"] == [{"code": "bathing", "name": "助浴"}]
    assert (shown["x"], shown["y"]) == (bed.x, bed.y)


def test_colleagues_visits_and_those_far_off_are_not_in_it(
    workers_phone, session, site, bed, worker
):
    colleague = make_staff(session, Role.CARE_WORKER, site_id=site.id)
    tomorrow = clock.today() + timedelta(days=1)
    make_visit(session, bed, colleague, on=tomorrow, at=time(14))
    make_visit(session, bed, worker, on=clock.today() + timedelta(days=8))
    mine = make_visit(session, bed, worker, on=tomorrow)

    assert [one["id"] for one in workers_phone.get("/v1/work-visits").json["items"]] == [mine.id]


def test_it_takes_as_many_statements_for_many_as_for_one(
    workers_phone, session, bed, worker, visit, count_statements
):
    def count():
        session.commit()
        with count_statements() as sent:
            workers_phone.get("/v1/work-visits")
        return len(sent)

    for_one = count()
    for day in range(1, 5):
        make_visit(session, bed, worker, on=clock.today() + timedelta(days=day))

    assert count() == for_one


def test_an_elder_has_no_such_list(phone):
    assert refusal(phone.get("/v1/work-visits")) == (403, "not-allowed")
