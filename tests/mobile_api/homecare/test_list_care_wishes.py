"""listCareWishes"""

from tests.factories.homecare import make_wish


def test_what_was_said_and_answered_is_there(phone, session, visit):
    make_wish(session, visit)
    make_wish(session, visit, words="早一点来", kind="change", answer="", answered_at=None)

    waiting, answered = sorted(
        phone.get("/v1/care-wishes").json["items"], key=lambda one: one["can_follow_up"]
    )
    assert (answered["answer"], answered["is_with_county"]) == ("已经补上", False)
    assert (waiting["words"], waiting["answered_at"]) == ("早一点来", None)


def test_of_strangers_there_is_nothing(neighbours_phone, session, visit):
    make_wish(session, visit)

    assert neighbours_phone.get("/v1/care-wishes").json == {"items": []}
