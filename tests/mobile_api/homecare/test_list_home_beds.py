"""listHomeBeds"""


def test_my_beds_and_those_of_whom_i_help(phone, asked_bed, resident):
    [one] = phone.get("/v1/home-beds").json["items"]

    assert (one["id"], one["resident_name"]) == (asked_bed["id"], resident.name)


def test_a_helper_without_the_scope_sees_none(help_within, asked_bed):
    assert help_within("book_meals").get("/v1/home-beds").json == {"items": []}
