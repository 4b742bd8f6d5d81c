"""Anybody reads what is paid before it is paid, objects, and finds the answer again."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event
from sqlmodel import select

from mobile_api.public_notices import app as public_notices
from mobile_api.public_notices.app import OBJECTIONS_PER_ADDRESS, create_app
from server import clock
from server.settings import settings
from server.subsidies.notices.models import SubsidyObjection, Via
from server.subsidies.notices.objecting import answer_objection, contact_of
from server.subsidies.notices.publishing import withdraw_notice
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import BASIS
from tests.mobile_api.public_notices.conftest import Reader

SAID = {"said": "此人已不在院", "contact": "13812345678"}


def later(days):
    return time_machine.travel(clock.now() + timedelta(days=days))


def objections(session):
    return session.exec(select(SubsidyObjection)).all()


def test_the_list_is_masked_and_says_why_and_until_when(reader, notice):
    answer = reader.get(f"/{notice.code}")

    assert answer.status_code == 200
    assert "李**　300.00 元" in answer.text
    assert "李秀英" not in answer.text
    for said in ("养老机构运营补贴", "2026-02-10 – 2026-02-16", "共 7 天", "黄华街社区", "2 条"):
        assert said in answer.text
    assert "鲁民〔2021〕21号，补贴标准" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_reads_in_english_too(reader, notice):
    text = reader.get(f"/{notice.code}", language="en").text

    assert "Operating subsidy of care homes" in text
    assert "7 days" in text


def test_amounts_are_shown_only_where_the_programme_says(reader, make_notice):
    terms = {"days": 7, "shows": "names", "counted": "working_days", **BASIS}
    page = reader.get(f"/{make_notice(notice=terms).code}").text

    assert "共 7 个工作日" in page
    assert "李**" in page
    assert "元" not in page


def test_pages_follow_one_another(session, reader, make_notice):
    site = make_site(session)
    lines = [{"resident_id": make_resident(session).id, "site_id": site.id} for _ in range(51)]
    notice = make_notice(lines)

    first = reader.get(f"/{notice.code}").text
    assert first.count("objection?line=") == 50
    assert "after=50" in first
    second = reader.get(f"/{notice.code}?after=50").text
    assert second.count("objection?line=") == 1
    assert "从头看" in second
    assert "这里没有名单" in reader.get(f"/{notice.code}?county=140521").text


def test_a_page_of_the_list_takes_few_statements(connection, session, reader, make_notice):
    site = make_site(session)
    notice = make_notice(
        [{"resident_id": make_resident(session).id, "site_id": site.id} for _ in range(30)]
    )
    session.commit()
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    reader.get(f"/{notice.code}")
    event.remove(connection, "before_cursor_execute", note)
    assert len(sent) <= 5


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/" + "x" * 24, 404),
        ("/{code}?sort=name", 422),
        ("/{code}?after=-1", 404),
        ("/{code}?county=1405%27", 404),
        ("/{code}/objection?line=2", 404),
        ("/{code}/objection?line=" + "9" * 30, 404),
        ("/{code}/receipts/1-AAAAAAAA", 404),
        ("/{code}/receipts?number=1", 404),
        ("/{code}/nothing", 404),
    ],
)
def test_what_is_not_there_is_told_kindly(reader, notice, path, status):
    answer = reader.get(path.format(code=notice.code))

    assert answer.status_code == status
    assert "这一步没有办成" in answer.text
    assert "打电话给我们" in answer.text


def test_the_list_is_printed(reader, notice):
    answer = reader.get(f"/{notice.code}/list.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert reader.get(f"/{notice.code}/list.pdf").data == answer.data


def test_an_objection_is_written_down_and_has_a_receipt(session, reader, notice):
    form = reader.get(f"/{notice.code}/objection?line=1").text
    assert "李**" in form
    assert 'name="line" value="1"' in form

    sent = reader.object(notice, line="1", **SAID)

    assert sent.status_code == 303
    [one] = objections(session)
    assert (one.line_number, one.said, one.via) == (1, SAID["said"], Via.PAGE)
    assert contact_of(one) == SAID["contact"]
    receipt = reader.get(sent.location).text
    assert "已经收到" in receipt
    assert one.due_on.isoformat() in receipt
    assert SAID["contact"] not in receipt


def test_pressed_twice_is_one_objection(session, reader, notice):
    first, again = (reader.object(notice, line="1", **SAID) for _ in range(2))

    assert first.location == again.location
    assert len(objections(session)) == 1
    reader.object(notice, line="3", **SAID)
    assert len(objections(session)) == 2


def test_the_answer_is_found_by_the_receipt(session, reader, notice):
    there = reader.object(notice, line="1", **SAID).location
    number = there.rpartition("/")[2]
    [one] = objections(session)
    answer_objection(session, one.id, answer="已核实在院", is_upheld=False)

    led = reader.get(f"/{notice.code}/receipts?number={number.lower()}")
    assert led.location == there
    assert "已核实在院" in reader.get(there).text


def test_a_receipt_opens_no_other_notice(reader, notice, make_notice):
    there = reader.object(notice, **SAID).location
    other = make_notice([{}], programme="nursing_beds", family="nursing_beds")

    assert reader.get(there.replace(notice.code, other.code)).status_code == 404


@pytest.mark.parametrize(
    "form", [{"said": ""}, {"said": "长" * 401}, {"said": "好的", "contact": "1" * 61}]
)
def test_what_was_typed_is_kept_where_it_is_refused(session, reader, notice, form):
    answer = reader.object(notice, **form)

    assert answer.status_code == 422
    assert "还没有提交" in answer.text
    assert form["said"] in answer.text
    assert objections(session) == []


def test_markup_stays_text(reader, notice):
    answer = reader.object(notice, said="<script>alert(1)</script>" + "长" * 400)

    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("line", ["2", "99", "x"])
def test_a_line_that_is_not_shown_is_not_objected_to(session, reader, notice, line):
    assert reader.object(notice, line=line, **SAID).status_code in {404, 422}
    assert objections(session) == []


def test_over_is_said_and_the_list_is_gone(reader, notice):
    with later(7):
        page = reader.get(f"/{notice.code}")

        assert page.status_code == 200
        assert "这次公示已在 2026-02-16 结束" in page.text
        assert "李**" not in page.text
        assert reader.get(f"/{notice.code}/list.pdf").status_code == 409
        assert reader.get(f"/{notice.code}/objection").status_code == 409
        assert reader.object(notice, **SAID).status_code == 409


def test_withdrawn_is_said_with_its_reason(session, reader, notice):
    withdraw_notice(session, notice.id, words="名单有误")
    page = reader.get(f"/{notice.code}").text

    assert "这次公示已经撤回" in page
    assert "名单有误" in page
    assert "李**" not in page
    assert reader.object(notice, **SAID).status_code == 409


def test_objections_of_one_address_are_slowed_down(session, monkeypatch, notice):
    limited = settings().model_copy(update={"rate_limits": True})
    monkeypatch.setattr(public_notices, "settings", lambda: limited)
    reader = Reader(create_app(), session)
    most = int(OBJECTIONS_PER_ADDRESS.split()[0])

    answers = [
        reader.object(notice, said=f"第{number}条").status_code for number in range(most + 1)
    ]

    assert answers == [303] * most + [429]


def test_papers_for_one_address_are_slowed_down(session, monkeypatch, notice):
    """Each is seconds of work where a list is long, and nobody signs in for it."""
    limited = settings().model_copy(update={"rate_limits": True})
    monkeypatch.setattr(public_notices, "settings", lambda: limited)
    monkeypatch.setattr(public_notices, "PAPERS_PER_ADDRESS", "2 per minute")
    reader = Reader(create_app(), session)

    answers = [reader.get(f"/{notice.code}/list.pdf").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert reader.get(f"/{notice.code}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/%00", "/a%00b/list.pdf", "/%00/receipts/1-AAAAAAAA", "/" + "x" * 5000]
)
def test_an_address_that_somebody_made_up_is_not_there(reader, path):
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(
    "form", [{"said": "a\x00b\x00c"}, {"said": "不在院", "line": "9" * 30}, {"said": "长" * 10_000}]
)
def test_an_objection_that_somebody_made_up_breaks_nothing(reader, notice, form):
    assert reader.object(notice, **form).status_code in (303, 404, 413, 422)
