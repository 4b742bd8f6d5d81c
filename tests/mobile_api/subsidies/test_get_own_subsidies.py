"""getOwnSubsidies: what I get each month, why, and how far it has come."""

from datetime import date

import pytest

from server.subsidies.models import RunStage
from server.subsidies.notices.publishing import publish_notice
from tests.factories.caregivers import make_caregiver
from tests.factories.people import make_account, make_sign_in
from tests.factories.subsidies import make_run, move_run
from tests.mobile_api.conftest import Phone


def own(phone):
    answer = phone.get("/v1/subsidies")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize("stage", [RunStage.IN_APPROVAL, RunStage.APPROVED])
def test_an_amount_is_told_with_how_far_it_is(phone, make_told, stage):
    run = make_told(stage)
    [line] = own(phone)["lines"]

    assert line == {
        "run_id": run.id, "number": 1, "person_name": "李秀英", "is_own": True, "month": "2026-01",
        "programme_name": "养老机构运营补贴", "site_name": "康乐养老院", "payee": "resident",
        "amount_fen": 30000, "is_correction": False, "state": stage.value, "day": None,
        "notice_code": None, "reasons": [],
    }  # fmt: skip


def test_what_is_still_reckoned_is_not_told(session, phone, make_told):
    make_told(RunStage.COMPUTED)

    assert own(phone)["lines"] == []


def test_a_notice_says_until_when(session, phone, make_told):
    notice = publish_notice(session, make_told().id)
    [line] = own(phone)["lines"]

    assert (line["state"], line["day"]) == ("in_notice", "2026-02-16")
    assert line["notice_code"] == notice.code


def test_nothing_has_its_reason(phone, make_told):
    trace = {"reasons": ["conditions.in_bed"]}
    make_told(outcome="refused", amount_fen=0, trace=trace)
    [line] = own(phone)["lines"]

    assert line["state"] == "refused"
    assert line["reasons"] == ["不符合条件：当月在院天数 ≥ 1"]


def test_nobody_is_told_of_a_neighbour(phone, neighbours_phone, make_told):
    run = make_told()

    assert own(neighbours_phone)["lines"] == []
    assert neighbours_phone.get(f"/v1/subsidies/{run.id}/lines/1").status_code == 404
    assert phone.get(f"/v1/subsidies/{run.id}/lines/2").status_code == 404


def test_a_helper_is_told_within_her_scope(make_told, help_within):
    make_told()

    [line] = own(help_within("apply"))["lines"]
    assert (line["person_name"], line["is_own"]) == ("李秀英", False)


def test_a_helper_for_meals_alone_is_told_nothing(make_told, help_within):
    run = make_told()
    helper = help_within("book_meals")

    assert own(helper)["lines"] == []
    assert own(helper)["openings"] == []
    assert helper.get(f"/v1/subsidies/{run.id}/lines/1").status_code == 404


def test_a_caregiver_is_told_of_her_own(session, app, site, make_version_of):
    account = make_account(session)
    caregiver = make_caregiver(session, site, account_id=account.id)
    version = make_version_of(
        by="caregiver", beneficiary="caregiver", payee="caregiver", programme="post_allowance",
        family="post_allowance",
    )  # fmt: skip
    run = make_run(session, [{"caregiver_id": caregiver.id, "site_id": site.id}], version=version)
    move_run(session, run, RunStage.APPROVED)
    phone = Phone(app.test_client(), session, make_sign_in(session, account=account))

    found = own(phone)
    assert [(one["month"], one["state"]) for one in found["lines"]] == [("2026-01", "approved")]
    assert {one["resident_id"] for one in found["openings"]} == {None}
    assert phone.get(f"/v1/subsidies/{run.id}/lines/1").status_code == 200


def test_what_a_home_is_paid_is_not_ones_own(session, phone, resident, site, make_version_of):
    version = make_version_of(by="site", beneficiary="site", payee="site")
    run = make_run(session, [{"resident_id": resident.id, "site_id": site.id}], version=version)
    move_run(session, run, RunStage.APPROVED)

    assert own(phone)["lines"] == []


def test_what_can_be_claimed_is_named_with_its_papers(phone, version, resident):
    openings = own(phone)["openings"]

    last = openings[-1]
    assert last["programme"] == "care_voucher"
    assert last["resident_id"] == resident.id
    assert last["papers"] == ["入住台账"]
    assert date.fromisoformat(last["first_month"] + "-01") < date(2026, 2, 1)


def test_it_takes_few_statements(phone, make_told, count_statements):
    make_told()
    phone.get("/v1/subsidies")

    with count_statements() as sent:
        phone.get("/v1/subsidies")
    assert len(sent) <= 14


def test_who_is_not_signed_in_is_asked_to(stranger):
    assert stranger.get("/v1/subsidies").status_code == 401


def test_no_query_is_known(phone):
    assert phone.get("/v1/subsidies?year=2026").status_code == 422
