"""What was sent, who is called, the texts, and one's own inbox; at the console."""

from datetime import timedelta
from string import Formatter

import pytest
from sqlalchemy import text

from server import clock
from server.i18n.catalogues import catalogue
from server.identity.models import Role
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.notifications.texts import names
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import make_account, make_resident

PHONE = "+8613800005555"


@pytest.fixture
def written(session):
    """A message to an elder of the first county; `written(count)` writes more."""
    resident = make_resident(session, name="李秀英")
    make_account(session, resident, phone=PHONE)

    def write(count, start=0):
        now = clock.now()
        ask_for_messages(
            session,
            [
                Asked(PHONE, "zh-CN", Channel.SMS, "care_order.cancelled", f"order:{number}",
                      {"time": "11-23 09:00"}, now - timedelta(minutes=number + 1))
                for number in range(start, start + count)
            ],
        )  # fmt: skip
        query = "SELECT id FROM message ORDER BY id DESC LIMIT 1"
        return session.execute(text(query)).scalar_one()

    write.resident = resident
    return write


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def calling(session, message_id):
    query = "UPDATE message SET status = 'calling', channel = 'call' WHERE id = :id"
    session.execute(text(query), {"id": message_id})


def test_an_officer_sees_that_it_was_sent_masked_and_without_words(written, county):
    written(1)
    page = county.get("/messages/sent").text
    assert "李**" in page
    assert "李秀英" not in page
    assert "11-23 09:00" not in page
    assert county.get("/messages/sent?topic=care&status=waiting").text.count("<tr") > 1
    assert "没有符合条件" in county.get("/messages/sent?topic=meals").text
    assert "李**" in county.get("/messages/sent/export.csv").text


def test_another_county_sees_nothing_of_it(written, sit_down):
    message_id = written(1)
    elsewhere = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])
    assert "李**" not in elsewhere.get("/messages/sent").text
    assert elsewhere.get(f"/messages/sent/{message_id}").status_code == 404


def test_the_words_are_opened_with_a_reason_that_is_kept(written, county):
    message_id = written(1)
    address = f"/messages/sent/{message_id}"
    assert "11-23 09:00" not in county.get(address).text
    assert county.post(f"{address}/openings", {"reason": ""}).status_code == 422
    assert county.post(f"{address}/openings", {"reason": "家属来问"}).status_code == 303
    page = county.get(address).text
    assert "11-23 09:00" in page
    assert PHONE in page
    assert "家属来问" in page


def test_a_community_worker_may_not_read_words_of_others(written, sit_down):
    message_id = written(1)
    worker = sit_down(Role.COMMUNITY_WORKER, division_code=written.resident.village_code)
    address = f"/messages/sent/{message_id}"
    assert "不能查看内容" in worker.get(address).text
    assert worker.post(f"{address}/openings", {"reason": "想看看"}).status_code == 403


def test_unknown_filters_are_refused(county):
    for page in ("/messages/sent", "/messages/calls", "/messages/sent/export.csv"):
        assert county.get(f"{page}?colour=red").status_code == 422


def test_the_page_asks_as_often_for_many_as_for_few(written, county, statements):
    written(2)
    county.get("/messages/sent")
    with statements() as few:
        county.get("/messages/sent")
    written(20, start=2)
    with statements() as many:
        county.get("/messages/sent")
    assert len(few) == len(many)


