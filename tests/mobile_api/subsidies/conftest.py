"""The phone of an elder who is paid for January, and of whoever helps her."""

from base64 import b64encode

import pytest
from sqlmodel import select

from server.subsidies.models import RunStage
from server.subsidies.payments.making import make_batch
from server.subsidies.recoveries.models import SubsidyRecovery
from tests.factories.claims import JANUARY, claimed_programme, in_february
from tests.factories.meals import make_site
from tests.factories.pictures import picture
from tests.factories.subsidies import make_run, make_version, move_run
from tests.factories.subsidy_money import (
    answer,
    give_elder_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    send_batch,
)

PAPER = {"evidence": "bed_book", "picture": b64encode(picture()).decode()}
# Ten days in bed and not all of them: what is left is by the same row of the table.
PUT_RIGHT = {
    "before_fen": 30000, "changed": {"days_in_bed": [31, 10]}, "reasons": [], "base_fen": 30000,
    "count": [1, 1], "rows": {"by_ability": 1}, "factors": {"star": 2},
}  # fmt: skip
GRANT = {"zh": "护理补贴", "en": "Care grant"}
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


@pytest.fixture
def owes(session, resident, site):
    """Paid 300 yuan for a month, of which so much was too much: `owes(20000, most_percent=30)`."""
    give_elder_account(session, resident)
    budget = make_budget(session)
    versions = {}

    def owe(fen, *, most_percent=30, month=JANUARY):
        if most_percent not in versions:
            granted = paid_to("resident", most_percent=most_percent, name=GRANT)
            versions[most_percent] = make_version(session, granted)
        version = versions[most_percent]
        about = {"resident_id": resident.id, "site_id": site.id, "month": month}
        run = make_payable(session, [about], version=version, first_month=month)
        answer(session, send_batch(session, budget, run))
        trace = PUT_RIGHT | {"now_fen": 30000 - fen}
        made = make_difference(session, run, 1, -fen, version, first_month=month,
                               trace=trace, **about)  # fmt: skip
        assert make_batch(session, budget_id=budget, run_ids=[made.id]) is None
        query = select(SubsidyRecovery).where(SubsidyRecovery.run_id == made.id)
        return session.exec(query).one()

    return owe
