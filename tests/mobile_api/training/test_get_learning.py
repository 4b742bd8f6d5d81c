"""getLearning"""


def test_hours_results_and_the_paper_are_ones_own(certified, own_phone):
    learned = own_phone.get("/v1/learning").json

    assert (learned["minutes"], learned["hours"]) == (120, 12)
    assert [(one["minutes"], one["planned"]) for one in learned["runs"]] == [(120, 120)]
    assert learned["runs"][0]["check_address"].endswith(f"/t/{certified.check_code}")
    paper = own_phone.get(f"/v1/completion-certificates/{certified.id}/paper")
    assert paper.data[:5] == b"%PDF-"
