"""What waits for a yes on the console: scans from phones, and sites that ask for one's people."""

from datetime import timedelta

import pytest
from sqlmodel import select

from server import clock
from server.caregivers.asking.models import (
    CaregiverProof,
    EmploymentTakeover,
    ProofKind,
    Settled,
)
from server.caregivers.certifying import keep_scan
from server.caregivers.models import CaregiverEducation, Employment, SkillCertificate
from server.identity.models import Role
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.people import an_id_number
from tests.factories.pictures import picture

NUMBER = an_id_number(7401)
CERTIFICATE = {"level": "3", "number": "s140500000007401", "issuer": "晋城市鉴定中心",
               "issued_on": "2024-05-01", "valid_until": "2100-01-01"}  # fmt: skip
DEGREE = {"degree": "college", "school": "长治医学院", "obtained_on": "2020-06-30",
          "recognition": "XL7401", "recognised_on": "2024-01-01"}  # fmt: skip


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def other_home(session):
    return make_site(session, name="松柏养老院")


@pytest.fixture
def desk(sit_down, home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=home.id)


@pytest.fixture
def other_desk(sit_down, other_home):
    return sit_down(Role.FACILITY_OPERATOR, site_id=other_home.id)


@pytest.fixture
def worker(session, home):
    one = make_caregiver(session, home, name="孙一兰", id_number=NUMBER)
    make_employment(session, one)
    return one


@pytest.fixture
def scan(session, worker):
    """Something they sent from their phone."""

    def send(kind=ProofKind.CERTIFICATE):
        file = keep_scan(session, worker, picture(mark=kind is ProofKind.EDUCATION))
        sent = CaregiverProof(
            caregiver_id=worker.id, kind=kind, file_id=file.id, sent_at=clock.now(),
            state=Settled.WAITING,
        )  # fmt: skip
        session.add(sent)
        session.flush()
        return sent

    return send


def asking(home, **given):
    return {"site": home.id, "name": "孙一兰", "id_number": NUMBER, "post": "care",
            "starts_on": clock.today().isoformat(), "is_full_time": "true"} | given  # fmt: skip


class TestScans:
    def test_what_a_scan_shows_becomes_a_certificate_with_the_scan_beside_it(
        self, session, desk, worker, scan
    ):
        sent = scan()
        assert "孙一兰" in desk.get("/caregivers/scans").text
        page = desk.get(f"/caregivers/scans/{sent.id}").text
        assert f"/caregivers/{worker.id}/papers/{sent.file_id}" in page
        assert desk.get(f"/caregivers/{worker.id}/papers/{sent.file_id}").mimetype == "image/jpeg"

        answer = desk.post(f"/caregivers/scans/{sent.id}/certificate", CERTIFICATE)

        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/admin/caregivers/{worker.id}"
        session.refresh(sent)
        assert (sent.state, sent.settled_at is None) == (Settled.CONFIRMED, False)
        kept = session.exec(select(SkillCertificate)).one()
        assert (kept.number, kept.level, kept.file_id) == ("S140500000007401", 3, sent.file_id)
        assert "没有待核对的扫描件" in desk.get("/caregivers/scans").text

    def test_what_a_scan_shows_becomes_a_degree(self, session, desk, scan):
        sent = scan(ProofKind.EDUCATION)

        assert desk.post(f"/caregivers/scans/{sent.id}/education", DEGREE).status_code == 303

        kept = session.exec(select(CaregiverEducation)).one()
        assert (kept.recognition, kept.file_id) == ("XL7401", sent.file_id)

    def test_a_scan_that_cannot_be_used_goes_back_with_words(self, session, desk, worker, scan):
        sent = scan()
        at = f"/caregivers/scans/{sent.id}/refusal"

        assert desk.post(at, {"said": ""}).status_code == 422
        assert desk.post(at, {"said": "看不清编号"}).status_code == 303

        session.refresh(sent)
        assert (sent.state, sent.said) == (Settled.REFUSED, "看不清编号")
        assert session.exec(select(SkillCertificate)).all() == []
        assert "看不清编号" in desk.get(f"/caregivers/{worker.id}").text

    @pytest.mark.parametrize(
        ("step", "form"),
        [("certificate", CERTIFICATE), ("education", DEGREE), ("refusal", {"said": "看不清"})],
    )
    def test_a_scan_is_settled_once(self, desk, scan, step, form):
        sent = scan()
        desk.post(f"/caregivers/scans/{sent.id}/refusal", {"said": "看不清编号"})

        answer = desk.post(f"/caregivers/scans/{sent.id}/{step}", form)

        assert answer.status_code == 409
        assert "已经有人答复" in answer.text

    def test_a_wrong_entry_leaves_the_scan_waiting(self, session, desk, worker, scan):
        sent = scan()
        at = f"/caregivers/scans/{sent.id}/certificate"

        assert desk.post(at, CERTIFICATE | {"level": "9"}).status_code == 422
        assert desk.post(at, CERTIFICATE | {"valid_until": "2020-01-01"}).status_code == 422

        session.refresh(sent)
        assert sent.state is Settled.WAITING

    def test_a_scan_is_nothing_to_another_home(self, session, other_desk, worker, scan):
        sent = scan()

        assert "孙一兰" not in other_desk.get("/caregivers/scans").text
        assert other_desk.get(f"/caregivers/scans/{sent.id}").status_code == 404
        answer = other_desk.post(f"/caregivers/scans/{sent.id}/refusal", {"said": "不是我们的"})
        assert answer.status_code == 404
        session.refresh(sent)
        assert sent.state is Settled.WAITING


