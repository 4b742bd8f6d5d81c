"""closeAccount at a window: the account of the person's own phone, with a reason."""

import pytest
from sqlalchemy import text

from server.identity.models import Role
from server.residents.models import GrantKind
from tests.admin.residents.conftest import open_file
from tests.factories.people import make_account

CLOSED = text("SELECT count(closed_at) FROM account")
FORM = {"bookings": "keep", "reason": "本人到窗口"}


@pytest.fixture
def worker(sit_down, resident):
    desk = sit_down(Role.COMMUNITY_WORKER, division_code="140502")
    open_file(desk, resident)
    return desk


def address_of(session, resident, kind=GrantKind.SELF):
    account = make_account(session, resident, kind=kind)
    session.commit()
    find = text("SELECT id FROM resident_grant WHERE account_id = :account")
    grant = session.execute(find, {"account": account.id}).scalar_one()
    return f"/residents/{resident.id}/helpers/{grant}/closing"


def closed(session):
    session.commit()
    return session.execute(CLOSED).scalar_one()


def test_it_is_closed_with_a_reason(worker, session, resident):
    address = address_of(session, resident)

    assert worker.post(address, FORM).status_code == 303

    assert closed(session) == 1
    reasons = text("SELECT reason FROM act WHERE action = 'residents_helpers.close_account'")
    assert session.execute(reasons).scalars().all() == ["本人到窗口"]


def test_without_a_reason_nothing_is_closed(worker, session, resident):
    answer = worker.post(address_of(session, resident), FORM | {"reason": ""})

    assert answer.status_code == 422
    assert closed(session) == 0


def test_a_helpers_account_is_not_closed_from_here(worker, session, resident):
    address = address_of(session, resident, GrantKind.HELPER)

    assert worker.post(address, FORM).status_code == 404
    assert closed(session) == 0


def test_an_auditor_closes_nothing(sit_down, session, resident):
    auditor = sit_down(Role.AUDITOR)
    open_file(auditor, resident)

    assert auditor.post(address_of(session, resident), FORM).status_code == 403
