"""Claims on the console: begun, filled, handed in, decided office by office, stood in for."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from admin.formats import month_day
from server import clock
from server.identity.models import Role
from server.residents.grants import list_acts_for
from server.subsidies.claims.models import Claimant, ClaimState, SubsidyClaim
from server.subsidies.claims.queries import list_of
from server.subsidies.recoveries.owing import take_back_of_run
from tests.cities import NEIGHBOUR_VILLAGE, OTHER_COUNTY_VILLAGE
from tests.factories.caregivers import make_caregiver
from tests.factories.claims import COUNTY, TOWN, Offices, make_claim, make_claimed
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.pictures import picture
from tests.factories.subsidies import make_run, make_version
from tests.factories.subsidy_money import make_difference, make_payable, paid_to

LIST = "/subsidies/claims"
DESK = f"{LIST}/desk"
STAND_INS = f"{LIST}/stand-ins"
JANUARY = {"programme": "facility_operation", "first_month": "2026-01"}


@pytest.fixture
def draft(session, home, cases):
    return make_claim(session, home, papers=False)


@pytest.fixture
def there(draft):
    return f"{LIST}/{draft.id}"


@pytest.fixture
def handed_in(session, home, cases):
    offices = Offices(session, home)
    claim_id = offices.begin(home)
    offices.hand_in(claim_id)
    return claim_id


def rows_of(answer):
    return list(load_workbook(io.BytesIO(answer.data)).active.values)


def seen_on(page):
    return page.split('name="seen" value="')[1][:64]


def let_through(desk, claim_id):
    there = f"{LIST}/{claim_id}"
    return desk.post(f"{there}/acceptance", {"seen": seen_on(desk.get(there).text)}).status_code


def test_an_operator_begins_fills_and_hands_in(session, operator, home, cases, claim_of):
    page = operator.get(LIST).text
    assert "我的申领" in page
    assert "开始申领：养老机构运营补贴" in page
    assert '<option value="2026-01">' in page
    begun = operator.post(LIST, JANUARY | {"claimant_id": str(home.id)})
    assert begun.status_code == 303

    there = begun.location.removeprefix("/admin")
    page = operator.get(there).text
    for words in ("材料不齐", "入住台账", "600.00", "入住 · 编号 0"):
        assert words in page
    assert operator.post(f"{there}/handing-in").status_code == 409
    assert "还缺" in operator.get(LIST).text
    scan = {"evidence": "bed_book", "scan": (io.BytesIO(picture()), "a.jpg")}
    assert operator.post(f"{there}/papers", scan).status_code == 303
    assert "材料不齐" not in operator.get(there).text
    assert operator.post(f"{there}/handing-in").status_code == 303
    claim = session.exec(select(SubsidyClaim)).one()
    assert (claim.state, claim.cases, claim.expected_fen) == (ClaimState.AT_TOWN, 2, 60_000)
    again = {"evidence": "bed_book", "scan": (io.BytesIO(picture()), "a.jpg")}
    assert operator.post(f"{there}/papers", again).status_code == 409


def test_a_scan_is_shown_and_taken_away(operator, county, draft, there):
    scan = {"evidence": "bed_book", "scan": (io.BytesIO(picture()), "a.jpg")}
    operator.post(f"{there}/papers", scan)
    address = operator.get(there).text.split(f"/admin{there}/papers/")[1].split('"')[0]
    shown = county.get(f"{there}/papers/{address}")

    assert shown.mimetype == "image/jpeg"
    assert shown.headers["Cache-Control"] == "no-store"
    assert county.post(f"{there}/papers/{address}/removal").status_code == 403
    assert operator.post(f"{there}/papers/{address}/removal").status_code == 303
    assert operator.get(f"{there}/papers/{address}").status_code == 404


def test_what_is_sent_wrongly_is_refused(operator, home, there):
    assert operator.post(LIST, {"programme": "x"}).status_code == 422
    assert operator.post(f"{there}/papers", {"evidence": "bed_book"}).status_code == 422
    february = JANUARY | {"first_month": "2026-02", "claimant_id": str(home.id)}
    assert operator.post(LIST, february).status_code == 409


def test_nobody_claims_for_another_site(session, sit_down, operator, home, there):
    other = make_site(session, name="别家养老院")
    stranger = sit_down(Role.FACILITY_OPERATOR, site_id=other.id)

    assert stranger.post(LIST, JANUARY | {"claimant_id": str(home.id)}).status_code == 404
    assert stranger.get(there).status_code == 404
    assert stranger.post(f"{there}/withdrawal").status_code == 404
    assert "康乐养老院" not in stranger.get(LIST).text


def test_a_claim_is_taken_back(operator, draft, there, claim_of):
    assert operator.post(f"{there}/withdrawal").status_code == 303
    assert claim_of(draft.id).state is ClaimState.WITHDRAWN
    assert operator.post(f"{there}/withdrawal").status_code == 409


def test_three_offices_let_it_through(handed_in, operator, town, county, city, claim_of):
    for desk, after in (
        (town, ClaimState.AT_COUNTY),
        (county, ClaimState.AT_CITY),
        (city, ClaimState.ACCEPTED),
    ):
        assert "康乐养老院" in desk.get(DESK).text
        assert let_through(desk, handed_in) == 303
        assert claim_of(handed_in).state is after
    page = operator.get(f"{LIST}/{handed_in}").text
    assert "已通过" in page
    assert "您的意见" not in page


def test_a_claim_says_how_far_it_is_and_whose_turn_it_is(handed_in, operator, town):
    there = f"{LIST}/{handed_in}"

    assert 'aria-current="step"><span>乡镇（街道）审核</span></li>' in operator.get(there).text
    assert "等待乡镇（街道）审核，期限 2026年" in operator.get(there).text
    assert "轮到您" in town.get(there).text


def test_a_draft_says_until_when_it_is_taken(there, operator):
    page = operator.get(there).text

    assert 'aria-current="step"><span>填写</span></li>' in page
    assert "补齐材料后提交" in page


def test_nobody_lets_it_through_at_two_offices(handed_in, county, claim_of):
    assert let_through(county, handed_in) == 303
    there = f"{LIST}/{handed_in}"
    page = county.get(there).text

    assert county.post(f"{there}/acceptance", {"seen": seen_on(page)}).status_code == 403
    assert claim_of(handed_in).state is ClaimState.AT_COUNTY


def test_it_is_given_back_mended_and_refused(handed_in, operator, town, claim_of):
    there = f"{LIST}/{handed_in}"
    assert town.post(f"{there}/return", {"words": ""}).status_code == 422
    assert town.post(f"{there}/return", {"words": "台账缺页"}).status_code == 303
    assert "台账缺页" in operator.get(there).text
    assert "台账缺页" in operator.get(LIST).text
    assert operator.post(f"{there}/handing-in").status_code == 303
    assert town.post(f"{there}/refusal", {"words": "重复申领"}).status_code == 303

    assert claim_of(handed_in).state is ClaimState.REFUSED


def test_what_changed_since_is_shown_and_stops_the_yes(
    session, home, version, handed_in, town, claim_of
):
    there = f"{LIST}/{handed_in}"
    before = seen_on(town.get(there).text)
    later = [{"site_id": home.id, "subject": "stay:9"}]
    make_run(session, later, version=version, division_code=COUNTY)

    page = town.get(there).text
    assert "平台数据有变化" in page
    assert "原无记录" in page
    assert "入住 · 编号 9" in page
    assert "stay:9" not in page
    assert "stay:" not in str(rows_of(town.get(f"{there}/export.xlsx")))
    assert town.post(f"{there}/acceptance", {"seen": before}).status_code == 409
    assert "需逐份查看" in town.get(DESK).text
    assert town.post(f"{there}/acceptance", {"seen": seen_on(page)}).status_code == 303


def test_the_clean_ones_are_let_through_together(session, home, version, handed_in, town, claim_of):
    sites = [make_site(session, name=f"第{number}养老院") for number in range(3)]
    ids = []
    for month, site in enumerate(sites, start=1):
        make_run(
            session, [{"site_id": site.id}], version=version, division_code=f"14050{month + 2}"
        )
        offices = Offices(session, site)
        ids.append(offices.begin(site))
        offices.hand_in(ids[-1])
    page = town.get(DESK).text
    assert all(f"通过申领 {one}" in page for one in [handed_in, *ids][:1])
    answer = town.post(f"{DESK}/acceptance", {"claim": [str(handed_in), "9999999"]})

    assert "已通过 1 份申领" in answer.text
    assert claim_of(handed_in).state is ClaimState.AT_COUNTY
    assert town.post(f"{DESK}/acceptance", {}).status_code == 422


def test_the_desk_says_what_is_late(handed_in, town, session, claim_of):
    claim = claim_of(handed_in)
    assert month_day(claim.due_on) in town.get(DESK).text
    claim.due_on = clock.today() - timedelta(days=1)
    session.flush()

    page = town.get(f"{DESK}?late=true").text
    assert "康乐养老院" in page
    assert "超期" in page
    rows = rows_of(town.get(f"{DESK}/export.xlsx?late=true"))
    assert [row[0] for row in rows[1:]] == [handed_in]


def test_another_county_decides_nothing(sit_down, handed_in):
    other = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])
    there = f"{LIST}/{handed_in}"

    assert other.get(there).status_code == 404
    assert other.post(f"{there}/return", {"words": "台账缺页"}).status_code == 404
    assert "康乐养老院" not in other.get(DESK).text


def test_files_say_what_the_lists_say(city, operator, handed_in):
    rows = rows_of(city.get(f"{LIST}/export.xlsx?state=at_town"))
    assert [(row[0], row[4], row[5], row[7]) for row in rows[1:]] == [
        (handed_in, "康乐养老院", "乡镇（街道）审核", 600)
    ]
    rows = rows_of(operator.get(f"{LIST}/{handed_in}/export.xlsx"))
    assert [(row[0], row[2], row[4]) for row in rows[1:]] == [
        ("2026-01", "入住 · 编号 0", 300), ("2026-01", "入住 · 编号 1", 300),
    ]  # fmt: skip


@pytest.mark.parametrize("asked", ["lucky=1", "state=rich", "claimant=cat", "late=perhaps"])
def test_a_filter_that_is_not_one_is_refused(city, asked):
    assert city.get(f"{LIST}?{asked}").status_code == 422
    assert city.get(f"{DESK}?{asked}").status_code == 422


def test_a_stand_in_decides_in_anothers_place(
    session, hire, app, sit_down, handed_in, town, claim_of
):
    assert let_through(town, handed_in) == 303
    away = sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)
    colleague = sit_down(Role.COUNTY_OFFICER, division_code=NEIGHBOUR_VILLAGE)
    page = away.get(STAND_INS).text
    numbers = [one.split('"')[0] for one in page.split('<option value="')[1:]]
    today = clock.today().isoformat()
    there = f"{LIST}/{handed_in}"
    assert colleague.get(there).status_code == 404
    form = {"first_on": today, "last_on": today, "words": "外出培训"}
    assert away.post(STAND_INS, form | {"stand_in_id": max(numbers, key=int)}).status_code == 303
    assert away.post(STAND_INS, form | {"stand_in_id": max(numbers, key=int)}).status_code == 409
    assert "生效中" in away.get(STAND_INS).text
    assert rows_of(away.get(f"{STAND_INS}/export.xlsx"))[1][5] == "外出培训"

    assert "受托代办" in colleague.get(DESK).text
    assert "受同事委托" in colleague.get(there).text
    assert let_through(colleague, handed_in) == 303
    assert claim_of(handed_in).state is ClaimState.AT_CITY
    number = away.get(STAND_INS).text.split(f"{STAND_INS}/")[-1].split("/")[0]
    assert colleague.post(f"{STAND_INS}/{number}/end").status_code == 404
    assert away.post(f"{STAND_INS}/{number}/end").status_code == 303
    assert "已收回" in away.get(STAND_INS).text


def test_an_elder_claims_at_the_window(session, sit_down, claim_of):
    elder = make_resident(session, name="李秀英")
    version = make_claimed(session, by="resident", stages=[{"at": "county", "working_days": 5}])
    make_run(session, [{"resident_id": elder.id}], version=version)
    worker = sit_down(Role.COMMUNITY_WORKER, division_code=elder.village_code)
    window = f"{LIST}/of-elder/{elder.id}"
    page = worker.get(window).text
    assert "李**的补贴申领" in page
    begun = worker.post(window, JANUARY)
    assert begun.status_code == 303

    there = begun.location.removeprefix("/admin")
    scan = {"evidence": "bed_book", "scan": (io.BytesIO(picture()), "a.jpg")}
    assert worker.post(f"{there}/papers", scan).status_code == 303
    assert worker.post(f"{there}/handing-in").status_code == 303
    assert "区县审核" in worker.get(window).text
    done = [row.action for row in list_acts_for(session, elder.id, limit=9)]
    assert done == ["subsidy_claim.hand_in", "subsidy_claim.put_paper",
                    "subsidy_claims.begin_for_elder"]  # fmt: skip
    assert worker.post(window, {"programme": "x"}).status_code == 422
    other = sit_down(Role.COMMUNITY_WORKER, division_code=OTHER_COUNTY_VILLAGE)
    assert other.get(window).status_code == 404
    assert other.post(window, JANUARY).status_code == 404
    assert other.get(there).status_code == 404


def test_at_the_window_an_elder_is_told_what_she_owes_back(session, sit_down):
    elder = make_resident(session, name="李秀英")
    neighbour = make_resident(session, village_code=elder.village_code)
    version = make_version(session, paid_to("resident", most_percent=30))
    run = make_payable(session, [{"resident_id": elder.id}], version=version)
    made = make_difference(session, run, 1, -20000, version, resident_id=elder.id)
    take_back_of_run(session, made.id)
    worker = sit_down(Role.COMMUNITY_WORKER, division_code=elder.village_code)

    page = worker.get(f"{LIST}/of-elder/{elder.id}").text
    assert "尚欠 200.00 元（共 200.00 元）" in page
    assert "每次发放最多抵扣 30%" in page
    assert "可咨询：晋城市" in page
    assert "尚欠" not in worker.get(f"{LIST}/of-elder/{neighbour.id}").text


class TestForACaregiver:
    """The operator's clerk claims for a caregiver whose file the home keeps."""

    @pytest.fixture
    def caregiver(self, session, home):
        caregiver = make_caregiver(session, home, name="薛向学")
        version = make_claimed(session, by="caregiver", beneficiary="caregiver",
                               payee="caregiver")  # fmt: skip
        lines = [{"caregiver_id": caregiver.id, "site_id": home.id}]
        make_run(session, lines, version=version)
        return caregiver

    @pytest.fixture
    def window(self, caregiver):
        return f"{LIST}/of-caregiver/{caregiver.id}"

    def test_the_file_leads_to_it(self, operator, caregiver, window):
        page = operator.get(f"/caregivers/{caregiver.id}").text

        assert f'href="/admin{window}"' in page

    def test_it_is_prefilled_papers_are_named_and_it_is_handed_in(self, operator, window, claim_of):
        page = operator.get(window).text
        assert "养老机构运营补贴" in page
        assert '<option value="2026-01" selected>2026-01 · 有记录</option>' in page
        begun = operator.post(window, JANUARY)
        assert begun.status_code == 303
        there = begun.location.removeprefix("/admin")
        page = operator.get(there).text
        assert "300.00" in page
        assert "入住台账" in page
        assert "材料交齐后才能提交。" in page
        assert operator.post(f"{there}/handing-in").status_code == 409

        scan = {"evidence": "bed_book", "scan": (io.BytesIO(picture()), "a.jpg")}
        assert operator.post(f"{there}/papers", scan).status_code == 303
        assert operator.post(f"{there}/handing-in").status_code == 303
        assert claim_of(int(there.split("/")[-1])).state is ClaimState.AT_TOWN
        assert "乡镇（街道）审核" in operator.get(window).text

    def test_the_caregiver_follows_it_on_her_phone(self, session, operator, caregiver, window):
        operator.post(window, JANUARY)

        [claim] = list_of(session, Claimant.CAREGIVER, [caregiver.id])
        assert (claim.state, claim.made_by is not None) == (ClaimState.DRAFT, True)

    def test_twice_is_refused_and_what_is_wrong_is_named(self, operator, window):
        assert operator.post(window, JANUARY).status_code == 303
        assert operator.post(window, JANUARY).status_code == 409
        assert operator.post(window, {"programme": "x"}).status_code == 422

    def test_only_whoever_keeps_the_file_does(self, session, sit_down, caregiver, window):
        other = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)
        worker = sit_down(Role.COMMUNITY_WORKER, division_code=TOWN)

        for desk in (other, worker):
            assert desk.get(window).status_code == 404
            assert desk.post(window, JANUARY).status_code == 404


