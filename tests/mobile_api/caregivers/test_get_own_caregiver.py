"""getOwnCaregiver"""

from datetime import date, timedelta

from server import clock
from server.caregivers.models import LeavingReason
from tests.factories.caregivers import (
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
)
from tests.factories.people import make_account

ADDRESS = "/v1/caregiver"


def test_whoever_is_none_is_told_so(phone):
    answer = phone.get(ADDRESS)

    assert answer.status_code == 200
    assert answer.json["is_linked"] is False
    assert answer.json["missing"] == []


def test_a_contract_is_shown_until_its_employment_ends(session, phone, linked, employment):
    make_contract(session, employment)
    employment.ends_on, employment.leaving_reason = date(2026, 3, 1), LeavingReason.RESIGNED
    session.flush()

    [work] = phone.get(ADDRESS).json["employments"]

    assert [one["last_day"] for one in work["contracts"]] == ["2026-02-28"]


def test_the_whole_file_is_shown(session, phone, linked, employment):
    make_contract(session, employment, ends_on=date(2026, 7, 15))
    make_degree(session, linked)
    until = clock.today() + timedelta(days=30)
    certificate = make_certificate(session, linked, level=3, valid_until=until)

    told = phone.get(ADDRESS).json

    [work] = told["employments"]
    assert (work["site_name"], work["contracts"][0]["last_day"]) == ("枫叶养老院", "2026-07-14")
    [shown] = told["certificates"]
    assert (shown["level"], shown["days_left"], shown["standing"]) == (3, 30, "good")
    assert shown["address"].endswith(f"/c/{certificate.check_code}")
    assert len({len(row) for row in shown["qr_modules"]}) == 1
    assert told["keeper_phone"] == "+863562000001"
    assert told["hours"]["wanted_minutes"] == 720


def test_what_is_missing_is_told_with_its_day(session, phone, linked):
    missing = {one["code"]: one for one in phone.get(ADDRESS).json["missing"]}

    assert set(missing) == {"certificate", "education", "payee", "contract", "hours"}
    assert missing["hours"]["until"] == f"{clock.today().year}-12-31"
    assert missing["contract"]["facts"] == {"years": 3}


def test_anothers_file_is_not_shown(session, neighbours_phone, linked):
    assert neighbours_phone.get(ADDRESS).json["is_linked"] is False


def test_two_accounts_see_each_their_own(session, phone, linked):
    make_caregiver(session, name="赵二娥", account_id=make_account(session).id)
    assert phone.get(ADDRESS).json["name"] == "孙一兰"
