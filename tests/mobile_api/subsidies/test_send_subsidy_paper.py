"""sendSubsidyPaper: a photo of what is asked for."""

from base64 import b64encode

import pytest

from mobile_api.app import LARGEST_BODY
from tests.mobile_api.refusals import refusal
from tests.mobile_api.subsidies.conftest import PAPER


def test_a_paper_that_nobody_asks_for_is_refused(phone, begin):
    refused = phone.post(f"/v1/subsidy-claims/{begin()['id']}/papers", PAPER | {"evidence": "x1"})

    assert refused.status_code == 404


@pytest.mark.parametrize("content", [b"no picture at all", b"%PDF-1.7 a scan"])
def test_what_is_no_photo_is_said_so(phone, begin, content):
    sent = PAPER | {"picture": b64encode(content).decode()}
    refused = phone.post(f"/v1/subsidy-claims/{begin()['id']}/papers", sent)

    assert refusal(refused) == (422, "image-unusable")
    assert refused.json["detail"] == "这张图片无法使用。请选一张 JPEG、PNG 或 WebP 照片。"


def test_what_is_too_large_is_said_so(phone, begin):
    sent = PAPER | {"picture": "A" * (LARGEST_BODY + 4)}
    refused = phone.post(f"/v1/subsidy-claims/{begin()['id']}/papers", sent)

    assert refusal(refused) == (413, "request-too-large")
    assert "太大" in refused.json["detail"]


def test_the_same_photo_sent_twice_is_there_once(phone, begin):
    there = f"/v1/subsidy-claims/{begin()['id']}/papers"
    phone.post(there, PAPER)

    assert len(phone.post(there, PAPER).json["papers"][0]["paper_ids"]) == 1
