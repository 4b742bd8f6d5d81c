"""showFacts and its forms: noted, put right and ended at the window, the account masked."""

import re

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.people import an_id_number, make_resident

READERS = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}
WRITERS = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}
COUNTY, NUMBER, ACCOUNT = "140502", an_id_number(321), "6228480402564890018"
FORMS = {
    "hukou": {"hukou_kind": "unified", "division_code": VILLAGE, "starts_on": "2020-01-01"},
    "disability": {"certificate_number": f"{NUMBER}43", "starts_on": "2020-01-01"},
    "guardian": {
        "guardian_name": "王丽",
        "relation": "child",
        "phone": "13900001234",
        "incapacity": "limited",
        "basis": "appointed",
        "starts_on": "2020-01-01",
    },
    "insurance": {"scheme": "employee", "level": "3", "starts_on": "2020-01-01"},
    "payee": {
        "bank": "农商行东街支行",
        "account": "6228 4804 0256 4890 018",
        "payee_name": "李秀英",
        "starts_on": "2020-01-01",
    },
    "document": {"document_kind": "passport", "document_number": "C87654321"},
}
SHOWN = {
    "hukou": '黄华街社区 <span class="soft">居民户口',
    "disability": "肢体残疾 · 三级",
    "guardian": "限制民事行为能力 · 指定监护",
    "insurance": "职工长护险 · 3 级",
    "payee": "**** 0018",
    "document": "C87654321",
}


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英", id_number=NUMBER)


class TestThePage(OpensFor):
    roles = READERS

    @pytest.fixture
    def address(self, mother):
        return f"/residents/{mother.id}/facts"


class TestTheForm(OpensFor):
    roles = WRITERS

    @pytest.fixture
    def address(self, mother):
        return f"/residents/{mother.id}/facts/payee/new"


class TestNoting(AcceptsFrom):
    roles = WRITERS

    @pytest.fixture
    def address(self, mother, every_office, session):
        for role in WRITERS:
            every_office(role)
        return f"/residents/{mother.id}/facts/hukou/new"

    @pytest.fixture
    def form(self):
        return FORMS["hukou"]

    @pytest.mark.parametrize("role", list(Role))
    def test_other_offices_are_refused(self, role, every_office, address, form, mother):
        desk = every_office(role)
        desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})

        assert (desk.post(address, form).status_code == 403) == (role not in WRITERS)


@pytest.fixture
def worker(sit_down, mother):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)
    desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})
    return desk


@pytest.fixture
def facts(worker, mother):
    """The address of the facts, with each kind noted once."""
    address = f"/residents/{mother.id}/facts"
    for kind, form in FORMS.items():
        assert worker.post(f"{address}/{kind}/new", form).status_code == 303, kind
    return address


def of_kind(worker, facts, kind):
    page = worker.get(facts).text
    return re.search(rf"/admin({facts}/{kind}/\d+)", page)[1]


@pytest.mark.parametrize("kind", FORMS)
def test_what_is_noted_is_shown_and_told_in_the_history(worker, mother, facts, kind):
    assert SHOWN[kind] in worker.get(facts).text

    history = worker.get(f"/residents/{mother.id}/history").text
    assert history.count("档案登记的一处变更") == 0
    assert "登记收款账户" in history


@pytest.mark.parametrize("kind", FORMS)
def test_the_form_of_a_fact_holds_what_was_noted_and_can_be_sent_as_it_is(worker, facts, kind):
    address = of_kind(worker, facts, kind)
    page = worker.get(address).text
    assert ACCOUNT not in page

    form = dict(FORMS[kind])
    for sealed in ("account", "certificate_number", "document_number"):
        if sealed in form:
            form.pop(sealed)
    if kind == "disability":
        form |= {"category": "physical", "grade": "3"}
    assert worker.post(address, form).status_code == 303
    assert SHOWN[kind] in worker.get(facts).text


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind != "document"])
def test_a_fact_is_ended_and_the_next_begins(worker, facts, kind):
    assert worker.post(f"{facts}/{kind}/new", FORMS[kind]).status_code == 409

    end = of_kind(worker, facts, kind) + "/end"
    assert worker.post(end, {"last_day": "2025-12-31"}).status_code == 303
    again = FORMS[kind] | {"starts_on": "2026-01-01"}

    assert worker.post(f"{facts}/{kind}/new", again).status_code == 303
    assert "2025年12月31日" in worker.get(facts).text


def test_an_account_is_masked_until_somebody_says_why(worker, mother, facts):
    assert ACCOUNT[:12] not in worker.get(facts).text.replace(" ", "")
    showing = of_kind(worker, facts, "payee") + "/showings"

    refused = worker.post(showing, {"reason": ""})
    assert refused.status_code == 422
    assert "6228 4804" not in refused.text
    shown = worker.post(showing, {"reason": "核对退回的补贴"})

    assert "6228 4804 0256 4890 018" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "6228 4804" not in worker.get(facts).text
    history = worker.get(f"/residents/{mother.id}/history").text
    assert "查看完整收款账号" in history
    assert history.count("核对退回的补贴") == 2  # the act, and the opening


def test_each_showing_stands_in_the_trail(worker, facts, session):
    showing = of_kind(worker, facts, "payee") + "/showings"

    for reason in ("核对退回的补贴", "再核对一次"):
        worker.post(showing, {"reason": reason})

    told = session.execute(
        text("SELECT body FROM trail_entry WHERE table_name = 'opening' ORDER BY id")
    ).scalars()
    assert [
        reason in line for reason, line in zip(("本人到窗口", "核对", "再核对"), told, strict=True)
    ]


