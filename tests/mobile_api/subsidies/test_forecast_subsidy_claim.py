"""forecastSubsidyClaim: what a claim would come to, before anybody begins it."""

from tests.factories.subsidies import BASIS, make_run
from tests.mobile_api.refusals import refusal

THERE = "/v1/subsidy-claims/forecast"
GRANTED = {"percent": 100, "of": "granted_fen", **BASIS}
RENOVATION = {
    "conditions": [], "counts": None, "factors": [], "examples": [],
    "amounts": {"tables": [
        {"id": "granted", "name": {"zh": "核定", "en": "Granted"}, "rows": [GRANTED]},
    ]},
}  # fmt: skip


def asked(wish, **changes):
    told = {name: value for name, value in (wish | changes).items() if value is not None}
    return f"{THERE}?" + "&".join(f"{name}={value}" for name, value in told.items())


def forecast(phone, wish, **changes):
    answer = phone.get(asked(wish, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_sum_is_told_with_how_it_comes_about(phone, wish):
    told = forecast(phone, wish)

    assert (told["known_by"], told["cases"], told["expected_fen"]) == ("run", 1, 30000)
    said = [one["sentence"] for one in told["sentences"]]
    assert said == ["能力等级 重度失能、完全失能：300.00 元"]
    assert told["sentences"][0]["clause"] == "鲁民〔2021〕21号，补贴标准"


def test_several_cases_are_told_by_what_they_have_in_common(
    session, phone, wish, resident, site, version
):
    about = {"resident_id": resident.id, "site_id": site.id}
    lines = [about | {"part": part} for part in (1, 2, 3)]
    make_run(session, [*lines, about | {"part": 4, "amount_fen": 5000}], version=version)
    told = forecast(phone, wish)

    assert (told["cases"], told["expected_fen"]) == (4, 95000)
    said = [one["sentence"] for one in told["sentences"]]
    assert said[0] == "3 笔，每笔 300.00 元，合计 900.00 元："
    assert "1 笔 50.00 元：" in said


def test_the_periods_of_which_anything_is_known_are_named(phone, wish):
    assert forecast(phone, wish)["known_months"] == ["2026-01"]
    assert forecast(phone, wish, first_month="2025-12-01")["known_months"] == ["2026-01"]


def test_nothing_is_begun_by_it(phone, wish):
    forecast(phone, wish)

    assert phone.get("/v1/subsidies").json["claims"] == []


def test_where_nothing_would_be_paid_it_says_why(session, phone, wish, resident, site, version):
    refused = {"outcome": "refused", "amount_fen": 0, "trace": {"reasons": ["conditions.in_bed"]}}
    make_run(session, [{"resident_id": resident.id, "site_id": site.id} | refused], version=version)
    told = forecast(phone, wish)

    assert told["expected_fen"] == 0
    assert [one["sentence"] for one in told["sentences"]] == ["不符合条件：当月在院天数 ≥ 1"]


def test_where_nothing_is_known_yet_it_says_so(phone, wish):
    told = forecast(phone, wish, first_month="2025-12-01")

    assert (told["known_by"], told["cases"], told["sentences"]) == ("nothing", 0, [])


def test_what_is_counted_from_the_registers_is_told_by_them(phone, resident, make_version_of):
    about = {"programme": "renovation", "family": "renovation", "beneficiary": "resident"}
    make_version_of(by="resident", payee="site", facts="renovations", **RENOVATION, **about)
    wish = {"programme": "renovation", "first_month": "2026-01-01", "resident_id": resident.id}

    assert forecast(phone, wish)["known_by"] == "facts"


def test_a_month_that_is_not_over_has_none(phone, wish):
    refused = phone.get(asked(wish, first_month="2026-02-01"))

    assert refusal(refused) == (409, "claims-closed")


def test_nobody_looks_at_a_neighbours(phone, neighbours_phone, wish, help_within):
    assert neighbours_phone.get(asked(wish)).status_code == 404
    assert phone.get(asked(wish, resident_id=None)).status_code == 404
    assert help_within("book_meals").get(asked(wish)).status_code == 403


def test_what_is_asked_wrongly_is_named(phone, wish):
    assert phone.get(f"{THERE}?programme=care_voucher").status_code == 422
    assert phone.get(asked(wish, whose="mine")).status_code == 422
