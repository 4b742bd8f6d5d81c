"""getConsentText"""

import pytest

from tests.mobile_api.refusals import refusal


@pytest.mark.parametrize("purpose", ["notice", "health", "id_number"])
def test_anybody_reads_what_is_in_force(stranger, purpose):
    answer = stranger.get(f"/v1/consent-texts/{purpose}")

    assert answer.status_code == 200
    assert answer.json["purpose"] == purpose
    assert all(answer.json[part] for part in ("title", "summary", "stops", "body"))


def test_it_is_there_in_both_languages(stranger):
    stranger.language = "en"
    english = stranger.get("/v1/consent-texts/notice").json
    stranger.language = "zh-CN"
    chinese = stranger.get("/v1/consent-texts/notice").json

    assert english["title"].startswith("How we treat")
    assert chinese["title"] == "我们怎样对待您的信息"
    assert english["body"].count("\n") == chinese["body"].count("\n")


@pytest.mark.parametrize("purpose", ["location", "weather"])
def test_what_nobody_is_asked_has_no_text(stranger, purpose):
    assert refusal(stranger.get(f"/v1/consent-texts/{purpose}")) == (404, "not-found")
