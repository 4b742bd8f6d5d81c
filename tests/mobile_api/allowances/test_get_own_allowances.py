"""getOwnAllowances: a caregiver sees months, steps, reasons, and what can be claimed."""


def answer(phone):
    found = phone.get("/v1/allowances")
    assert found.status_code == 200
    return found.json


def test_months_of_the_year_and_what_they_come_to(caregivers_phone):
    own = answer(caregivers_phone)

    assert own["is_caregiver"]
    assert [one["period"] for one in own["months"]] == [f"2026-0{n}" for n in (6, 5, 4, 3, 2, 1)]
    assert (own["year"], own["year_fen"]) == (2026, 6 * 500_00)


def test_the_reward_in_three_steps(caregivers_phone):
    steps = answer(caregivers_phone)["steps"]

    assert [one["due_on"] for one in steps] == ["2024-07-15", "2025-07-15", "2026-07-15"]
    assert [one["state"] for one in steps] == ["entitled", "entitled", "ahead"]
    assert [one["standard_fen"] for one in steps] == [15_000_00, 15_000_00, 20_000_00]


def test_this_month_says_what_is_missing_and_what_to_do(caregivers_phone):
    (month,) = answer(caregivers_phone)["month"]

    first = month["reasons"][0]
    assert (first["code"], first["holds"]) == ("attendance-unknown", False)
    assert first["sentence"] == "当月出勤还没有上报，要 20 天"
    assert first["advice"] == "请单位上报当月出勤。"
    assert "申领条件" in first["clause"]


def test_what_can_be_claimed_before_anybody_reckoned(caregivers_phone):
    claimable = {one["programme"]: one for one in answer(caregivers_phone)["claimable"]}

    assert claimable["post_allowance"]["amount_fen"] == 6 * 500_00
    assert claimable["post_allowance"]["may_claim"]
    assert claimable["post_allowance"]["closes_on"] == "2026-07-31"
    assert claimable["entry_reward"]["periods"] == ["第 1 期", "第 2 期"]


def test_in_english_too(caregivers_phone):
    caregivers_phone.language = "en"

    assert answer(caregivers_phone)["month"][0]["reasons"][0]["sentence"].startswith("attendance")


def test_who_is_no_caregiver_is_told_so(phone):
    own = answer(phone)

    assert own["is_caregiver"] is False
    assert own["months"] == own["steps"] == own["claims"] == []


def test_nobody_is_a_caregiver_without_signing_in(stranger):
    assert stranger.get("/v1/allowances").status_code == 401


def test_it_takes_as_many_statements_for_a_year_as_for_a_month(
    session, caregivers_phone, count_statements
):
    answer(caregivers_phone)
    with count_statements() as sent:
        answer(caregivers_phone)

    assert len(sent) < 40
