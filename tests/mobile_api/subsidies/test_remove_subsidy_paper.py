"""removeSubsidyPaper: a wrong photo is taken away."""

from tests.mobile_api.subsidies.conftest import PAPER


def test_a_wrong_photo_is_taken_away(phone, begin):
    there = f"/v1/subsidy-claims/{begin()['id']}"
    [paper] = phone.post(f"{there}/papers", PAPER).json["papers"][0]["paper_ids"]

    assert phone.post(f"{there}/papers/{paper}/removal").json["missing"] == ["入住台账"]
    assert phone.post(f"{there}/papers/{paper}/removal").status_code == 404
