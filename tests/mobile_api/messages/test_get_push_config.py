"""Whether a city sends pushes."""


def test_without_a_project_of_firebase_there_are_no_pushes(phone):
    assert phone.get("/v1/push-config").json == {"is_configured": False, "settings": {}}
