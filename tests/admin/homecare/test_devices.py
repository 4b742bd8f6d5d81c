"""The ledger of devices at the console, and whom to call for a home."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from server import clock
from server.homecare.alarms.models import HomeCallee
from server.homecare.devices.models import CareDevice
from tests.factories.alarms import make_call_device, make_contact
from tests.factories.devices import was_heard
from tests.factories.pictures import picture


@pytest.fixture
def address(bed):
    return f"/home-beds/{bed.id}/devices"


def a_device(**given):
    return {
        "kind": "emergency_call", "serial": "SN-7", "invoice_number": "F1", "invoice_line": "1",
        "price": "299.00", "installed_on": f"{clock.today()}",
    } | given  # fmt: skip


def devices(session):
    session.commit()
    session.expire_all()
    return session.execute(select(CareDevice).order_by(CareDevice.id)).scalars().all()


def test_a_device_is_put_down_with_a_photo(manager, session, address):
    photo = {"photo": (BytesIO(picture()), "device.jpg")}

    assert manager.post(address, a_device() | photo).status_code == 303

    [device] = devices(session)
    assert (device.serial, device.price_fen) == ("SN-7", 29_900)
    assert manager.get(f"{address}/{device.id}/photo").mimetype == "image/jpeg"
    assert "SN-7" in manager.get(address).text


def test_a_serial_that_stands_elsewhere_is_refused_without_saying_where(
    manager, session, address, settle_in, other_manager
):
    make_call_device(session, settle_in("王桂兰"), serial="SN-7")

    answer = manager.post(address, a_device())

    assert answer.status_code == 409
    assert "这个序列号已经登记在别处" in answer.text
    assert other_manager.get(address).status_code == 404


@pytest.mark.parametrize("spelt", ["sn-7", "ＳＮ-7", "SN\u200b-7", "SN–7", " SN - 7"])
def test_one_serial_is_one_device_however_it_is_typed(manager, session, address, spelt):
    manager.post(address, a_device())

    assert manager.post(address, a_device(serial=spelt, invoice_line="2")).status_code == 409
    assert len(devices(session)) == 1


@pytest.mark.parametrize("spelt", ["f1", "Ｆ1", "F 1"])
def test_one_invoice_is_one_however_it_is_typed(manager, session, address, spelt):
    manager.post(address, a_device())

    sent = a_device(serial="SN-8", invoice_number=spelt)
    assert manager.post(address, sent).status_code == 409
    assert len(devices(session)) == 1


def test_a_line_of_an_invoice_pays_once(manager, session, address):
    manager.post(address, a_device())

    answer = manager.post(address, a_device(serial="SN-8"))

    assert (answer.status_code, "已经用于另一台设备" in answer.text) == (409, True)


def test_a_day_to_come_is_refused(manager, address):
    tomorrow = clock.today() + timedelta(days=1)
    assert manager.post(address, a_device(installed_on=f"{tomorrow}")).status_code == 422


def test_it_goes_to_another_home_and_costs_nothing_there(manager, session, bed, address, settle_in):
    device = make_call_device(session, bed)
    other = settle_in("王桂兰")
    form = {"removed_on": f"{clock.today()}", "to_bed": other.id}

    assert manager.post(f"{address}/{device.id}/move", form).status_code == 303

    old, new = devices(session)
    assert (old.removed_on, new.home_bed_id, new.price_fen) == (clock.today(), other.id, 0)
    again = manager.post(f"{address}/{device.id}/removal", {"removed_on": f"{clock.today()}"})
    assert again.status_code == 409


def test_the_county_reads_the_ledger_and_keeps_none_of_it(county, session, bed, address):
    device = make_call_device(session, bed)

    assert device.serial in county.get(address).text
    assert county.post(f"{address}/{device.id}/removal").status_code == 403


def test_the_list_counts_what_is_silent_and_opens_it(manager, session, bed):
    long_ago = clock.today() - timedelta(days=9)
    heard = make_call_device(session, bed, installed_on=long_ago)
    was_heard(session, heard, on=clock.today())
    silent = make_call_device(session, bed, installed_on=long_ago)

    page = manager.get("/homecare/devices?standing=silent").text
    file = manager.get("/homecare/devices/export.csv").text

    assert silent.serial in page
    assert heard.serial not in page
    assert all(one.serial in file for one in (heard, silent))


class TestWhomToCall:
    def test_what_is_known_is_offered_and_kept_as_changed(self, manager, session, bed, address):
        make_contact(session, bed, "李小红")
        assert "李小红" in manager.get(address).text
        form = {
            "kind": ["duty", "", "emergency"], "name": ["夜班", "", ""],
            "phone": ["13512345678", "", ""],
        }  # fmt: skip

        assert manager.post(f"{address}/callees", form).status_code == 303

        rows = session.execute(select(HomeCallee.kind, HomeCallee.name)).all()
        assert [tuple(row) for row in rows] == [("duty", "夜班"), ("emergency", "")]

    def test_somebody_without_a_phone_is_refused(self, manager, address):
        form = {"kind": ["contact"], "name": ["李小红"], "phone": [""]}

        assert manager.post(f"{address}/callees", form).status_code == 422
