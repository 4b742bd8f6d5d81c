"""showPhone, vouch, signOut, replace: a phone at the window."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from server import clock
from server.identity.models import Role
from server.residents.models import GrantKind, ResidentGrant
from tests.admin.belonging import OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import make_account, make_resident, make_sign_in

KEEPERS = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER}
SEEN = {"has_seen": "yes", "reason": "本人持身份证到窗口"}
DEEDS = ("vouching", "sign-out", "replacement")


@pytest.fixture
def mother(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def account(session, mother):
    return make_account(session, mother, phone="13800001111")


def grant_of(session, account):
    session.commit()
    return session.exec(select(ResidentGrant).where(ResidentGrant.account_id == account.id)).one()


@pytest.fixture
def where(session, account, mother):
    return f"/residents/{mother.id}/helpers/{grant_of(session, account).id}/phone"


@pytest.fixture
def worker(sit_down, mother):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code="140502")
    desk.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})
    return desk


def told(session):
    session.commit()
    return session.execute(text("SELECT kind FROM message ORDER BY id")).scalars().all()


class TestThePage(OpensFor):
    roles = KEEPERS

    @pytest.fixture
    def address(self, where):
        return where

    @pytest.mark.parametrize("deed", DEEDS)
    def test_without_the_form_guard_nothing_is_done(self, worker, where, deed):
        assert worker.post(f"{where}/{deed}", SEEN, guard=False).status_code == 400

    @pytest.mark.parametrize("role", sorted(set(Role) - KEEPERS))
    def test_other_offices_do_nothing(self, every_office, role, where):
        assert every_office(role).post(f"{where}/vouching", SEEN).status_code == 403


class TestVouching:
    def test_is_noted_and_told_and_stands_in_what_was_done_for_her(
        self, worker, where, account, mother, session
    ):
        assert worker.post(f"{where}/vouching", SEEN).status_code == 303

        session.refresh(account)
        assert clock.now() - account.vouched_at < timedelta(minutes=1)
        assert told(session) == ["residents.phone_vouched"]
        history = worker.get(f"/residents/{mother.id}/history").text
        assert "确认手机是本人的" in history
        assert SEEN["reason"] in history

    @pytest.mark.parametrize("missing", ["has_seen", "reason"])
    @pytest.mark.parametrize("deed", DEEDS)
    def test_without_papers_seen_or_a_reason_nothing_happens(
        self, worker, where, account, session, missing, deed
    ):
        form = {"new_phone": "13900002222"} | SEEN
        del form[missing]

        assert worker.post(f"{where}/{deed}", form).status_code == 422
        session.refresh(account)
        assert account.vouched_at is None
        assert told(session) == []


class TestBeyondTheWindow:
    @pytest.mark.parametrize("deed", DEEDS)
    def test_the_file_must_be_open(self, sit_down, where, deed):
        desk = sit_down(Role.COMMUNITY_WORKER, division_code="140502")

        answer = desk.post(f"{where}/{deed}", SEEN | {"new_phone": "13900002222"})
        assert answer.status_code == 403

    @pytest.mark.parametrize("deed", DEEDS)
    def test_a_grant_of_another_resident_is_not_found(self, worker, mother, session, where, deed):
        far = make_resident(session, name="王桂兰", village_code=OTHER_COUNTY_VILLAGE)
        theirs = grant_of(session, make_account(session, far)).id

        answer = worker.post(
            f"/residents/{mother.id}/helpers/{theirs}/phone/{deed}",
            SEEN | {"new_phone": "13900002222"},
        )
        assert answer.status_code == 404
        assert told(session) == []

    def test_an_ended_grant_is_not_found(self, worker, where, account, session):
        grant_of(session, account).ends_on = clock.today()
        session.commit()

        assert worker.get(where).status_code == 404
        assert worker.post(f"{where}/vouching", SEEN).status_code == 404


class TestLostAndChanged:
    def test_a_lost_phones_devices_are_out(self, worker, where, account, session):
        make_sign_in(session, account=account)
        session.commit()

        worker.post(f"{where}/sign-out", SEEN)

        open_ones = "SELECT count(*) FROM sign_in WHERE account_id = :a AND revoked_at IS NULL"
        session.commit()
        assert session.execute(text(open_ones), {"a": account.id}).scalar_one() == 0
        assert told(session) == ["residents.phone_signed_out"]

    def test_a_new_number_takes_the_place_of_the_old(self, worker, where, account, mother, session):
        answer = worker.post(f"{where}/replacement", SEEN | {"new_phone": "１３９００００２２２２"})

        assert answer.status_code == 303
        page = worker.get(f"/residents/{mother.id}/helpers").text
        assert "13900002222" in page.replace(" ", "")
        assert grant_of(session, account).ends_on == clock.today()
        assert told(session) == ["residents.phone_replaced"]

    @pytest.mark.parametrize("wrong", ["12", "0356-2025555", "not a number"])
    def test_a_number_that_no_message_reaches_is_told(self, worker, where, wrong, session):
        answer = worker.post(f"{where}/replacement", SEEN | {"new_phone": wrong})

        assert answer.status_code == 422
        assert told(session) == []

    def test_a_helpers_phone_is_not_changed_but_bound_anew(self, worker, mother, session, account):
        daughter = make_account(session, mother, kind=GrantKind.HELPER)
        where = f"/residents/{mother.id}/helpers/{grant_of(session, daughter).id}/phone"

        assert "换成新手机号" not in worker.get(where).text
        answer = worker.post(f"{where}/replacement", SEEN | {"new_phone": "13900002222"})
        assert answer.status_code == 404