def test_a_document_finds_the_person_until_it_is_taken_out(worker, mother, facts):
    assert f"/residents/{mother.id}" in worker.post("/residents/search", {"term": "C87654321"}).text

    removal = of_kind(worker, facts, "document") + "/removal"
    assert worker.post(removal).status_code == 303

    assert (
        f"/residents/{mother.id}"
        not in worker.post("/residents/search", {"term": "C87654321"}).text
    )


WRONG = [
    ("hukou", {"division_code": None}, "二选一"),
    ("hukou", {"division_code": "140599"}, "二选一"),
    ("hukou", {"place": "河南省焦作市"}, "二选一"),
    ("hukou", {"starts_on": None}, "没有改动"),
    ("hukou", {"starts_on": "1800-01-01"}, "最后一天不能早于开始"),
    ("hukou", {"last_day": "2019-01-01"}, "最后一天不能早于开始"),
    ("disability", {"certificate_number": "123"}, "20 位"),
    ("disability", {"grade": "1"}, "和证号里的不一致"),
    ("disability", {"certificate_number": an_id_number(9) + "43"}, "不是这位老人的"),
    ("disability", {"certificate_number": None}, "请选择残疾类别和等级"),
    ("guardian", {"phone": "12"}, "打不通"),
    ("guardian", {"guardian_name": None}, "没有改动"),
    ("insurance", {"level": "6"}, "没有改动"),
    ("payee", {"account": "12"}, "8 至 30 位数字"),
    ("payee", {"account": None}, "没有改动"),
    ("payee", {"bank": "长" * 61}, "没有改动"),
    ("document", {"document_number": "?"}, "证件号码不对"),
    ("payee", {"died_on": "2026-01-01"}, "没有改动"),
]


@pytest.mark.parametrize(("kind", "changed", "told"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_noted(worker, mother, kind, changed, told):
    form = {name: value for name, value in (FORMS[kind] | changed).items() if value is not None}
    answer = worker.post(f"/residents/{mother.id}/facts/{kind}/new", form)

    assert answer.status_code == 422
    assert told in answer.text
    assert SHOWN[kind] not in worker.get(f"/residents/{mother.id}/facts").text


def test_a_hukou_elsewhere_says_so(worker, mother):
    form = {"hukou_kind": "unified", "place": "河南省焦作市", "starts_on": "2020-01-01"}
    worker.post(f"/residents/{mother.id}/facts/hukou/new", form)
    page = worker.get(f"/residents/{mother.id}/facts").text
    assert "河南省焦作市" in page
    assert "户籍在外地" in page


def test_a_hukou_in_another_county_says_so(worker, mother, session):
    form = FORMS["hukou"] | {"division_code": "140521"}
    worker.post(f"/residents/{mother.id}/facts/hukou/new", form)

    assert "本市其他县" in worker.get(f"/residents/{mother.id}/facts").text


def test_into_a_closed_file_nothing_is_written(sit_down, mother):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)
    for kind, form in FORMS.items():
        assert desk.post(f"/residents/{mother.id}/facts/{kind}/new", form).status_code == 403
        assert "为什么要打开" in desk.get(f"/residents/{mother.id}/facts/{kind}/new").text
    assert desk.post(f"/residents/{mother.id}/facts/payee/1/showings").status_code == 403


def test_somebody_of_another_county_is_not_there(worker, session):
    stranger = make_resident(session, village_code=OTHER_COUNTY_VILLAGE)
    for path in ("", "/hukou/new", "/hukou/1", "/nonsense/new"):
        assert worker.get(f"/residents/{stranger.id}/facts{path}").status_code == 404


def test_a_kind_that_is_none_is_not_there(worker, mother):
    for path in ("/nonsense/new", "/nonsense/1", "/hukou/999999"):
        assert worker.get(f"/residents/{mother.id}/facts{path}").status_code == 404
        assert worker.post(f"/residents/{mother.id}/facts{path}").status_code in (404, 405)


def test_the_dead_get_nothing_new(worker, mother, session):
    report = {"kind": "died", "happened_on": "2026-01-01"}
    worker.post(f"/residents/{mother.id}/departures", report)

    answer = worker.post(f"/residents/{mother.id}/facts/hukou/new", FORMS["hukou"])

    assert answer.status_code == 409
    assert "离世或迁出" in answer.text
    assert session.execute(text("SELECT count(*) FROM hukou")).scalar_one() == 0


def test_the_page_is_read_in_so_many_statements_however_much_is_noted(
    worker, mother, facts, statements
):
    with statements() as first:
        worker.get(facts)
    for kind in ("hukou", "insurance", "guardian"):
        worker.post(of_kind(worker, facts, kind) + "/end", {"last_day": "2025-12-31"})
        worker.post(f"{facts}/{kind}/new", FORMS[kind] | {"starts_on": "2026-01-01"})
    with statements() as second:
        worker.get(facts)

    assert len(second) == len(first)


def test_english_has_its_words(sit_down, mother, app, session):
    desk = sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)
    desk.language = "en"
    desk.post(f"/residents/{mother.id}/openings", {"reason": "at the window"})

    page = desk.get(f"/residents/{mother.id}/facts").text

    assert "payee account" in page
    assert "收款" not in page
