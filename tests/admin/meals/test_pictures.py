"""Pictures on a kitchen's pages, places changed by hand, and why meals were given back."""

import io

from sqlalchemy import text

from server import clock
from server.identity.models import Role
from tests.factories.kitchen import make_dish
from tests.factories.meals import make_canteen
from tests.factories.pictures import picture


def sent(content=None):
    return {"photo": (io.BytesIO(picture() if content is None else content), "dish.jpg")}


def test_a_dish_is_photographed_shown_and_drawn_again(desk, session, canteen):
    dish = make_dish(session, canteen, "蒸蛋")
    address = f"/meals/kitchens/{canteen.site_id}/dishes/{dish.id}"
    version = canteen.menu_version

    assert desk.post(f"{address}/photo", sent()).status_code == 303
    shown = desk.get(f"{address}/photo")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert desk.post(f"{address}/photo/removal").status_code == 303

    assert desk.get(f"{address}/photo").status_code == 404
    session.refresh(canteen)
    assert canteen.menu_version == version + 2


def test_what_is_no_picture_is_refused_on_the_page(desk, session, canteen):
    dish = make_dish(session, canteen, "蒸蛋")
    address = f"/meals/kitchens/{canteen.site_id}/dishes/{dish.id}/photo"

    assert desk.post(address, sent(b"no picture")).status_code == 422


def test_another_canteens_dish_has_no_photo_here(desk, session, canteen):
    theirs = make_dish(session, make_canteen(session), "蒸蛋")
    address = f"/meals/kitchens/{canteen.site_id}/dishes/{theirs.id}/photo"

    assert desk.post(address, sent()).status_code == 404


def test_a_sample_is_photographed_once(desk, session, canteen, sitting):
    dish = make_dish(session, canteen, "蒸蛋")
    put = "INSERT INTO sitting_dish (sitting_id, dish_id, position) VALUES (:s, :d, 9)"
    session.execute(text(put), {"s": sitting.id, "d": dish.id})
    home = f"/meals/kitchens/{canteen.site_id}"
    taken = {"sitting": sitting.id, "dish": dish.id, "grams": "125", "celsius": "4"}
    sitting.service_on = clock.today()
    session.flush()
    assert desk.post(f"{home}/samples", taken).status_code == 303
    number = session.execute(text("SELECT id FROM food_sample")).scalar_one()

    assert desk.post(f"{home}/samples/{number}/photo", sent()).status_code == 303
    assert desk.get(f"{home}/samples/{number}/photo").mimetype == "image/jpeg"
    other = sent(picture(mark=2))
    assert desk.post(f"{home}/samples/{number}/photo", other).status_code == 409


def test_places_are_changed_by_hand(desk, session, canteen, sitting, seat):
    seat(sitting)
    address = f"/meals/kitchens/{canteen.site_id}/menu/{sitting.id}/places"

    assert desk.post(address, {"places": "33"}).status_code == 303
    refused = desk.post(address, {"places": "0"})

    assert refused.status_code == 409
    assert "不能少于" in refused.text
    session.refresh(sitting)
    assert sitting.capacity == 33


def test_why_meals_were_given_back_is_counted_without_names(sit_down, session, sitting, seat):
    for reason in ("ill", "ill", None, "canteen-closed"):
        booking = seat(sitting)
        gone = "UPDATE booking SET status = 'cancelled', cancelled_at = :now, cancel_reason = :why"
        session.execute(
            text(f"{gone} WHERE id = :id"), {"now": clock.now(), "why": reason, "id": booking.id}
        )

    week = f"/meals/canteens/{sitting.canteen_id}?week={sitting.service_on}"
    page = sit_down(Role.COUNTY_OFFICER).get(week).text

    assert "本周退订 3 份" in page
    assert "身体不舒服 2" in page
