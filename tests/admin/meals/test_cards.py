"""Meal cards: given out and printed once, dead when lost, and nobody else's to touch."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from server.identity.models import Role
from server.meals.counter.cards import find_holder, issue_card, list_cards
from server.meals.counter.errors import MealCardUnknown
from server.notifications.models import Message
from server.residents.models import CareLink
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import LONG_AGO, make_account, make_resident

READERS = {Role.CANTEEN_STAFF, Role.COMMUNITY_WORKER}


@pytest.fixture
def elder(session, canteen):
    elder = make_resident(session, name="李秀英")
    link = CareLink(resident_id=elder.id, site_id=canteen.site_id, starts_on=LONG_AGO,
                    ends_on=date(2160, 1, 1))  # fmt: skip
    session.add(link)
    session.flush()
    return elder


class TestList(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self):
        return "/meals/cards"


def number_on(page):
    return re.search(r"8\d{3} \d{4} \d{4}", page.text)[0]


def test_a_card_is_shown_once_to_be_printed(desk, session, elder):
    page = desk.post(f"/meals/cards/of/{elder.id}", {})

    assert page.status_code == 200
    assert "李**" in page.text
    assert find_holder(session, number_on(page)) == elder.id
    again = desk.get(f"/meals/cards/of/{elder.id}")
    assert number_on(page) not in again.text


def test_the_elder_hears_that_somebody_holds_a_card(desk, session, elder):
    make_account(session, elder)

    desk.post(f"/meals/cards/of/{elder.id}", {})

    session.commit()
    assert session.execute(select(Message.kind)).scalars().all() == ["meals.card_given"]


def test_the_old_number_is_dead_as_soon_as_it_is_replaced(desk, session, elder):
    first = issue_card(session, resident_id=elder.id, number="6217 0001")

    page = desk.post(f"/meals/cards/{first}/replacement", {"card_number": "6217 0002"})

    assert page.status_code == 200
    assert find_holder(session, "62170002") == elder.id
    with pytest.raises(MealCardUnknown):
        find_holder(session, "62170001")


def test_a_lost_card_opens_nothing(desk, session, elder):
    card = issue_card(session, resident_id=elder.id, number="6217 0001")

    assert desk.post(f"/meals/cards/{card}/loss", {}).status_code == 303

    assert [one.lost_at is None for one in list_cards(session, elder.id)] == [False]
    assert "0001" in desk.get("/meals/cards").text


def test_a_number_that_another_card_has_is_refused(desk, session, elder):
    issue_card(session, resident_id=make_resident(session).id, number="6217 0001")

    page = desk.post(f"/meals/cards/of/{elder.id}", {"card_number": "62170001"})

    assert page.status_code == 409


def test_whom_the_canteen_does_not_know_is_not_there(desk, session, elder):
    far = make_resident(session, village_code=OTHER_COUNTY_VILLAGE)
    card = issue_card(session, resident_id=far.id, number="6217 0009")

    assert desk.get(f"/meals/cards/of/{far.id}").status_code == 404
    assert desk.post(f"/meals/cards/of/{far.id}", {}).status_code == 404
    assert desk.post(f"/meals/cards/{card}/loss", {}).status_code == 404
    assert "0009" not in desk.get("/meals/cards").text
