"""dismissHelper: a right is taken back at once."""


def test_a_helper_is_dismissed_at_once_and_twice_is_as_good_as_once(phone, address, daughter):
    named = phone.post(address, daughter).json

    for _ in range(2):
        assert phone.send("DELETE", f"{address}/{named['id']}").status_code == 204

    assert [one["lasts"] for one in phone.get(address).json["items"]] == [True, False]