def test_whom_nothing_reached_is_called_by_the_worker_of_the_village(session, written, sit_down):
    message_id = written(1)
    calling(session, message_id)
    worker = sit_down(Role.COMMUNITY_WORKER, division_code=written.resident.village_code)
    page = worker.get("/messages/calls").text
    assert "李**" in page
    assert "13800005555" not in page
    opened = worker.post(f"/messages/calls/{message_id}/openings", {"reason": "打电话告知"})
    assert opened.status_code == 303
    assert "13800005555" in worker.get("/messages/calls").text.replace(" ", "")

    address = f"/messages/calls/{message_id}/outcomes"
    assert worker.post(address, {"outcome": "not_reached"}).status_code == 303
    assert "李**" in worker.get("/messages/calls").text
    assert worker.post(address, {"outcome": "reached"}).status_code == 303
    assert "没有需要打电话的人" in worker.get("/messages/calls").text
    assert worker.post(address, {"outcome": "reached"}).status_code == 409
    assert worker.get("/messages/calls/export.xlsx").status_code == 200


def test_all_numbers_of_a_village_are_shown_for_one_reason_to_be_printed(
    session, written, sit_down
):
    calling(session, written(1))
    village = written.resident.village_code
    worker = sit_down(Role.COMMUNITY_WORKER, division_code=village)
    assert worker.post("/messages/calls/openings", {"reason": ""}).status_code == 422
    asked = {"reason": "打印后上门", "village": village}
    assert worker.post("/messages/calls/openings", asked).status_code == 303
    assert "13800005555" in worker.get("/messages/calls").text.replace(" ", "")
    openings = session.execute(text("SELECT reason FROM message_opening")).scalars().all()
    assert openings == ["打印后上门"]


def test_a_worker_of_another_village_calls_nobody_here(session, written, sit_down):
    message_id = written(1)
    calling(session, message_id)
    elsewhere = sit_down(Role.COMMUNITY_WORKER, division_code=OTHER_COUNTY_VILLAGE)
    assert "没有需要打电话的人" in elsewhere.get("/messages/calls").text
    answer = elsewhere.post(f"/messages/calls/{message_id}/outcomes", {"outcome": "reached"})
    assert answer.status_code == 404


def test_a_message_of_no_more_use_leaves_the_list(session, written, county):
    calling(session, written(1))
    assert "李**" in county.get("/messages/calls").text
    session.execute(text("UPDATE message SET expires_at = :at"), {"at": clock.now()})
    assert "没有需要打电话的人" in county.get("/messages/calls").text


def test_every_text_is_shown_in_both_languages_with_its_length(county):
    page = county.get("/messages/texts").text
    assert all(name in page for name in names())
    assert county.get("/messages/texts/export.csv").status_code == 200


def test_a_member_of_staff_has_an_inbox_a_bell_and_wishes(session, sit_down, county):
    staff_id = session.execute(text("SELECT max(id) FROM staff")).scalar_one()
    ask_for_messages(
        session,
        [
            Asked("", "zh-CN", Channel.SMS, "homecare.county_digest", "digest:1",
                  _facts("homecare.county_digest"), clock.now() - timedelta(minutes=1),
                  staff_id=staff_id)
        ],
    )  # fmt: skip
    assert ">1<" in county.get("/inbox/bell", **{"HX-Request": "true"}).text
    page = county.get("/inbox").text
    number = page.split("/inbox/")[-1].split("/reading")[0].rpartition("/")[-1]
    message_id = session.execute(text("SELECT max(id) FROM message")).scalar_one()
    assert number.isdigit()
    assert county.post(f"/inbox/{message_id}/reading", {}).status_code == 303
    assert county.get("/inbox/bell", **{"HX-Request": "true"}).text.strip() == ""

    assert county.post("/inbox/address", {"address": "no address"}).status_code == 422
    assert county.post("/inbox/address", {"address": "wang@example.cn"}).status_code == 303
    assert "wang@example.cn" in county.get("/inbox/wishes").text
    wish = {"topic": "work", "channel": "sms", "wanted": "no"}
    assert county.post("/inbox/wishes", wish).status_code == 303
    assert county.post("/inbox/wishes", wish | {"topic": "security"}).status_code == 422


def _facts(kind):
    template = catalogue("zh-CN", "messages")[f"message\x04{kind}"]
    return {name: "3" for _, name, _, _ in Formatter().parse(template) if name}