class TestKnown:
    def test_somebody_free_is_taken_on_at_once(self, session, other_desk, home, other_home):
        free = make_caregiver(session, home, name="孙一兰", id_number=NUMBER)
        assert "调入" in other_desk.get("/caregivers/known").text

        answer = other_desk.post("/caregivers/known", asking(other_home))

        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/admin/caregivers/{free.id}"
        assert "松柏养老院" in other_desk.get(f"/caregivers/{free.id}").text

    def test_number_and_name_are_one_persons(self, other_desk, other_home, worker):
        wrong = other_desk.post("/caregivers/known", asking(other_home, name="赵玉兰"))
        unknown = other_desk.post(
            "/caregivers/known", asking(other_home, id_number=an_id_number(7402))
        )

        assert (wrong.status_code, unknown.status_code) == (422, 422)
        for answer in (wrong, unknown):
            assert "枫叶" not in answer.text
            assert str(worker.id) not in answer.headers.get("Location", "")

    @pytest.mark.parametrize("field", ["name", "id_number", "starts_on", "post"])
    def test_an_incomplete_form_is_refused(self, other_desk, other_home, field):
        answer = other_desk.post("/caregivers/known", asking(other_home) | {field: ""})
        assert answer.status_code == 422

    def test_nobody_is_taken_on_at_anothers_site(self, other_desk, home, worker):
        assert other_desk.post("/caregivers/known", asking(home)).status_code == 404


class TestTakeovers:
    @pytest.fixture
    def takeover(self, session, other_desk, other_home, worker):
        answer = other_desk.post("/caregivers/known", asking(other_home))
        assert answer.headers["Location"] == "/admin/caregivers/takeovers"
        return session.exec(select(EmploymentTakeover)).one()

    def test_who_is_asked_reads_who_asks_and_who_asks_reads_no_more(
        self, desk, other_desk, worker, takeover
    ):
        asked = desk.get("/caregivers/takeovers").text
        assert "孙一兰" in asked
        assert "松柏养老院" in asked
        assert f"/caregivers/takeovers/{takeover.id}/yes" in asked
        waiting = other_desk.get("/caregivers/takeovers").text
        assert f"/caregivers/takeovers/{takeover.id}/withdrawal" in waiting
        assert "枫叶" not in waiting
        assert other_desk.get(f"/caregivers/{worker.id}").status_code == 404

    def test_they_may_go_after_a_last_day(self, session, desk, other_home, worker, takeover):
        last = clock.today() + timedelta(days=9)
        at = f"/caregivers/takeovers/{takeover.id}/yes"
        assert desk.post(at, {"last_day": ""}).status_code == 422
        assert desk.post(at, {"last_day": last.isoformat()}).status_code == 303

        session.refresh(takeover)
        assert takeover.state is Settled.CONFIRMED
        begun = session.exec(select(Employment).order_by(Employment.id.desc())).first()
        assert (begun.site_id, begun.starts_on) == (other_home.id, last + timedelta(days=1))
        assert desk.post(at, {"last_day": last.isoformat()}).status_code == 409

    def test_they_stay_and_who_asked_reads_why(self, session, desk, other_desk, takeover):
        at = f"/caregivers/takeovers/{takeover.id}/no"
        assert desk.post(at, {"said": ""}).status_code == 422
        assert desk.post(at, {"said": "合同到明年"}).status_code == 303

        session.refresh(takeover)
        assert takeover.state is Settled.REFUSED
        assert "合同到明年" in other_desk.get("/caregivers/takeovers").text

    def test_who_asked_takes_it_back_and_may_ask_again(
        self, session, desk, other_desk, other_home, takeover
    ):
        at = f"/caregivers/takeovers/{takeover.id}/withdrawal"
        assert other_desk.post("/caregivers/known", asking(other_home)).status_code == 409
        assert desk.post(at).status_code == 404
        assert other_desk.post(at).status_code == 303

        session.refresh(takeover)
        assert takeover.state is Settled.REFUSED
        assert other_desk.post("/caregivers/known", asking(other_home)).status_code == 303

    @pytest.mark.parametrize(
        ("step", "form"), [("yes", {"last_day": "2030-01-01"}), ("no", {"said": "不放人"})]
    )
    def test_only_the_employer_answers(self, session, other_desk, takeover, step, form):
        answer = other_desk.post(f"/caregivers/takeovers/{takeover.id}/{step}", form)

        assert answer.status_code == 404
        session.refresh(takeover)
        assert takeover.state is Settled.WAITING
