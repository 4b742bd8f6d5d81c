"""getMyData"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.caregivers.asking.models import CaregiverOpening
from server.facilities.contracts.service import agree, bill_month
from server.facilities.stays.admitting import admit
from server.residents.models import GrantKind, Opening
from server.subsidies.claims.asking import begin_claim, hand_in
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.rules import months_after
from server.subsidies.payments.making import make_batch
from server.subsidies.recoveries import settling
from tests.factories.allowances import make_claim, make_complete
from tests.factories.caregivers import make_caregiver
from tests.factories.claims import make_claimed
from tests.factories.consents import make_consent
from tests.factories.facilities import make_bed
from tests.factories.meals import make_canteen, make_site, make_sitting
from tests.factories.people import make_account, make_hardship, make_sign_in, make_staff
from tests.factories.subsidies import make_run, make_version
from tests.factories.subsidy_money import (
    answer,
    give_elder_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    send_batch,
)
from tests.factories.training import make_everything
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


@pytest.fixture
def copy():
    """Asks for a copy and fetches it: `copy(phone)` is name → rows."""

    def fetch(phone):
        assert phone.post("/v1/my-data/requests").status_code == 204
        answer = phone.get("/v1/my-data")
        assert answer.status_code == 200
        return {one["name"]: one["rows"] for one in answer.json["parts"]}

    return fetch


def test_it_holds_everything_of_oneself(phone, copy, session, resident):
    make_hardship(session, resident)
    make_consent(session, "health", resident=resident)
    booked = phone.book(make_sitting(session, make_canteen(session)), resident).json

    found = copy(phone)

    [me] = found["resident"]
    assert me["name"] == "李秀英"
    assert me["id_number"].startswith("140")
    assert "*" in me["id_number"]
    assert [one["id"] for one in found["booking"]] == [booked["id"]]
    assert [one["tier"] for one in found["hardship_period"]] == ["dibao"]
    assert [one["purpose"] for one in found["consent"]] == ["health"]
    assert len(found["sign_in"]) == len(found["account"]) == len(found["resident_grant"]) == 1
    assert "订餐" in {one["action"] for one in found["act"]}


def test_contract_and_bills_of_a_stay_are_in_it(phone, copy, session, resident, neighbour):
    since = clock.today() - timedelta(days=31)
    for person in (resident, neighbour):
        bed = make_bed(session)
        stay = admit(session, bed_id=bed.id, resident_id=person.id, admitted_on=since)
        terms = {"starts_on": since, "ends_on": clock.today() + timedelta(days=9), "number": "A1"}
        fees = dict.fromkeys(("bed_fen", "nursing_fen", "meals_fen", "other_fen"), 310000)
        agree(session, stay.id, **terms, **fees, deposit_fen=0)
        bill_month(session, stay.id, since)
    session.commit()

    found = copy(phone)

    assert [one["number"] for one in found["contract"]] == ["A1"]
    assert len(found["stay_bill"]) == len(found["stay"]) == 1


def test_subsidies_are_in_it_with_what_they_rest_on(phone, copy, session, resident, neighbour):
    run = make_run(session, [{"resident_id": one.id} for one in (neighbour, resident)])
    session.commit()

    found = copy(phone)

    [line], [fact] = found["subsidy_line"], found["subsidy_fact"]
    assert (line["run_id"], line["number"], line["amount_fen"]) == (run.id, 2, 30000)
    assert (fact["number"], fact["facts"]["days_in_bed"]) == (2, 31)
    assert found["subsidy_payment"] == found["subsidy_recovery"] == []


def test_what_was_taken_back_is_in_it_down_to_each_decision(phone, copy, session, resident):
    give_elder_account(session, resident)
    version = make_version(session, paid_to("resident", most_percent=30))
    run = make_payable(session, [{"resident_id": resident.id}], version=version)
    budget = make_budget(session)
    answer(session, send_batch(session, budget, run))
    about = {"resident_id": resident.id, "trace": {"reasons": []}}
    made = make_difference(session, run, 1, -20000, version, **about)
    assert make_batch(session, budget_id=budget, run_ids=[made.id]) is None
    recovery_id = session.execute(text("SELECT id FROM subsidy_recovery")).scalar_one()
    today = clock.today()
    settling.receive(session, recovery_id, fen=500, receipt="HD-1", on_day=today)
    settling.ask_deferment(session, recovery_id, until=today + timedelta(days=9), words="生活困难")
    session.commit()

    found = copy(phone)

    assert [one["amount_fen"] for one in found["subsidy_line"]] == [30000, -20000]
    assert [one["amount_fen"] for one in found["subsidy_payment_line"]] == [30000]
    assert [one["amount_fen"] for one in found["subsidy_recovery"]] == [20000]
    assert [one["receipt"] for one in found["subsidy_recovery_entry"]] == ["HD-1"]
    assert [one["words"] for one in found["subsidy_recovery_decision"]] == ["生活困难"]


def test_a_claim_is_in_it_with_what_offices_said(phone, copy, session, resident, neighbour):
    make_claimed(session, by="resident", programme="own_grant", family="own_grant", evidence=())
    month = months_after(clock.today().replace(day=1), -1)
    for one in (resident, neighbour):
        claim = begin_claim(
            session, claimant=Claimant.RESIDENT, claimant_id=one.id, programme="own_grant",
            first_month=month,
        )  # fmt: skip
        hand_in(session, claim.id)
    session.commit()

    found = copy(phone)

    assert [one["resident_id"] for one in found["subsidy_claim"]] == [resident.id]
    assert [one["step"] for one in found["subsidy_claim_step"]] == ["begin", "hand_in"]
    assert len(found["subsidy_claim_look"]) == 2


def test_what_a_caregiver_is_paid_is_in_her_copy(phone, copy, session, account):
    caregiver = make_caregiver(session, account_id=account.id)
    make_run(session, [{"caregiver_id": caregiver.id}, {}])
    session.commit()

    found = copy(phone)

    assert [one["caregiver_id"] for one in found["subsidy_line"]] == [caregiver.id]


def test_nothing_sealed_and_nobody_else_is_in_it(phone, copy, session, neighbour):
    make_hardship(session, neighbour)
    found = copy(phone)

    assert found["hardship_period"] == []
    names = {name for rows in found.values() for row in rows for name in row}
    assert not {name for name in names if name.endswith(("_digest", "_cipher"))}


def test_it_says_what_is_left_out_and_why_and_names_columns_in_words(phone, copy):
    copy(phone)
    answer = phone.get("/v1/my-data").json

    assert len(answer["left_out"]) == 18
    words = {c["word"] for part in answer["parts"] for c in part["columns"]}
    assert "姓名" in words


def test_a_helper_gets_what_is_hers_and_nothing_of_her_elder(app, session, resident, copy):
    account = make_account(session, resident, kind=GrantKind.HELPER)
    helper = Phone(app.test_client(), session, make_sign_in(session, account=account))

    found = copy(helper)

    assert found["resident"] == []
    assert len(found["resident_grant"]) == 1


def test_a_copy_is_handed_to_the_device_that_asked(phone, app, session, account):
    phone.post("/v1/my-data/requests")
    other = Phone(app.test_client(), session, make_sign_in(session, account=account))

    assert refusal(other.get("/v1/my-data")) == (403, "copy-not-asked-for")


def test_after_half_an_hour_it_is_asked_for_anew(phone):
    phone.post("/v1/my-data/requests")
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert refusal(phone.get("/v1/my-data")) == (403, "copy-not-asked-for")


def test_who_looked_is_told_by_name(phone, copy, session, resident):
    staff = make_staff(session, "city_officer", division_code="1405")
    now = clock.now()
    session.add(
        Opening(
            resident_id=resident.id, staff_id=staff.id, reason="核对材料", opened_at=now,
            expires_at=now + timedelta(minutes=30),
        )
    )  # fmt: skip

    [opening] = copy(phone)["opening"]

    assert (opening["staff_name"], opening["reason"]) == ("王主任", "核对材料")


def test_a_caregiver_gets_the_whole_file_and_nobody_elses(phone, copy, session, account):
    home = make_site(session, name="枫叶养老院")
    linked = make_complete(session, home, account_id=account.id)
    other = make_complete(session, home)
    [claim, _anothers] = [make_claim(session, one) for one in (linked, other)]
    for one in (linked, other):
        make_everything(session, home, one.id, one)
    session.commit()

    found = copy(phone)

    [me] = found["caregiver"]
    assert (me["id"], me["name"]) == (linked.id, linked.name)
    assert me["id_number"].startswith("140")
    assert "*" in me["id_number"]
    assert me["payee_account"].startswith("****")
    assert [one["id"] for one in found["allowance_claim"]] == [claim.id]
    for part in (
        "employment",
        "employment_contract",
        "skill_certificate",
        "caregiver_education",
        "attendance_month",
        "continuing_education",
        "caregiver_entitlement",
        "allowance_claim_line",
        "enrolment",
        "course_attendance",
        "exam_result",
        "completion_certificate",
    ):
        assert found[part], part
        owners = {row["caregiver_id"] for row in found[part] if "caregiver_id" in row}
        assert owners <= {linked.id}, part


def test_who_looked_into_a_caregivers_file_is_told_by_name(phone, copy, session, account):
    linked = make_caregiver(session, account_id=account.id)
    staff = make_staff(session, "facility_operator", site_id=linked.keeper_site_id)
    opening = CaregiverOpening(
        caregiver_id=linked.id, staff_id=staff.id, reason="核对证件", opened_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=30),
    )  # fmt: skip
    session.add(opening)
    session.commit()

    [seen] = copy(phone)["caregiver_opening"]

    assert (seen["staff_name"], seen["reason"]) == ("王主任", "核对证件")
