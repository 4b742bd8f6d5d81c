"""listReferrals, askForReferral, showReferral, acceptReferral, declineReferral, handOver,
withdrawReferral, showQueue, removeEntry, listVisits, confirmVisit, declineVisit, noteVisit."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.models import BedKind
from server.facilities.referrals.models import ReferralReason, RequestedBy
from server.facilities.referrals.requesting import request_referral
from server.facilities.stays.admitting import admit
from server.facilities.viewings.models import Viewing
from server.facilities.waiting.joining import apply
from server.identity.models import Role
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()


@pytest.fixture
def home(session):
    return make_site(session, name="德善养老院")


@pytest.fixture
def hospital(session):
    return make_site(session, name="第二医院康养中心")


@pytest.fixture
def bed(session, home):
    return make_bed(session, site=home)


@pytest.fixture
def ward(session, hospital):
    return make_bed(session, site=hospital, kind=BedKind.MEDICAL)


@pytest.fixture
def wang(session):
    return make_resident(session, name="王桂兰")


@pytest.fixture
def stay(session, wang, bed):
    return admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)


@pytest.fixture
def at_home(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def at_the_hospital(sit_down, hospital):
    return sit_down(Role.FACILITY_OPERATOR, site_id=hospital.id)


def states(session, table):
    session.expire_all()
    return session.execute(text(f"SELECT state FROM {table}")).scalars().all()


class TestAReferral:
    @pytest.fixture
    def form(self, stay, ward):
        return {
            "stay": stay.id,
            "to_site": ward.site_id,
            "to_kind": "medical",
            "referral_reason": "treatment",
            "basis": "髋部骨折",
            "keeps_bed": "true",
        }

    @pytest.fixture
    def referral(self, session, wang, stay, ward):
        return request_referral(
            session,
            resident_id=wang.id,
            from_stay_id=stay.id,
            to_site_id=ward.site_id,
            to_kind=BedKind.MEDICAL,
            reason=ReferralReason.TREATMENT,
            basis="髋部骨折",
            requested_by=RequestedBy.STAFF,
            keeps_bed=True,
        )

    def test_goes_from_one_house_through_the_other(
        self, at_home, at_the_hospital, session, form, ward
    ):
        assert at_home.post("/referrals", form).status_code == 303
        assert "王桂兰" in at_home.get("/referrals").text
        assert "王桂兰" in at_the_hospital.get("/referrals").text
        [number] = session.execute(text("SELECT id FROM referral")).scalars()
        there = f"/referrals/{number}"

        accepted = {"bed": ward.id, "planned_on": TODAY.isoformat()}
        assert "接收并选床" not in at_home.get(there).text
        assert ward.label in at_the_hospital.get(there).text
        assert at_the_hospital.post(f"{there}/acceptance", accepted).status_code == 303
        assert at_home.post(f"{there}/handover", {"handover_note": "药单"}).status_code == 303

        assert states(session, "referral") == ["carried_out"]
        assert "已交接" in at_the_hospital.get(there).text

    def test_without_a_basis_says_so(self, at_home, form):
        answer = at_home.post("/referrals", form | {"basis": ""})

        assert answer.status_code == 422
        assert "依据" in answer.text

    def test_refused_says_why(self, at_home, form):
        at_home.post("/referrals", form)

        answer = at_home.post("/referrals", form)

        assert answer.status_code == 409
        assert "还没有办完" in answer.text

    def test_declined_is_told(self, at_home, at_the_hospital, referral):
        address = f"/referrals/{referral.id}"
        at_the_hospital.post(f"{address}/refusal", {"decline_reason": "没有空床"})

        assert "没有空床" in at_home.get(address).text

    def test_taken_back_is_closed(self, at_home, session, referral):
        at_home.post(f"/referrals/{referral.id}/withdrawal")

        assert states(session, "referral") == ["withdrawn"]

    def test_of_other_houses_is_not_there(self, sit_down, session, referral):
        elsewhere = sit_down(Role.FACILITY_OPERATOR, site_id=make_site(session).id)

        assert elsewhere.get(f"/referrals/{referral.id}").status_code == 404
        assert elsewhere.post(f"/referrals/{referral.id}/withdrawal").status_code == 404


class TestTheList:
    @pytest.fixture
    def entry(self, session, wang, bed):
        return apply(
            session,
            resident_id=wang.id,
            site_id=bed.site_id,
            kind=BedKind.INSTITUTION,
            asked_by=RequestedBy.HELPER,
        )

    def test_shows_who_waits_and_why_there(self, at_home, entry):
        page = at_home.get("/queue").text

        assert "王桂兰" in page
        assert "按申请先后" in page

    def test_lets_nobody_be_taken_off_without_a_reason(self, at_home, session, entry):
        assert at_home.post(f"/queue/{entry.id}/removal", {}).status_code == 422
        assert states(session, "waiting_entry") == ["waiting"]

        at_home.post(f"/queue/{entry.id}/removal", {"end_reason": "已住进别的机构"})

        assert states(session, "waiting_entry") == ["removed"]
        assert "没有人在等" in at_home.get("/queue").text

    def test_of_another_house_is_not_there(self, at_the_hospital, entry):
        assert "王桂兰" not in at_the_hospital.get("/queue").text
        answer = at_the_hospital.post(f"/queue/{entry.id}/removal", {"end_reason": "不该"})
        assert answer.status_code == 404


class TestAVisit:
    @pytest.fixture
    def visit(self, session, wang, home):
        visit = Viewing(
            resident_id=wang.id,
            site_id=home.id,
            day=TODAY + timedelta(days=2),
            part="morning",
            phone="+8613900001234",
            asked_at=clock.now(),
            state="asked",
        )
        session.add(visit)
        session.flush()
        return visit

    def test_is_confirmed_and_then_took_place(self, at_home, session, visit):
        assert "13900001234" in at_home.get("/visits").text

        at_home.post(f"/visits/{visit.id}/confirmation", {"answer": "欢迎"})
        assert states(session, "viewing") == ["confirmed"]
        at_home.post(f"/visits/{visit.id}/done")
        assert states(session, "viewing") == ["done"]

    def test_is_declined_with_words(self, at_home, session, visit):
        assert at_home.post(f"/visits/{visit.id}/refusal", {}).status_code == 422
        at_home.post(f"/visits/{visit.id}/refusal", {"answer": "那天消毒，请改天"})

        assert states(session, "viewing") == ["declined"]
        assert "那天消毒" in at_home.get("/visits").text

    def test_at_another_house_is_not_there(self, at_the_hospital, visit):
        assert at_the_hospital.post(f"/visits/{visit.id}/done").status_code == 404