def test_more_claims_need_no_more_statements(session, operator, town, handed_in, statements):
    def sent(desk, address):
        desk.get(address)
        with statements() as told:
            desk.get(address)
        return len(told)

    few = [sent(operator, LIST), sent(town, DESK)]
    for number in range(3):
        site = make_site(session, name=f"第{number}养老院")
        offices = Offices(session, site)
        claim = session.get(SubsidyClaim, offices.begin(site))
        claim.state, claim.handed_in_at = ClaimState.AT_TOWN, clock.now()
        claim.due_on = clock.today()
        session.flush()

    assert [sent(operator, LIST), sent(town, DESK)] == few


def test_more_stand_ins_need_no_more_statements(sit_down, statements):
    away = sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)
    for _ in range(4):
        sit_down(Role.COUNTY_OFFICER, division_code=NEIGHBOUR_VILLAGE)
    numbers = [one.split('"')[0] for one in away.get(STAND_INS).text.split('<option value="')[1:]]
    colleagues = sorted(numbers, key=int)[-4:]

    def name(days, colleague):
        day = (clock.today() + timedelta(days=days)).isoformat()
        form = {"first_on": day, "last_on": day, "words": "外出", "stand_in_id": colleague}
        assert away.post(STAND_INS, form).status_code == 303

    def sent():
        away.get(STAND_INS)
        with statements() as told:
            away.get(STAND_INS)
        return len(told)

    name(0, colleagues[0])
    few = sent()
    for days, colleague in enumerate(colleagues[1:], start=1):
        name(days, colleague)

    assert sent() == few
