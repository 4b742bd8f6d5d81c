"""getSubsidyPaper: the photo that was sent is looked at again."""

from tests.mobile_api.subsidies.conftest import PAPER


def sent(phone, begin):
    there = f"/v1/subsidy-claims/{begin()['id']}/papers"
    made = phone.post(there, PAPER).json
    return f"{there}/{made['papers'][0]['paper_ids'][0]}"


def test_she_sees_what_she_sent(phone, begin):
    picture = phone.get(sent(phone, begin))

    assert picture.status_code == 200
    assert picture.json["picture"].startswith("data:image/jpeg;base64,/9j/")


def test_a_daughter_within_her_scope_sees_it_and_another_does_not(phone, begin, help_within):
    there = sent(phone, begin)

    assert help_within("apply").get(there).status_code == 200


def test_a_helper_for_meals_alone_does_not_see_it(phone, begin, help_within):
    there = sent(phone, begin)

    assert help_within("book_meals").get(there).status_code == 403


def test_a_neighbour_does_not(phone, neighbours_phone, begin):
    there = sent(phone, begin)

    assert neighbours_phone.get(there).status_code == 404


def test_what_was_taken_away_is_gone(phone, begin):
    there = sent(phone, begin)
    phone.post(f"{there}/removal")

    assert phone.get(there).status_code == 404
