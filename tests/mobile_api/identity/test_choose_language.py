"""chooseLanguage"""

import pytest

from tests.mobile_api.refusals import faulty_fields


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_is_remembered(phone, language):
    response = phone.send("PATCH", "/v1/me", {"language": language})

    assert response.status_code == 200, response.text
    assert response.json == phone.get("/v1/me").json
    assert response.json["language"] == language


@pytest.mark.parametrize("language", ["fr", "", "EN", None, 1, "zh_CN", "en'; --"])
def test_a_language_that_is_not_offered_is_named(phone, language):
    assert list(faulty_fields(phone.send("PATCH", "/v1/me", {"language": language}))) == [
        "/language"
    ]
    assert phone.get("/v1/me").json["language"] == "zh-CN"
