"""listApplications"""


def test_ones_own_are_listed(phone, neighbours_phone, application):
    [listed] = phone.get("/v1/applications").json["items"]

    assert listed == application
    assert neighbours_phone.get("/v1/applications").json["items"] == []


def test_those_that_are_over_come_last(phone, session, resident, application, offer):
    phone.post(f"/v1/applications/{application['id']}/end")
    again = {"resident_id": resident.id, "site_id": application["site_id"]}
    phone.post("/v1/applications", again)

    states = [one["state"] for one in phone.get("/v1/applications").json["items"]]

    assert states == ["waiting", "left"]
