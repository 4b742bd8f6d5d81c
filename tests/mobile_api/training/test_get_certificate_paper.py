"""getCertificatePaper"""


def test_nobody_elses_paper_is_found(certified, app, session, phone):
    assert phone.get(f"/v1/completion-certificates/{certified.id}/paper").status_code == 404
