"""A provider with a care worker, an elder at home, and a visit today."""

from datetime import datetime, time, timedelta

import pytest

from server import clock
from server.identity.models import Role
from server.residents.assessments.models import AbilityLevel
from server.residents.models import CareLink
from tests.factories.assessments import give_level
from tests.factories.home_beds import Offices
from tests.factories.homecare import HERE, make_home_bed, make_provider, make_visit
from tests.factories.orders import make_allowance
from tests.factories.people import LONG_AGO, PASSWORD, make_sign_in, make_staff
from tests.factories.renovations import Renewal
from tests.mobile_api.conftest import Phone


@pytest.fixture
def site(session):
    return make_provider(session, name="安康居家")


@pytest.fixture
def bed(session, site, resident):
    session.add(
        CareLink(
            resident_id=resident.id,
            site_id=site.id,
            starts_on=LONG_AGO,
            ends_on=clock.today() + timedelta(days=90),
        )
    )
    return make_home_bed(session, resident, site)


@pytest.fixture
def worker(session, site):
    return make_staff(session, Role.CARE_WORKER, site_id=site.id, password=PASSWORD)


@pytest.fixture
def workers_phone(app, session, worker):
    return Phone(app.test_client(), session, make_sign_in(session, staff=worker))


@pytest.fixture
def visit(session, bed, worker):
    """An hour that began ten minutes ago, whatever the hour of the day."""
    return make_visit(session, bed, worker, starts_at=clock.now() - timedelta(minutes=10))


def an_event(visit, kind, *, ago=0, key=None, **given):
    """What a device keeps of something done at a visit, so many minutes ago."""
    values = {
        "key": key or f"{kind}-of-{visit.id:08d}",
        "kind": kind,
        "visit_id": visit.id,
        "at": (clock.now() - timedelta(minutes=ago)).isoformat(),
    }
    if kind != "confirm":
        values |= {"x": HERE[0], "y": HERE[1], "accuracy_m": 12}
    return values | given


@pytest.fixture
def send(workers_phone):
    """Sends events as the worker's phone does; returns the receipts."""

    def send(*events, phone=workers_phone, sent_at=None):
        body = {"sent_at": (sent_at or clock.now()).isoformat(), "events": list(events)}
        answer = phone.post("/v1/visit-events", body)
        assert answer.status_code == 200, answer.text
        return answer.json["items"]

    return send


def kept(receipts):
    """Return what became of each event: True, or the code of its refusal."""
    return [one["is_kept"] or one["code"] for one in receipts]


@pytest.fixture
def wish(resident):
    return {"resident_id": resident.id, "wishes": "希望上午来"}


@pytest.fixture
def asked_bed(phone, wish):
    """What the phone was told when it applied for a bed at home."""
    answer = phone.post("/v1/home-beds", wish)
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def severe(session, resident):
    """The elder needs much help, by an assessment."""
    give_level(session, resident, AbilityLevel.SEVERE)


@pytest.fixture
def voucher(session, resident):
    return make_allowance(session, resident)


@pytest.fixture
def order_wish(site, resident, time_machine):
    """Bathing tomorrow at nine, in the middle of a month."""
    day = clock.today().replace(day=12)
    time_machine.move_to(datetime.combine(day, time(10), clock.CITY))
    starts_at = datetime.combine(day + timedelta(days=1), time(9), clock.CITY)
    return {
        "resident_id": resident.id,
        "site_id": site.id,
        "services": ["bathing"],
        "starts_at": starts_at.isoformat(),
    }


@pytest.fixture
def placed(order_wish, voucher, phone):
    """What the phone was told when it ordered."""
    answer = phone.post("/v1/care-orders", order_wish)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def renewal(session, site, resident):
    """The elder's own home, brought as far as asked: `renewal.to("consent")`."""
    return Renewal(session, Offices(session, site), resident)
