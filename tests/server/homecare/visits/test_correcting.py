"""What was noted wrongly is put right by two people."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server import clock
from server.db.acts import Actor
from server.homecare.visits.correcting import ask_for_correction, decide_correction
from server.homecare.visits.errors import (
    CorrectionAsked,
    Decided,
    MonthIsClosed,
    SecondPersonNeeded,
)
from server.homecare.visits.models import HomeMonthClose, VisitProof
from server.identity.models import Role
from tests.factories.homecare import make_proof, make_visit
from tests.factories.people import make_staff

TRULY = {
    "arrived_at": clock.now() - timedelta(hours=5),
    "left_at": clock.now() - timedelta(hours=4),
    "tasks_done": ["bathing"],
    "reason": "手机没电，忘记点走了",
}


@pytest.fixture
def visit(session, bed, worker):
    return make_visit(session, bed, worker, starts_at=clock.now() - timedelta(hours=5))


@pytest.fixture
def someone(session, site):
    """Lets somebody of the provider act from here on."""

    def someone():
        staff = make_staff(session, Role.HOME_CARE_PROVIDER, site_id=site.id)

        def act():
            session.info["actor"] = Actor(staff_id=staff.id)

        return act

    return someone


def test_a_second_person_confirms_and_the_original_is_kept(session, visit, someone):
    asks, decides = someone(), someone()
    original = make_proof(
        session, visit, minutes=5, confirmed_by="tap", confirmed_at=visit.starts_at
    )
    asks()
    correction = ask_for_correction(session, visit.id, **TRULY)
    decides()
    decide_correction(session, correction.id, is_right=True)

    proofs = session.execute(select(VisitProof).order_by(VisitProof.id)).scalars().all()
    assert [proof.superseded_at is None for proof in proofs] == [False, True]
    assert proofs[1].corrects_id == original.id
    assert (proofs[1].arrived_at, proofs[1].confirmed_by) == (TRULY["arrived_at"], "tap")
    assert proofs[1].arrived_x is None


def test_whoever_asks_does_not_decide(session, visit, someone):
    someone()()
    correction = ask_for_correction(session, visit.id, **TRULY)

    with pytest.raises(SecondPersonNeeded):
        decide_correction(session, correction.id, is_right=True)


def test_a_visit_without_any_proof_is_proved_by_two(session, visit, someone):
    asks, decides = someone(), someone()
    asks()
    correction = ask_for_correction(session, visit.id, **TRULY)
    decides()
    decide_correction(session, correction.id, is_right=True)

    session.refresh(visit)
    assert visit.state == "done"
    with pytest.raises(Decided):
        decide_correction(session, correction.id, is_right=False)


def test_what_is_refused_changes_nothing(session, visit, someone):
    asks, decides = someone(), someone()
    asks()
    correction = ask_for_correction(session, visit.id, **TRULY)
    decides()
    decide_correction(session, correction.id, is_right=False)

    assert session.execute(text("SELECT count(*) FROM visit_proof")).scalar_one() == 0


def test_one_correction_waits_at_a_time(session, visit, someone):
    someone()()
    ask_for_correction(session, visit.id, **TRULY)

    with pytest.raises(CorrectionAsked):
        ask_for_correction(session, visit.id, **TRULY)


def test_a_closed_month_is_not_corrected(session, site, visit, someone):
    someone()()
    month = visit.service_on.replace(day=1)
    session.add(HomeMonthClose(site_id=site.id, month=month, closed_at=clock.now()))
    session.flush()

    with pytest.raises(MonthIsClosed):
        ask_for_correction(session, visit.id, **TRULY)
