"""The kitchen's pages: who opens them, and a week gone through by its own people."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server import clock
from server.identity.models import Role
from server.meals.kitchen.models import FoodSample, KitchenSheet
from server.meals.kitchen.rules import monday_of
from server.meals.models import Booking, Canteen, DietaryNote, Dish, Sitting
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.factories.kitchen import make_dish
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident

LOOKS = {Role.CANTEEN_STAFF, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}


@pytest.fixture
def home(canteen):
    return f"/meals/kitchens/{canteen.site_id}"


class TestMenu(OpensFor):
    roles = LOOKS

    @pytest.fixture
    def address(self, home):
        return f"{home}/menu"


class TestSheet(OpensFor):
    roles = LOOKS

    @pytest.fixture
    def address(self, home, sitting):
        return f"{home}/sheets/{sitting.id}"


class TestLabels(OpensFor):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, home, sitting):
        return f"{home}/sheets/{sitting.id}/labels"


class TestCopying(AcceptsFrom):
    roles = {Role.CANTEEN_STAFF}

    @pytest.fixture
    def address(self, home):
        return f"{home}/menu/copy"

    @pytest.fixture
    def form(self):
        return {"week": clock.today().isoformat()}


@pytest.mark.parametrize("door", ["menu", "sheets", "samples"])
def test_a_door_leads_to_the_only_kitchen(desk, home, door):
    answer = desk.get(f"/meals/{door}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin{home}/{door}")


def test_who_looks_at_several_chooses_one(sit_down, canteen, session):
    make_canteen(session, name="新市街食堂")
    page = sit_down(Role.COUNTY_OFFICER).get("/meals/menu").text

    assert "建设路食堂" in page
    assert "新市街食堂" in page


def test_another_kitchen_is_not_found(desk, session, home):
    other = make_canteen(session)
    theirs = make_sitting(session, other)

    assert desk.get(f"/meals/kitchens/{other.site_id}/menu").status_code == 404
    for page in (f"menu/{theirs.id}", f"sheets/{theirs.id}", f"sheets/{theirs.id}/labels"):
        assert desk.get(f"{home}/{page}").status_code == 404


def test_a_dish_is_entered_put_right_and_given_up(desk, session, home):
    form = {"dish_name": "蒸蛋", "diets": "soft", "allergens": "egg", "is_offered": "true"}
    assert desk.post(f"{home}/dishes", form).status_code == 303
    dish = session.execute(select(Dish).where(Dish.name == "蒸蛋")).scalar_one()
    assert (dish.diets, dish.allergens, dish.is_offered) == (["soft"], ["egg"], True)

    assert desk.post(f"{home}/dishes/{dish.id}", {"dish_name": "蒸水蛋"}).status_code == 303
    page = desk.get(f"{home}/dishes").text
    assert "蒸水蛋" in page
    assert "蒸水蛋</a> <span" in page


def test_an_allergen_that_nobody_knows_is_refused(desk, home):
    answer = desk.post(f"{home}/dishes", {"dish_name": "菜", "allergens": "dust"})

    assert answer.status_code == 422


def test_a_week_is_set_copied_and_published(desk, session, canteen, home):
    form = {"weekdays": ["1", "2", "3", "4", "5", "6", "7"], "meal": "lunch", "is_served": "true"}
    form |= {"starts_on": clock.today().isoformat(), "serves_from": "11:00"}
    form |= {"serves_until": "12:30", "capacity": "40", "list_price": "12"}
    assert desk.post(f"{home}/setup/templates", form).status_code == 303
    next_week = monday_of(clock.today()) + timedelta(days=7)
    rice = make_dish(session, canteen, "米饭")
    first = session.execute(
        select(Sitting).where(Sitting.service_on == next_week + timedelta(days=1))
    ).scalar_one()
    assert desk.post(f"{home}/menu/{first.id}", {"dish": [rice.id]}).status_code == 303

    after = next_week + timedelta(days=7)
    assert desk.post(f"{home}/menu/copy", {"week": after.isoformat()}).status_code == 303
    published = desk.post(f"{home}/menu/publish", {"week": next_week.isoformat()})

    assert published.status_code == 303
    page = desk.get(f"{home}/menu?week={next_week}").text
    assert "米饭" in page
    assert "0／40" in page
    assert "米饭" in desk.get(f"{home}/menu?week={after}").text


def test_an_empty_week_is_not_published(desk, home):
    answer = desk.post(f"{home}/menu/publish", {"week": clock.today().isoformat()})

    assert answer.status_code == 409
    assert "没有可以发布的餐次" in answer.text


def test_a_sheet_is_frozen_and_told_when_it_has_changed(desk, session, sitting, seat, home):
    first, _ = seat(sitting), seat(sitting, name="王桂兰")
    sheet = f"{home}/sheets/{sitting.id}"
    early = sitting.cutoff_at
    sitting.cutoff_at = clock.now() + timedelta(hours=1)
    session.flush()
    assert desk.post(sheet).status_code == 409
    sitting.cutoff_at = min(early, clock.now() - timedelta(minutes=1))
    session.flush()

    assert desk.post(sheet).status_code == 302
    assert "第 1 版" in desk.get(sheet).text
    session.execute(
        text("UPDATE booking SET status = 'cancelled', cancelled_at = :now WHERE id = :id"),
        {"now": clock.now(), "id": first.id},
    )
    assert "这一版之后预订有变动" in desk.get(sheet).text
    desk.post(sheet)

    page = desk.get(sheet).text
    assert "第 2 版" in page
    assert "原 2" in page
    totals = session.execute(select(KitchenSheet.total).order_by(KitchenSheet.version))
    assert totals.scalars().all() == [2, 1]
    assert desk.get(f"{sheet}/export.xlsx").status_code == 200
    listed = desk.get(f"{home}/sheets/export.csv?day={sitting.service_on}").text.splitlines()
    assert [line.split(",")[4] for line in listed[1:]] == ["1"]


def test_labels_name_what_harms(desk, session, sitting, seat, home):
    booking = seat(sitting)
    session.add(
        DietaryNote(
            resident_id=booking.resident_id,
            usual_diet="soft",
            allergens=["fish"],
            noted_at=clock.now(),
        )
    )
    session.flush()

    page = desk.get(f"{home}/sheets/{sitting.id}/labels").text

    assert "李秀英" in page
    assert "含鱼" in page


def test_paper_is_keyed_in_and_refusals_are_told(desk, session, canteen, seat, home):
    offered = make_sitting(session, canteen, in_days=7)
    full = make_sitting(session, canteen, in_days=7, meal="dinner", capacity=0)
    other = make_sitting(session, make_canteen(session), in_days=7)
    person = seat(make_sitting(session, canteen, in_days=0)).resident_id
    boxes = [f"{one.id}:{person}" for one in (offered, full, other)]

    answer = desk.post(f"{home}/paper", {"week": offered.service_on.isoformat(), "box": boxes})

    assert answer.status_code == 200
    assert "已订 1 份" in answer.text
    booked = session.execute(select(Booking.booked_by).where(Booking.sitting_id == offered.id))
    assert booked.scalars().all() == ["paper"]
    assert session.execute(select(Sitting.booked).where(Sitting.id == other.id)).scalar_one() == 0


def test_a_sample_is_noted_and_too_little_is_told(desk, session, sitting, seat, home):
    seat(sitting)
    page = desk.get(f"{home}/samples").text
    assert "还缺 2 份留样" in page
    dish = session.execute(text("SELECT min(dish_id) FROM sitting_dish")).scalar_one()
    form = {"sitting": sitting.id, "dish": dish, "grams": "100", "celsius": "4"}

    little = desk.post(f"{home}/samples", form)
    assert little.status_code == 422
    assert "不少于125克" in little.text
    assert desk.post(f"{home}/samples", form | {"grams": "130"}).status_code == 303
    assert "还缺 1 份留样" in desk.get(f"{home}/samples").text
    sample = session.execute(select(FoodSample.id)).scalar_one()
    assert desk.post(f"{home}/samples/{sample}/discard").status_code == 409


def test_the_account_is_shown_by_its_end(desk, session, canteen, home):
    form = {"bank": "农商行", "account": "6222 0204 1234 5678"}
    assert desk.post(f"{home}/setup/account", form).status_code == 303

    page = desk.get(f"{home}/setup").text
    assert "**** 5678" in page
    assert "62220204" not in page
    set_up = {"canteen_kind": "restaurant_table", "seats": "30", "delivers": "true"}
    assert desk.post(f"{home}/setup", set_up).status_code == 303
    session.expire_all()
    kept = session.get_one(Canteen, canteen.site_id)
    assert (kept.kind, kept.seats, kept.delivers, kept.serves_on_holidays) == (
        "restaurant_table",
        30,
        True,
        False,
    )


def test_at_a_window_it_is_noted_what_somebody_may_not_eat(sit_down, session):
    office = sit_down(Role.COMMUNITY_WORKER)
    resident = make_resident(session, name="李秀英")
    file = f"/residents/{resident.id}"
    assert office.post(f"{file}/needs", {"usual_diet": "soft"}).status_code == 403
    office.post(f"{file}/openings", {"reason": "窗口登记饮食"})

    form = {"usual_diet": "soft", "allergens": ["fish", "egg"], "dislikes": "香菜，苦瓜"}
    assert office.post(f"{file}/needs", form).status_code == 303

    note = session.execute(select(DietaryNote)).scalar_one()
    assert (note.usual_diet, note.allergens, note.dislikes) == (
        "soft",
        ["egg", "fish"],
        ["香菜", "苦瓜"],
    )
    assert "香菜 苦瓜" in office.get(f"{file}/needs").text
