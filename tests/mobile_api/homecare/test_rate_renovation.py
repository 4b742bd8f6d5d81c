"""rateRenovation"""

from tests.mobile_api.refusals import refusal


def test_the_last_word_counts(phone, renewal):
    renewal.to("acceptance")
    there = f"/v1/renovations/{renewal.id}/rating"
    phone.post(there, {"score": 2})

    assert phone.post(there, {"score": 5, "words": "扶手很稳"}).json["score"] == 5


def test_what_is_not_built_is_not_rated(phone, renewal):
    renewal.to("consent")

    answer = phone.post(f"/v1/renovations/{renewal.id}/rating", {"score": 5})
    assert refusal(answer) == (409, "renovation-not-so")
