"""objectToSubsidyLine: whoever is named in a list says that an amount is wrong."""

import pytest
from sqlmodel import select

from server.notifications.models import Contact, Message
from server.notifications.service import unsealed
from server.subsidies.notices.models import SubsidyObjection, Via
from server.subsidies.notices.objecting import answer_objection
from server.subsidies.notices.publishing import publish_notice
from tests.mobile_api.refusals import refusal

SAID = {"said": "我一月住满了，少算了"}


@pytest.fixture
def run(session, make_told):
    run = make_told()
    publish_notice(session, run.id)
    return run


def there(run, number=1):
    return f"/v1/subsidies/{run.id}/lines/{number}/objection"


def test_it_is_written_down_and_told_again(session, phone, run):
    made = phone.post(there(run), SAID)

    assert made.status_code == 201, made.text
    [one] = session.exec(select(SubsidyObjection)).all()
    assert (one.line_number, one.via) == (1, Via.PHONE)
    assert one.account_id is not None
    [told] = phone.get("/v1/subsidies").json["objections"]
    assert (told["said"], told["answer"]) == (SAID["said"], None)
    assert phone.get(f"/v1/subsidies/{run.id}/lines/1").json["can_object"] is True


def test_the_same_words_are_said_once(session, phone, run):
    first, again = (phone.post(there(run), SAID).json["id"] for _ in range(2))

    assert first == again


def test_nobody_objects_for_a_neighbour(neighbours_phone, run):
    assert neighbours_phone.post(there(run), SAID).status_code == 404


def test_without_a_notice_there_is_nothing_to_object_to(phone, make_told):
    assert refusal(phone.post(there(make_told()), SAID)) == (409, "notice-is-over")


def test_what_a_daughter_says_for_her_is_done_for_her(session, phone, resident, run, help_within):
    assert help_within("apply").post(there(run), SAID).status_code == 201

    done = phone.get(f"/v1/residents/{resident.id}/acts").json["items"][0]
    assert (done["name"], done["deed"]) == ("王丽", "对补贴金额提出异议")


def test_that_there_is_an_answer_is_told_to_the_phone(session, phone, account, run):
    made = phone.post(there(run), SAID).json
    answer_objection(session, made["id"], answer="已核实在院", is_upheld=False)

    query = select(Message, Contact).where(Message.contact_id == Contact.id)
    query = query.where(Message.kind == "subsidies.objection_answered")
    [(message, contact)] = session.exec(query).all()
    assert contact.phone == account.phone
    facts = {"programme": "养老机构运营补贴", "month": "2026-01"}
    assert unsealed(message.facts_cipher) == facts
    [told] = phone.get("/v1/subsidies").json["objections"]
    assert (told["answer"], told["is_upheld"]) == ("已核实在院", False)


@pytest.mark.parametrize("body", [{}, {"said": "x"}, {"said": "长" * 401}, {**SAID, "more": 1}])
def test_what_is_unusable_is_refused(phone, run, body):
    assert phone.post(there(run), body).status_code == 422
