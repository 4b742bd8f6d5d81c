"""leaveWaiting"""

from sqlalchemy import text


def states(session):
    query = text("SELECT state FROM meal_waiting ORDER BY id")
    return session.execute(query).scalars().all()


def test_what_is_not_wanted_goes_to_the_next(phone, session, offered):
    for _ in range(2):
        assert phone.post(f"/v1/meal-waiting/{offered.id}/leaving").status_code == 200

    assert states(session) == ["declined", "offered"]


def test_a_stranger_does_not_leave_for_another(neighbours_phone, session, offered):
    assert neighbours_phone.post(f"/v1/meal-waiting/{offered.id}/leaving").status_code == 404
    assert states(session) == ["offered", "waiting"]
