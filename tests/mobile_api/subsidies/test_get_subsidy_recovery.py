"""getSubsidyRecovery: why something is owed back, by which clause, and what came back of it."""

from datetime import date

from server.subsidies.recoveries import settling


def one(phone, recovery):
    answer = phone.get(f"/v1/subsidy-recoveries/{recovery.id}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_it_says_why_in_sentences_with_their_clause(phone, owes):
    told = one(phone, owes(20000, most_percent=30))

    said = [each["sentence"] for each in told["sentences"]]
    assert said[0] == "当月在院天数原为 31，现为 10。"
    assert said[-1] == "此前为 300.00 元，现应为 100.00 元：追回 200.00 元。"
    assert any("鲁民〔2021〕21号" in each["clause"] for each in told["sentences"])
    assert told["limit_clause"] == "鲁民〔2021〕21号，第五条"


def test_the_line_that_says_so_can_be_opened_however_long_ago(phone, owes):
    told = one(phone, owes(20000, month=date(2024, 1, 1)))
    line = told["correction"]

    there = phone.get(f"/v1/subsidies/{line['run_id']}/lines/{line['number']}")
    assert (there.status_code, there.json["state"]) == (200, "taken_back")


def test_what_came_back_is_listed(session, phone, owes):
    recovery = owes(20000)
    settling.receive(session, recovery.id, fen=5000, receipt="HD-1", on_day=date(2026, 2, 9))
    told = one(phone, recovery)

    assert told["entries"] == [{"kind": "received", "amount_fen": 5000, "on_day": "2026-02-09"}]
    assert told["left_fen"] == 15000


def test_another_ones_is_not_found(phone, neighbours_phone, owes):
    recovery = owes(20000)

    assert neighbours_phone.get(f"/v1/subsidy-recoveries/{recovery.id}").status_code == 404
    assert phone.get(f"/v1/subsidy-recoveries/{recovery.id + 1}").status_code == 404
