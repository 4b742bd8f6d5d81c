"""The scan of a labour contract: put in by the employer, read by whoever sees the contract."""

from datetime import date
from io import BytesIO

import pytest
from sqlmodel import select

from server import clock
from server.caregivers.missing import Lack, list_missing
from server.caregivers.models import EmploymentContract
from server.identity.models import Role
from tests.factories.caregivers import make_caregiver, make_contract, make_employment
from tests.factories.meals import make_site
from tests.factories.pictures import picture


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def worker(session, home):
    return make_caregiver(session, home, name="孙一兰")


@pytest.fixture
def contract(session, worker):
    return make_contract(session, make_employment(session, worker))


@pytest.fixture
def desk(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


def scan_of(contract, worker):
    return f"/caregivers/{worker.id}/contracts/{contract.id}/scan"


def a_scan(mark=0):
    return {"photo": (BytesIO(picture(mark=mark)), "contract.jpg")}


def test_a_scan_is_put_beside_a_contract_and_read_by_the_county(
    session, desk, sit_down, worker, contract
):
    assert scan_of(contract, worker) in desk.get(f"/caregivers/{worker.id}").text
    assert desk.post(scan_of(contract, worker), a_scan()).status_code == 303

    session.refresh(contract)
    paper = f"/caregivers/{worker.id}/papers/{contract.file_id}"
    county = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    for reader in (desk, county):
        assert f"/admin{paper}" in reader.get(f"/caregivers/{worker.id}").text
        assert reader.get(paper).mimetype == "image/jpeg"


def test_a_better_scan_takes_its_place(session, desk, worker, contract):
    kept = []
    for mark in (1, 2):
        desk.post(scan_of(contract, worker), a_scan(mark))
        session.refresh(contract)
        kept.append(contract.file_id)

    assert len(set(kept)) == 2


def test_the_scan_goes_along_with_another_post(session, desk, home, worker, contract):
    desk.post(scan_of(contract, worker), a_scan())
    terms = {"site": home.id, "starts_on": "2026-03-01", "post": "management"}
    at = f"/caregivers/{worker.id}/employments/{contract.employment_id}/terms"
    assert desk.post(at, terms).status_code == 303

    kept = session.exec(select(EmploymentContract.file_id)).all()
    assert len(kept) == 2
    assert len(set(kept)) == 1
    missing = list_missing(session, caregiver_ids=[worker.id], on=clock.today())[worker.id]
    assert Lack.CONTRACT not in {one.code for one in missing}


def test_what_is_no_picture_is_refused(session, desk, worker, contract):
    sent = {"photo": (BytesIO(b"no picture"), "contract.jpg")}

    assert desk.post(scan_of(contract, worker), sent).status_code == 422
    session.refresh(contract)
    assert contract.file_id is None


def test_nobody_else_puts_one_in_and_a_contract_is_its_own_persons(
    session, desk, sit_down, home, worker, contract
):
    other = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session, name="松柏养老院").id)
    county = sit_down(Role.COUNTY_OFFICER, division_code="140502")
    colleague = make_caregiver(session, home, name="赵二娥")
    make_employment(session, colleague)

    assert other.post(scan_of(contract, worker), a_scan()).status_code == 404
    assert county.post(scan_of(contract, worker), a_scan()).status_code == 403
    assert desk.post(scan_of(contract, colleague), a_scan()).status_code == 404
    session.refresh(contract)
    assert contract.file_id is None


def test_a_later_employer_does_not_read_the_contract_before(session, desk, sit_down, worker):
    before = make_employment(session, worker, starts_on=date(2022, 1, 1), ends_on=date(2023, 1, 1))
    contract = make_contract(session, before)
    assert desk.post(scan_of(contract, worker), a_scan()).status_code == 303
    session.refresh(contract)
    later = make_site(session, name="松柏养老院")
    make_employment(session, worker, later, starts_on=date(2023, 2, 1))
    worker.keeper_site_id = later.id
    session.flush()

    there = sit_down(Role.FACILITY_OPERATOR, site_id=later.id)

    assert there.get(f"/caregivers/{worker.id}/papers/{contract.file_id}").status_code == 404
    assert "合同扫描件" not in there.get(f"/caregivers/{worker.id}").text
