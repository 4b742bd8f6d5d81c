"""showForm, saveStep, submit: the form, step by step."""

import pytest

from admin.residents.assessment_forms import STEPS
from server.identity.models import Role
from server.residents.assessments import queries
from server.residents.grants import list_acts_for
from tests.admin.belonging import AcceptsFrom
from tests.admin.page_lint import read
from tests.factories.assessments import ALL_POINTS, SCALE, begin, fill_in, hand_in

HTMX = {"HX-Request": "true"}
ASSESSES = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}


@pytest.fixture
def draft(assessor, resident):
    return begin(assessor[0], resident.id)


@pytest.fixture
def address(resident, draft):
    return f"/residents/{resident.id}/assessments/{draft}/form"


@pytest.fixture
def desk(assessor):
    return assessor[1]


def test_a_stranger_is_asked_to_sign_in(stranger, address):
    assert stranger.get(address).status_code == 303


@pytest.mark.parametrize("role", sorted(set(Role) - ASSESSES))
def test_it_opens_for_those_who_assess_alone(role, every_office, address):
    assert every_office(role).get(address).status_code == 403


class TestSaving(AcceptsFrom):
    roles = ASSESSES

    @pytest.fixture
    def address(self, resident, draft):
        return f"/residents/{resident.id}/assessments/{draft}/form"


class TestHandingIn(AcceptsFrom):
    roles = ASSESSES

    @pytest.fixture
    def address(self, resident, draft):
        return f"/residents/{resident.id}/assessments/{draft}/form/submission"


def test_a_colleague_does_not_fill_in_anothers_sheet(reviewer, address):
    assert reviewer[1].get(address).status_code == 403
    refused = reviewer[1].post(address, {"step": "self_care", "eating": "4"})
    assert refused.status_code == 409
    assert "只有评估员本人可以填写" in refused.text


@pytest.mark.parametrize("step", STEPS)
def test_every_step_stands_in_both_languages(desk, address, step):
    for desk.language in ("zh-CN", "en"):
        assert desk.get(f"{address}?step={step}").status_code == 200


def test_each_item_is_a_group_of_radios_with_a_legend(desk, address):
    seen = set()
    for section in SCALE.sections:
        page = read(desk.get(f"{address}?step={section.code}").text)
        for group in page.find("fieldset"):
            assert [one.text for one in group.find("legend")]
            radios = [one.attributes for one in group.find("input")]
            assert len({one["name"] for one in radios}) == 1
            seen.add(radios[0]["name"])
            most = SCALE.items[radios[0]["name"]].most
            assert [one["value"] for one in radios] == [str(n) for n in range(most, -1, -1)]

    assert seen == set(SCALE.items)


def test_htmx_is_given_the_sums_and_the_answers_are_kept(desk, address):
    part = desk.post(address, {"step": "self_care", "eating": "3", "bathing": "2"}, **HTMX)

    assert part.status_code == 200
    assert "<html" not in part.text
    assert "已答 2/26" in part.text
    assert "5 / 32" in part.text
    assert "还差 24 项" in part.text
    page = read(desk.get(f"{address}?step=self_care").text)
    checked = {one.attributes["id"] for one in page.find("input") if "checked" in one.attributes}
    assert checked == {"eating-3", "bathing-2"}


def test_without_scripts_a_button_adds_up_and_another_goes_on(desk, address):
    stays = desk.post(address, {"step": "movement", "walking": "1", "go": "add-up"})
    goes_on = desk.post(address, {"step": "movement", "go": "go-on"})

    assert stays.headers["Location"].endswith("form?step=movement")
    assert goes_on.headers["Location"].endswith("form?step=mind")
    assert "已答 1/26" in desk.get(f"{address}?step=movement").text


def test_the_provisional_level_stands_there_when_all_is_answered(desk, assessor, draft, address):
    fill_in(assessor[0], draft, 70)

    part = desk.post(address, {"step": "findings", "diagnoses": "f00", "event_fall": "2"}, **HTMX)

    assert "初步等级：轻度失能" in part.text
    assert "拟定等级：中度失能" in part.text


def test_findings_that_are_emptied_are_gone(desk, address, assessor, draft):
    for diagnoses, kept in (("F00 F32", ["F00", "F32"]), ("", [])):
        desk.post(address, {"step": "findings", "diagnoses": diagnoses, "coma": "", "note": "x"})
        with assessor[0].at_work(writes=False) as work:
            assert queries.get_sheet(work, draft).diagnoses == kept


@pytest.mark.parametrize(
    "given",
    [
        {"eating": "5"},
        {"eating": "-1"},
        {"eating": "four"},
        {"stairs": "4"},
        {"barthel": "10"},
        {"step": "nowhere"},
        {"event_fall": "100"},
        {"diagnoses": "痴呆"},
    ],
)
def test_what_the_scale_does_not_have_is_refused_and_nothing_kept(
    desk, address, assessor, draft, given
):
    sent = {"step": "self_care", "grooming": "4"} | given

    assert desk.post(address, sent).status_code == 422
    assert desk.post(address, sent, **HTMX).status_code == 422
    with assessor[0].at_work(writes=False) as work:
        assert queries.get_sheet(work, draft).points == {}


def test_a_refused_step_keeps_what_was_typed(desk, address):
    page = desk.post(address, {"step": "findings", "diagnoses": "痴呆", "note": "由女儿转述"})

    assert 'value="痴呆"' in page.text
    assert "由女儿转述" in page.text
    assert "请填 ICD-10 编码" in page.text


def test_the_last_step_leads_to_what_is_missing(desk, address):
    desk.post(address, {"step": "self_care", **dict.fromkeys(list(ALL_POINTS)[:7], "4")})

    page = desk.get(f"{address}?step=check").text

    assert "自理能力：还有 1 项没有评分" in page
    assert "提交复核" not in page


def test_handing_in_too_early_is_refused_with_a_sentence(desk, address):
    refused = desk.post(f"{address}/submission")

    assert refused.status_code == 409
    assert "还有 26 项没有评分" in refused.text


def test_a_coma_that_contradicts_the_answers_is_told_before_handing_in(
    desk, address, assessor, draft
):
    fill_in(assessor[0], draft, 90)
    part = desk.post(address, {"step": "findings", "coma": "true"}, **HTMX)

    assert "勾选了昏迷" in part.text
    assert desk.post(f"{address}/submission").status_code == 409


def test_what_was_handed_in_is_no_longer_a_form(desk, assessor, resident):
    handed_in = hand_in(assessor[0], resident.id)
    address = f"/residents/{resident.id}/assessments/{handed_in}"

    assert desk.get(f"{address}/form").headers["Location"].endswith(address)
    late = desk.post(f"{address}/form", {"step": "self_care", "eating": "0"}, **HTMX)
    assert late.status_code == 409
    assert "这份评估的状态刚刚变了" in late.text


def test_an_unknown_step_is_refused(desk, address):
    assert desk.get(f"{address}?step=b5").status_code == 422


def test_the_resident_is_told_of_the_assessment_and_not_of_every_answer(
    desk, address, assessor, resident, session
):
    for points in "012":
        desk.post(address, {"step": "self_care", "eating": points}, **HTMX)
    fill_in(assessor[0], int(address.split("/")[4]), 70)
    desk.post(f"{address}/submission")
    session.commit()

    told = [act.action for act in list_acts_for(session, resident.id, limit=20)]

    assert "assessment_form.submit" in told
    assert "assessment_form.save_step" not in told
