"""Dishes on sittings: put, copied forward, published, and told when they change."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server import clock
from server.meals.kitchen.errors import (
    DishUnknown,
    FoodLicenceExpired,
    MenuOfThePast,
    NothingToPublish,
)
from server.meals.kitchen.menus import (
    copy_week,
    list_week,
    publish_due,
    publish_week,
    put_on_menu,
)
from server.meals.kitchen.rules import monday_of
from server.meals.models import BookedBy, Sitting, SittingDish
from server.meals.service import book_meal
from server.providers.models import PaperKind, SitePaper
from tests.factories.kitchen import make_dish
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account, make_resident


@pytest.fixture
def sitting(session, canteen):
    """A lunch of next week that nobody was told of."""
    return make_sitting(session, canteen, in_days=8, published_at=None, dishes=())


@pytest.fixture
def monday(sitting):
    return monday_of(sitting.service_on)


def names(session, canteen, monday):
    return [[dish["name"] for dish in row.dishes] for row in list_week(session, canteen, monday)]


def dishes_of(session, sitting):
    rows = select(SittingDish.dish_id).where(SittingDish.sitting_id == sitting.id)
    return list(session.execute(rows.order_by(SittingDish.position)).scalars())


def messages(session):
    return session.execute(
        text("SELECT count(*) FROM message WHERE kind = 'meals.menu_changed'")
    ).scalar_one()


def test_dishes_stand_in_the_order_in_which_they_were_put(session, canteen, sitting):
    rice, fish = make_dish(session, canteen, "米饭"), make_dish(session, canteen, "鱼")

    assert put_on_menu(session, canteen.site_id, sitting.id, [fish.id, rice.id])
    assert not put_on_menu(session, canteen.site_id, sitting.id, [fish.id, rice.id])
    assert dishes_of(session, sitting) == [fish.id, rice.id]


def test_another_canteen_s_dish_goes_on_no_menu(session, canteen, sitting):
    stranger = make_dish(session, make_canteen(session), "别家的菜")
    given_up = make_dish(session, canteen, "不做了", is_offered=False)

    for dish in (stranger, given_up):
        with pytest.raises(DishUnknown):
            put_on_menu(session, canteen.site_id, sitting.id, [dish.id])


def test_what_was_eaten_is_not_rewritten(session, canteen):
    yesterday = make_sitting(session, canteen, in_days=-1)

    with pytest.raises(MenuOfThePast):
        put_on_menu(session, canteen.site_id, yesterday.id, [])


def test_a_week_is_copied_onto_what_is_empty(session, canteen, sitting, monday):
    last_week = make_sitting(session, canteen, in_days=1, dishes=("面条", "青菜"))
    make_dish(session, canteen, "别的")
    given_up = dishes_of(session, last_week)[1]
    session.execute(text(f"UPDATE dish SET is_offered = false WHERE id = {given_up}"))

    assert copy_week(session, canteen.site_id, monday) == 1
    assert copy_week(session, canteen.site_id, monday) == 0
    assert names(session, canteen.site_id, monday) == [["面条"]]


def test_a_week_is_published_with_what_has_dishes(session, canteen, sitting, monday):
    with pytest.raises(NothingToPublish):
        publish_week(session, canteen.site_id, monday)
    rice = make_dish(session, canteen, "米饭")
    put_on_menu(session, canteen.site_id, sitting.id, [rice.id])

    assert publish_week(session, canteen.site_id, monday) == 1
    session.refresh(sitting)
    session.refresh(canteen)
    assert sitting.published_at is not None
    assert canteen.menu_version == 2


def test_a_time_is_kept_by_the_clock(session, canteen, sitting, monday):
    put_on_menu(session, canteen.site_id, sitting.id, [make_dish(session, canteen, "米饭").id])
    publish_week(session, canteen.site_id, monday, at=clock.now() + timedelta(hours=1))

    assert publish_due(session, is_strict=True) == 0
    session.execute(text("UPDATE sitting SET publishes_at = :now"), {"now": clock.now()})
    assert publish_due(session, is_strict=True) == 1
    assert publish_due(session, is_strict=True) == 0
    session.refresh(canteen)
    assert canteen.menu_version == 2


class TestLicences:
    @pytest.fixture(autouse=True)
    def expired(self, session, canteen, sitting):
        put_on_menu(session, canteen.site_id, sitting.id, [make_dish(session, canteen, "米饭").id])
        today = clock.today()
        paper = SitePaper(
            site_id=canteen.site_id,
            kind=PaperKind.FOOD,
            starts_on=today - timedelta(days=900),
            ends_on=today,
        )
        session.add(paper)
        session.flush()
        return paper

    def test_nothing_is_published_without_one_in_force(self, session, canteen, monday):
        with pytest.raises(FoodLicenceExpired):
            publish_week(session, canteen.site_id, monday)

    def test_nor_by_the_clock(self, session, sitting):
        session.execute(text("UPDATE sitting SET publishes_at = :now"), {"now": clock.now()})

        assert publish_due(session, is_strict=True) == 0

    def test_a_new_one_lets_it_go_on(self, session, canteen, monday, expired):
        session.add(
            SitePaper(site_id=canteen.site_id, kind=PaperKind.FOOD, starts_on=expired.ends_on)
        )
        session.flush()

        assert publish_week(session, canteen.site_id, monday) == 1


def test_a_change_is_told_to_each_who_booked_once(session, canteen):
    offered = make_sitting(session, canteen, in_days=2)
    resident = make_resident(session, name="李秀英")
    make_account(session, resident)
    book_meal(session, sitting_id=offered.id, resident_id=resident.id, booked_by=BookedBy.SELF)
    make_resident(session, name="没订的人")
    dish = make_dish(session, canteen, "换的菜")

    put_on_menu(session, canteen.site_id, offered.id, [dish.id])
    assert messages(session) == 1
    put_on_menu(session, canteen.site_id, offered.id, [dish.id])
    assert messages(session) == 1
    session.refresh(canteen)
    assert canteen.menu_version == 2


def test_a_change_before_publishing_is_told_to_nobody(session, canteen, sitting):
    put_on_menu(session, canteen.site_id, sitting.id, [make_dish(session, canteen, "菜").id])

    assert messages(session) == 0
    assert session.get_one(Sitting, sitting.id).published_at is None
