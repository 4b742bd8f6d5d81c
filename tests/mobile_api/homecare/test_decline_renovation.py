"""declineRenovation"""


def test_a_no_waits_for_another_quote(phone, renewal):
    renewal.to("consent")
    body = {"quote_id": renewal.quote_id, "reason": "太贵"}

    answer = phone.post(f"/v1/renovations/{renewal.id}/refusal", body)
    assert (answer.json["state"], answer.json["quote"]) == ("quoting", None)
