"""Every group and way that can reach an account is listed."""


def test_all_are_wanted_at_first_and_some_cannot_be_left_out(phone):
    told = phone.get("/v1/message-wishes").json["items"]
    assert all(one["is_wanted"] for one in told)
    fixed = {one["topic"] for one in told if not one["is_choosable"]}
    assert {"security", "money", "alarms"} <= fixed
    assert "work" not in {one["topic"] for one in told}


def test_a_stranger_chooses_nothing(stranger):
    assert stranger.get("/v1/message-wishes").status_code == 401
