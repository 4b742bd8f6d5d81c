"""listOfResident, begin, showResult, withdraw: a resident's assessments."""

import pytest
from sqlalchemy import text

from server import clock
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.page_lint import read
from tests.factories.assessments import begin, confirm, hand_in

SEES = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}
ASSESSES = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}


def path(resident, *rest):
    return "/".join([f"/residents/{resident.id}/assessments", *map(str, rest)])


@pytest.fixture
def confirmed(assessor, reviewer, resident):
    assessment_id = hand_in(
        assessor[0], resident.id, total=70, diagnoses=["F00"], events={"fall": 2}
    )
    confirm(reviewer[0], assessment_id)
    return assessment_id


class TestList(OpensFor):
    roles = SEES

    @pytest.fixture
    def address(self, resident):
        return path(resident)


class TestResult(OpensFor):
    roles = SEES

    @pytest.fixture
    def address(self, resident, confirmed):
        return path(resident, confirmed)


class TestBegin(AcceptsFrom):
    roles = ASSESSES

    @pytest.fixture
    def address(self, resident):
        return path(resident)


class TestWithdraw(AcceptsFrom):
    roles = ASSESSES

    @pytest.fixture
    def address(self, resident, assessor):
        return path(resident, begin(assessor[0], resident.id), "withdrawal")


def test_before_a_reason_is_said_nothing_is_shown(take_office, resident, confirmed):
    _, desk = take_office(Role.CITY_OFFICER, "1405")
    for address in (path(resident), path(resident, confirmed)):
        page = desk.get(address).text
        assert "为什么要打开李**的档案" in page
        assert "失能" not in page
        assert "李秀英" not in page

    opening = {"reason": "复核", "next": f"/admin{path(resident, confirmed)}"}
    answer = desk.post(f"/residents/{resident.id}/openings", opening)
    assert answer.headers["Location"] == opening["next"]
    assert "中度失能" in desk.get(path(resident, confirmed)).text


def test_nor_by_a_press_that_is_refused(take_office, resident, confirmed):
    _, desk = take_office(Role.CITY_OFFICER, "1405")

    refused = desk.post(path(resident, confirmed, "confirmation"))

    assert refused.status_code == 409
    assert "失能" not in refused.text


def test_an_assessor_sees_the_own_work_without_opening_the_file(take_office, resident):
    office, desk = take_office(Role.COMMUNITY_WORKER, resident.village_code)
    handed_in = hand_in(office, resident.id)

    assert "轻度失能" in desk.get(path(resident, handed_in)).text


def begin_by_form(desk, resident, **given):
    form = {"reason": "first", "assessed_on": clock.today().isoformat(), "note": ""} | given
    return desk.post(path(resident), form)


def test_beginning_leads_to_the_form(assessor, resident):
    _, desk = assessor
    response = begin_by_form(desk, resident)

    assert response.status_code == 303
    assert response.headers["Location"].endswith("/form")
    assert "您未完成的评估" in desk.get("/residents/assessments").text


def test_the_record_says_for_whom_it_was_done(assessor, resident, session):
    begin_by_form(assessor[1], resident)

    done = session.execute(
        text("SELECT for_resident_id, staff_id FROM act WHERE action = 'assessments.begin'")
    ).all()
    assert done == [(resident.id, assessor[0].staff.id)]


def test_a_refusal_keeps_what_was_typed(assessor, resident):
    given = {"assessed_on": "2026-02-31", "reason": "immediate", "note": "由社区发现"}

    page = begin_by_form(assessor[1], resident, **given).text

    assert 'value="由社区发现"' in page
    assert '<option value="immediate" selected>' in page


def test_a_second_one_is_refused_with_a_sentence(assessor, reviewer, resident):
    begin(assessor[0], resident.id)

    response = begin_by_form(reviewer[1], resident)

    assert response.status_code == 422
    assert "这位老人有一份评估正在进行" in response.text


def test_so_soon_again_needs_a_reason(assessor, resident, confirmed):
    _, desk = assessor

    refused = begin_by_form(desk, resident)
    assert refused.status_code == 422
    assert "离上一次评估不到 30 天。请写明为什么再次评估。" in refused.text

    assert begin_by_form(desk, resident, note="跌倒后行走困难").status_code == 303


