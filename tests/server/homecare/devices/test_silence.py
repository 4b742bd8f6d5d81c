"""A device that is not heard is found once, told once a day, and let go when it is heard."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server import clock
from server.findings.models import Finding, FindingKind, FindingState
from server.homecare.devices.models import DeviceKind
from server.homecare.devices.silence import find_silent_devices
from server.identity.models import Role
from tests.factories.devices import make_device, was_heard
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.people import make_resident, make_staff

LONG_AGO = clock.today() - timedelta(days=9)


@pytest.fixture
def bed(session):
    return make_home_bed(session, make_resident(session), make_provider(session))


@pytest.fixture
def device(session, bed):
    return make_device(session, bed, installed_on=LONG_AGO)


def findings(session):
    query = select(Finding).where(Finding.kind == FindingKind.HOME_DEVICE_SILENT)
    session.expire_all()
    return session.execute(query).scalars().all()


def test_it_is_found_once_and_its_provider_is_told_once(session, bed, device):
    manager = make_staff(session, Role.HOME_CARE_PROVIDER, site_id=bed.site_id)
    manager.phone = "+8613511113333"
    session.flush()

    assert (find_silent_devices(session), find_silent_devices(session)) == (1, 0)

    [finding] = findings(session)
    assert (finding.site_id, finding.evidence["device_id"]) == (bed.site_id, device.id)
    assert session.execute(text("SELECT kind FROM message")).scalars().all() == [
        "homecare.devices_silent"
    ]


def test_heard_again_it_is_let_go(session, device):
    find_silent_devices(session)
    was_heard(session, device, on=clock.today())

    assert find_silent_devices(session) == 0
    assert [one.state for one in findings(session)] == [FindingState.WITHDRAWN]


def test_what_somebody_settled_is_not_found_again_while_it_is_the_same_silence(session, device):
    find_silent_devices(session)
    staff = make_staff(session, Role.COUNTY_OFFICER, division_code="140502")
    [finding] = findings(session)
    finding.state, finding.owner_id, finding.note = FindingState.TRUE, staff.id, "断电"
    finding.taken_at = finding.settled_at = clock.now()
    finding.due_on = clock.today()
    session.flush()

    assert find_silent_devices(session) == 0


@pytest.mark.parametrize(
    "given",
    [{"installed_on": clock.today()}, {"kind": DeviceKind.ANTI_SLIP}, {"removed_on": LONG_AGO}],
    ids=["put up today", "tells nothing", "taken away"],
)
def test_what_is_not_waited_for_is_not_found(session, bed, given):
    make_device(session, bed, **{"installed_on": LONG_AGO} | given)

    assert find_silent_devices(session) == 0


def test_a_bed_that_does_not_serve_is_silent_rightly(session):
    bed = make_home_bed(
        session, make_resident(session), make_provider(session), state="paused",
        pause_reason="away",
    )  # fmt: skip
    make_device(session, bed, installed_on=LONG_AGO)

    assert find_silent_devices(session) == 0
