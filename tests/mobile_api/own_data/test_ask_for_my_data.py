"""askForMyData"""

from sqlalchemy import text

from tests.mobile_api.refusals import refusal

ASKED = text("SELECT count(*) FROM act WHERE action = 'own_data.ask_for_my_data'")


def test_it_is_written_down(phone, session):
    assert phone.post("/v1/my-data/requests").status_code == 204

    session.commit()
    assert session.execute(ASKED).scalar_one() == 1


def test_five_a_day_are_enough(phone):
    answers = [phone.post("/v1/my-data/requests") for _ in range(6)]

    assert [one.status_code for one in answers[:5]] == [204] * 5
    assert refusal(answers[5]) == (429, "copy-asked-too-often")


def test_nobody_asks_without_signing_in(stranger):
    assert refusal(stranger.post("/v1/my-data/requests")) == (401, "sign-in-needed")
