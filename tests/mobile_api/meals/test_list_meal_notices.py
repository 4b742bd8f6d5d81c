"""listMealNotices"""

from server import clock
from server.meals.voices.models import MealNotice
from tests.factories.eaten import Kitchen


def test_eaters_read_what_is_announced_today(phone, session, resident):
    kitchen = Kitchen(session)
    today = clock.today()
    told = {"words": "检修一天", "starts_on": today, "ends_on": today, "made_at": clock.now(),
            "made_by": kitchen.officer.id}  # fmt: skip
    session.add(MealNotice(site_id=kitchen.site_id, title="周六停业", **told))
    session.add(MealNotice(division_code="140502", title="补贴调整", **told))
    session.commit()

    items = phone.get(f"/v1/canteens/{kitchen.site_id}/notices").json["items"]

    assert [(one["title"], one["is_of_county"]) for one in items] == [
        ("补贴调整", True), ("周六停业", False),
    ]  # fmt: skip
