"""listHelpers: the resident's own to see."""

from tests.factories.people import make_resident


def test_a_helper_sees_and_names_no_helpers(helpers_phone, address, daughter):
    assert helpers_phone.get(address).status_code == 404
    assert helpers_phone.post(address, daughter).status_code == 404
    for part in ("acts", "openings"):
        assert helpers_phone.get(address.replace("helpers", part)).status_code == 404


def test_a_stranger_is_not_there(phone, session):
    stranger = make_resident(session)

    for part in ("helpers", "acts", "openings"):
        assert phone.get(f"/v1/residents/{stranger.id}/{part}").status_code == 404
