"""What was noted wrongly is put right on the console by two people."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from tests.factories.homecare import make_proof, make_visit


@pytest.fixture
def made(session, bed, worker):
    visit = make_visit(
        session, bed, worker, starts_at=clock.now() - timedelta(hours=4), state="done"
    )
    make_proof(session, visit, minutes=5)
    return visit


def local(moment):
    return f"{moment.astimezone(clock.CITY):%Y-%m-%dT%H:%M}"


def ask(desk, visit):
    starts = visit.starts_at
    form = {
        "arrived_at": local(starts),
        "left_at": local(starts + timedelta(hours=1)),
        "tasks_done": "bathing",
        "correction_reason": "手机没电了",
    }
    return desk.post(f"/care/visits/{visit.id}/corrections", form)


def decide(desk, session, visit, verdict="true"):
    session.commit()
    number = session.execute(text("SELECT id FROM visit_correction")).scalar_one()
    address = f"/care/visits/{visit.id}/corrections/{number}/decision"
    return desk.post(address, {"is_right": verdict})


def proofs(session):
    session.commit()
    query = text("SELECT superseded_at IS NULL AS counts FROM visit_proof ORDER BY id")
    return [row.counts for row in session.execute(query)]


def test_a_second_person_confirms_it(manager, deputy, session, made):
    assert ask(manager, made).status_code == 303
    assert "手机没电了" in deputy.get("/care/exceptions").text

    assert decide(deputy, session, made).status_code == 303
    assert proofs(session) == [False, True]


def test_whoever_asked_does_not(manager, session, made):
    ask(manager, made)

    assert decide(manager, session, made).status_code == 403
    assert proofs(session) == [True]


def test_corrections_leave_as_a_file_whatever_became_of_them(
    manager, deputy, other_manager, session, made
):
    ask(manager, made)
    decide(deputy, session, made)

    address = f"/care/exceptions/corrections.csv?day={made.service_on}"
    assert "手机没电了" in manager.get(address).text
    assert "手机没电了" not in other_manager.get(address).text