@pytest.mark.parametrize(
    "given", [{"assessed_on": ""}, {"assessed_on": "2026-13-01"}, {"reason": "boredom"}]
)
def test_what_is_no_day_and_no_reason_is_refused(assessor, resident, given):
    assert begin_by_form(assessor[1], resident, **given).status_code == 422


def test_the_list_shows_the_level_that_holds(reviewer, resident, confirmed):
    page = reviewer[1].get(path(resident)).text

    assert "当前等级：中度失能" in page
    assert "已确认" in page


def test_the_result_says_what_why_and_until_when(reviewer, resident, confirmed):
    page = reviewer[1].get(path(resident, confirmed)).text

    for fact in ("GB/T 42195-2022", "李秀英", "中度失能", "轻度失能", "70", "F00", "跌倒 2",
                 "自理能力", "基础运动能力", "精神状态", "感知觉与社会参与", "验证码"):  # fmt: skip
        assert fact in page, fact


def test_the_result_stands_beside_the_one_before(assessor, reviewer, resident, confirmed):
    again = hand_in(assessor[0], resident.id, total=60, note="跌倒后行走困难")

    page = read(reviewer[1].get(path(resident, again)).text)

    rows = {
        row.text.split(" ", 1)[0]: [cell.text for cell in row.find("td")] for row in page.find("tr")
    }
    assert rows["B.3"] == ["13", "28", "23", "-10"]
    assert rows["合计"] == ["60", "90", "70", "-10"]
    assert list(page.find("svg"))


def test_both_signatures_are_named_to_colleagues_of_any_division(
    take_office, assessor, resident, session
):
    city = take_office(Role.CITY_OFFICER, "1405")[0]
    for office, name in ((assessor[0], "牛春分"), (city, "郝正言")):
        session.get_one(type(office.staff), office.staff.id).display_name = name
    session.commit()
    assessment_id = hand_in(assessor[0], resident.id)
    confirm(city, assessment_id)

    page = assessor[1].get(path(resident, assessment_id)).text

    assert "牛春分" in page
    assert "郝正言" in page


def test_a_draft_has_no_level_and_no_number(assessor, resident):
    office, desk = assessor
    page = desk.get(path(resident, begin(office, resident.id))).text

    assert "验证码" not in page
    assert "继续填写" in page


def test_withdrawing_says_why_and_frees_the_resident(assessor, resident):
    office, desk = assessor
    address = path(resident, begin(office, resident.id), "withdrawal")

    assert desk.post(address, {"note": ""}).status_code == 409
    assert desk.post(address, {"note": "老人住院，改日再来"}).status_code == 303
    assert begin_by_form(desk, resident).status_code == 303


def test_another_county_finds_nothing(take_office, assessor, reviewer, resident, confirmed):
    _, desk = take_office(Role.COUNTY_OFFICER, "140521")
    draft = hand_in(assessor[0], resident.id, note="跌倒后行走困难")
    form = {"note": "x" * 5, "reason": "first", "assessed_on": clock.today().isoformat()}

    for address in (path(resident), path(resident, confirmed), path(resident, draft, "form")):
        assert desk.get(address).status_code == 404
    for rest in ((), (draft, "withdrawal"), (draft, "confirmation"), (draft, "return")):
        assert desk.post(path(resident, *rest), form).status_code == 404


def test_an_assessment_is_found_under_its_own_resident_alone(
    assessor, reviewer, resident, confirmed, session
):
    other = type(resident)(**resident.model_dump(exclude={"id", "id_number_cipher",
                                                          "id_number_digest"}))  # fmt: skip
    session.add(other)
    session.commit()

    assert reviewer[1].get(path(other, confirmed)).status_code == 404


def test_more_assessments_ask_no_more_of_the_database(
    assessor, reviewer, resident, confirmed, statements
):
    desk = reviewer[1]
    with statements() as few:
        desk.get(path(resident))
    for _ in range(3):
        again = hand_in(assessor[0], resident.id, note="跌倒后行走困难")
        confirm(reviewer[0], again)
    with statements() as many:
        desk.get(path(resident))

    assert len(many) == len(few)
