"""The phone of an elder who is paid for January, and of whoever helps her."""

from base64 import b64encode

import pytest

from server.subsidies.models import RunStage
from tests.factories.claims import claimed_programme, in_february
from tests.factories.meals import make_site
from tests.factories.pictures import picture
from tests.factories.subsidies import make_run, make_version, move_run

PAPER = {"evidence": "bed_book", "picture": b64encode(picture()).decode()}
OWN = {"by": "resident", "payee": "resident", "programme": "care_voucher", "family": "care_voucher"}


@pytest.fixture(autouse=True)
def february():
    with in_february(tick=False):
        yield


@pytest.fixture
def site(session):
    return make_site(session, name="康乐养老院")


@pytest.fixture
def make_version_of(session):
    def make(**changes):
        payee = changes.pop("payee", "resident")
        return make_version(session, claimed_programme(**changes, payee=payee))

    return make


@pytest.fixture
def version(make_version_of):
    """A programme that elders ask for themselves."""
    return make_version_of(**OWN)


@pytest.fixture
def make_told(session, resident, site, version):
    """A run with a line about the resident, at a stage."""

    def make(stage=RunStage.APPROVED, **line):
        line = {"resident_id": resident.id, "site_id": site.id} | line
        return move_run(session, make_run(session, [line], version=version), stage)

    return make


@pytest.fixture
def cases(session, resident, site, version):
    return make_run(session, [{"resident_id": resident.id, "site_id": site.id}], version=version)


@pytest.fixture
def wish(resident, cases):
    return {
        "programme": "care_voucher", "first_month": "2026-01-01", "resident_id": resident.id,
    }  # fmt: skip


@pytest.fixture
def begin(phone, wish):
    def begin(by=phone):
        made = by.post("/v1/subsidy-claims", wish)
        assert made.status_code == 201, made.text
        return made.json

    return begin
