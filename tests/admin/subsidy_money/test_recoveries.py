"""What is owed back on the console; and what sites see of their own money."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from server import clock
from server.findings.models import Finding, FindingKind, FindingState
from server.identity.models import Role
from server.subsidies.checks.models import FindingLine
from server.subsidies.payments.making import make_batch
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    give_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

NEWEST = text("SELECT max(id) FROM subsidy_recovery")
ROWS = text("SELECT count(*) FROM subsidy_site_account WHERE site_id = :site AND state = :state")


@pytest.fixture
def home(session):
    site = make_site(session, name="康乐养老院")
    give_account(session, site)
    return site


@pytest.fixture
def paid(session, home, budget):
    version = make_version(session, paid_to("site", most_percent=50))
    elder = make_resident(session, name="赵桂英")
    line = {"site_id": home.id, "resident_id": elder.id}
    run = make_payable(session, [line], version=version)
    batch = send_batch(session, budget, run)
    answer(session, batch)
    return version, run, line, batch


@pytest.fixture
def recovery(session, budget, paid):
    version, run, line, _ = paid
    back = make_difference(session, run, 1, -20000, version, **line)
    make_batch(session, budget_id=budget, run_ids=[back.id])
    return session.execute(NEWEST).scalar_one()


def test_the_list_and_one_with_its_line(auditor, recovery, paid):
    page = auditor.get("/subsidies/recoveries?open=true&payee=site").text

    assert "康乐养老院" in page
    assert "200.00" in page
    one = auditor.get(f"/subsidies/recoveries/{recovery}").text
    assert f"{paid[1].id}-1" in one
    rows = load_workbook(
        io.BytesIO(auditor.get("/subsidies/recoveries/export.xlsx").data)
    ).active.values
    assert list(rows)[1][9] == 200


def test_the_lines_that_it_rests_on_can_be_opened(auditor, recovery, paid):
    _version, run, _line, _batch = paid
    address = f'href="/admin/subsidies/runs/{run.id}/lines/1"'

    assert address in auditor.get("/subsidies/recoveries").text
    assert address in auditor.get(f"/subsidies/recoveries/{recovery}").text


def test_the_cashier_enters_what_came(cashier, auditor, recovery):
    address = f"/subsidies/recoveries/{recovery}/receipts"
    form = {"amount": "150.00", "receipt": "HD-7", "on_day": clock.today().isoformat()}

    assert auditor.post(address, form).status_code == 403
    assert cashier.post(address, form).status_code == 303
    assert cashier.post(address, form).status_code == 409
    assert "50.00" in cashier.post(address, form | {"receipt": "HD-8"}).text
    assert "HD-7" in auditor.get(f"/subsidies/recoveries/{recovery}").text
    assert "HD-7" in auditor.get(f"/subsidies/recoveries/{recovery}/export.csv").text


def test_written_off_by_two(officer, approver, recovery):
    address = f"/subsidies/recoveries/{recovery}"
    asked = officer.post(f"{address}/write-offs", {"amount": "200", "words": "机构已注销"})
    assert asked.status_code == 303
    page = approver.get(address).text
    decision = page.partition("/decisions/")[2].partition('"')[0]
    assert officer.post(f"{address}/decisions/{decision}", {"is_right": "true"}).status_code == 403
    assert approver.post(f"{address}/decisions/{decision}", {"is_right": "true"}).status_code == 303

    assert "已核销" in approver.get("/subsidies/recoveries?open=false").text


def test_a_deferment_is_to_come(officer, recovery):
    past = {"until": "2020-01-01", "words": "经营困难"}

    assert officer.post(f"/subsidies/recoveries/{recovery}/deferments", past).status_code == 422


def test_a_true_finding_has_a_form_for_each_of_its_lines(session, officer, paid, home):
    _version, run, _line, _batch = paid
    finding = Finding(
        kind=FindingKind.SUBSIDY_AFTER_DEATH, subject=f"line:{run.id}:1", site_id=home.id,
        evidence={}, state=FindingState.TRUE, note="属实", owner_id=run.made_by,
        due_on=run.made_at.date(), found_at=run.made_at, taken_at=run.made_at,
        settled_at=run.made_at,
    )  # fmt: skip
    session.add(finding)
    session.flush()
    session.add(FindingLine(finding_id=finding.id, run_id=run.id, number=1))
    session.flush()

    page = officer.get(f"/findings/{finding.id}").text
    assert f"将明细 {run.id}-1 列入追缴" in page
    given = {"finding": finding.id, "run": run.id, "line": 1, "amount": "100.00", "words": "已离世"}
    answer = officer.post("/subsidies/recoveries", {name: str(one) for name, one in given.items()})

    assert answer.status_code == 303
    assert "100.00" in officer.get(answer.location.removeprefix("/admin")).text


def test_a_finding_that_is_not_there_takes_nothing_back(officer, paid):
    form = {"finding": "9999", "run": str(paid[1].id), "line": "1", "amount": "1", "words": "属实"}

    assert officer.post("/subsidies/recoveries", form).status_code == 404


class TestASite:
    def test_sees_what_it_was_paid_and_for_what(self, session, sit_down, home, paid):
        desk = sit_down(Role.FACILITY_OPERATOR, site_id=home.id)
        (payment,) = payments_of(session, paid[3])

        assert "300.00" in desk.get("/subsidies/received").text
        assert f"{paid[1].id}-1" in desk.get(f"/subsidies/received/{payment.id}").text
        assert "300.00" in desk.get("/subsidies/received/export.csv").text
        assert "300" in desk.get(f"/subsidies/received/{payment.id}/export.csv").text

    def test_sees_nothing_of_another(self, session, sit_down, paid):
        desk = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)
        (payment,) = payments_of(session, paid[3])

        assert "康乐" not in desk.get("/subsidies/received").text
        assert desk.get(f"/subsidies/received/{payment.id}").status_code == 404

    def test_tells_an_account_that_the_county_confirms(self, session, sit_down):
        site = make_site(session)
        desk = sit_down(Role.FACILITY_OPERATOR, site_id=site.id)
        form = {"site": str(site.id), "bank": "农业银行", "account": "6228 4800 0000 0000 123",
                "holder_name": site.name, "starts_on": clock.today().isoformat()}  # fmt: skip
        assert desk.post("/subsidies/received/accounts", form).status_code == 303
        assert desk.post("/subsidies/received/accounts", form).status_code == 409
        county = sit_down(Role.COUNTY_OFFICER, division_code="140502")
        page = county.get("/subsidies/accounts").text
        assert "****0123" in page
        number = page.split("/decision")[0].rpartition("/")[2]
        decided = county.post(f"/subsidies/accounts/{number}/decision", {"is_right": "true"})

        assert decided.status_code == 303
        count = session.execute(ROWS, {"site": site.id, "state": "accepted"})
        assert count.scalar_one() == 1
        assert "****0123" in county.get("/subsidies/accounts/export.csv").text

    def test_tells_none_for_another(self, session, sit_down):
        desk = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)
        other = make_site(session)
        form = {"site": str(other.id), "bank": "农业银行", "account": "6228480000000000123",
                "holder_name": "x", "starts_on": "2026-01-01"}  # fmt: skip

        assert desk.post("/subsidies/received/accounts", form).status_code == 404


@pytest.mark.parametrize("address", ["/subsidies/recoveries", "/subsidies/received"])
def test_more_rows_need_no_more_statements(session, sit_down, statements, address):
    site = make_site(session)
    give_account(session, site)
    role = Role.FACILITY_OPERATOR if address.endswith("received") else Role.AUDITOR
    desk = sit_down(role, **({"site_id": site.id} if role is Role.FACILITY_OPERATOR else {}))
    budget, version = make_budget(session), make_version(session)

    def sent():
        elder = make_resident(session)
        line = {"site_id": site.id, "resident_id": elder.id}
        run = make_payable(session, [line], version=version)
        answer(session, send_batch(session, budget, run))
        back = make_difference(session, run, 1, -100, version, **line)
        make_batch(session, budget_id=budget, run_ids=[back.id])
        desk.get(address)
        with statements() as told:
            assert desk.get(address).status_code == 200
        return len(told)

    assert sent() == sent()
