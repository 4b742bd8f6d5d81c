"""A month's sample: drawn once, by a seed, as anybody can draw it again."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.findings.models import FindingKind
from server.homecare.callbacks import queries, rules
from server.homecare.callbacks.calling import answer, find_own, not_reached, take_next
from server.homecare.callbacks.drawing import draw_sample, frame_of, is_as_drawn
from server.homecare.callbacks.errors import (
    CallNotInHand,
    NoCallWaits,
    NoVisitsToDraw,
    SampleDrawn,
    SampleTooEarly,
)
from server.homecare.callbacks.models import CallResult, CallState, TryOutcome
from server.homecare.callbacks.rules import Answers, Stayed, There
from server.identity.models import Role
from tests.factories.home_beds import Office
from tests.factories.homecare import make_home_bed, make_proof, make_provider, make_visit
from tests.factories.people import make_resident
from tests.factories.street import Street

COUNTY = "140502"
SEED = "双色球 2026130: 03 08 21"
DRAWN = text("SELECT visit_id FROM call_back WHERE sample_id = :sample ORDER BY place")


def last_month():
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def street(session):
    """Twelve visits of last month by one provider, and one by a small one."""
    street = Street(session)
    for number in range(6):
        on = last_month() + timedelta(days=number)
        street.proved(on=on)
        street.proved(street.other, on=on, at=time(14))
    small = make_home_bed(session, make_resident(session), make_provider(session, name="小院"))
    visit = make_visit(session, small, street.worker, on=last_month(), at=time(18))
    make_proof(session, visit)
    street.planned(on=last_month() + timedelta(days=20))
    return street


@pytest.fixture
def caller(session, street):
    office = Office(session, Role.COUNTY_OFFICER, division_code=COUNTY)
    session.commit()
    return office


@pytest.fixture
def colleague(session, street):
    office = Office(session, Role.COUNTY_OFFICER, division_code=COUNTY)
    session.commit()
    return office


@pytest.fixture
def sample(caller):
    return caller.does(draw_sample, last_month(), prefix=COUNTY, seed=SEED).id


def calls_of(session, sample, **wanted):
    return queries.list_calls(session, sample, **wanted)


def test_what_is_drawn_is_what_anybody_draws_from_the_list(session, sample, caller):
    visits = frame_of(session, sample)

    assert len(visits) == 13
    size = queries.get_shown(session, sample).size
    assert size == 2
    drawn = session.execute(DRAWN, {"sample": sample}).scalars().all()
    assert drawn == rules.draw(SEED, visits, size=size)
    assert bytes(queries.get_shown(session, sample).frame_digest) == rules.digest_of(visits)


def test_each_provider_has_one(session, sample):
    assert [one.calls for one in queries.count_of(session, sample)] == [1, 1]


def test_a_month_is_drawn_once(caller, sample):
    with pytest.raises(SampleDrawn):
        caller.does(draw_sample, last_month(), prefix=COUNTY, seed="another seed")


def test_one_provider_is_drawn_beside_the_county(caller, sample, street):
    given = {"prefix": COUNTY, "seed": SEED, "site_id": street.site.id}

    assert caller.does(draw_sample, last_month(), **given).population == 12
    with pytest.raises(SampleDrawn):
        caller.does(draw_sample, last_month(), **given)


def test_a_month_that_is_not_over_is_not_drawn(caller):
    with pytest.raises(SampleTooEarly):
        caller.does(draw_sample, clock.today().replace(day=1), prefix=COUNTY, seed=SEED)


def test_where_nothing_is_proved_nothing_is_drawn(caller):
    with pytest.raises(NoVisitsToDraw):
        caller.does(draw_sample, last_month(), prefix="140521", seed=SEED)


def test_a_later_correction_leaves_the_list_and_a_vanished_proof_does_not(
    session, sample, street, caller
):
    assert is_as_drawn(session, sample)
    street.proved(on=last_month() + timedelta(days=25))
    late = text("UPDATE visit_proof SET left_recorded_at = :now WHERE visit_id = (SELECT max(id)"
                " FROM care_visit)")  # fmt: skip
    session.execute(late, {"now": clock.now() + timedelta(minutes=1)})
    assert is_as_drawn(session, sample)

    lost = text("UPDATE visit_proof SET left_recorded_at = :now"
                " WHERE visit_id = (SELECT min(visit_id) FROM visit_proof)")  # fmt: skip
    session.execute(lost, {"now": clock.now() + timedelta(minutes=1)})
    assert not is_as_drawn(session, sample)


class TestCalling:
    def test_two_callers_have_two_calls_and_a_third_none(self, caller, colleague, sample):
        first, second = caller.does(take_next, sample), colleague.does(take_next, sample)

        assert first != second
        assert caller.does(take_next, sample) == first

    def test_when_all_are_in_hand_none_waits(self, session, caller, colleague, sample):
        third = Office(session, Role.COUNTY_OFFICER, division_code=COUNTY)
        session.commit()
        caller.does(take_next, sample)
        colleague.does(take_next, sample)

        with pytest.raises(NoCallWaits):
            third.does(take_next, sample)

    def test_what_contradicts_is_found_with_the_visit(self, session, caller, sample):
        call = caller.does(take_next, sample)
        said = Answers(There.YES, stayed=Stayed.MUCH_SHORTER)

        assert caller.does(answer, call, said) is CallResult.CONTRADICTS

        found = session.execute(text("SELECT kind, evidence FROM finding")).one()
        assert found.kind == FindingKind.HOME_CALL_CONTRADICTS
        assert found.evidence["visits"] == [queries.get_call(session, call).visit_id]

    def test_an_answer_is_written_once(self, caller, sample):
        call = caller.does(take_next, sample)
        caller.does(answer, call, Answers(There.YES))

        with pytest.raises(CallNotInHand):
            caller.does(answer, call, Answers(There.NO))

    def test_the_county_of_the_next_town_sees_nothing(self, session, sample):
        other = Office(session, Role.COUNTY_OFFICER, division_code="140521")
        session.commit()
        with other.at_work(writes=False) as there:
            assert queries.list_samples(there) == []

    def test_the_provider_does_not_know_whom_the_county_rings(self, session, sample, street):
        manager = Office(session, Role.HOME_CARE_PROVIDER, site_id=street.site.id)
        session.commit()
        with manager.at_work(writes=False) as there:
            assert calls_of(there, sample) == []

    def test_who_is_not_reached_is_tried_again_later_and_at_most_so_often(
        self, session, caller, sample, time_machine
    ):
        for _number in range(3):
            call = caller.does(take_next, sample)
            state = caller.does(not_reached, call, TryOutcome.NO_ANSWER)
            other = caller.does(take_next, sample)
            caller.does(not_reached, other, TryOutcome.NO_ANSWER)
            with pytest.raises(NoCallWaits):
                caller.does(take_next, sample)
            time_machine.move_to(clock.now() + timedelta(hours=5))

        assert state is CallState.UNREACHED
        with pytest.raises(NoCallWaits):
            caller.does(take_next, sample)
        assert len(queries.list_tries(session, call)) == 3

    def test_a_call_left_lying_goes_to_somebody_else(
        self, session, caller, colleague, sample, time_machine
    ):
        lying = caller.does(take_next, sample)
        time_machine.move_to(clock.now() + timedelta(minutes=31))

        with caller.at_work(writes=False) as there:
            assert find_own(there) is None
        with pytest.raises(CallNotInHand):
            caller.does(answer, lying, Answers(There.YES))
        taken = {colleague.does(take_next, sample), caller.does(take_next, sample)}
        assert lying in taken

    def test_the_share_confirmed_has_its_interval(self, session, caller, sample):
        caller.does(answer, caller.does(take_next, sample), Answers(There.YES))
        caller.does(answer, caller.does(take_next, sample), Answers(There.NO))

        all_of_it = queries.sum_of(queries.count_of(session, sample))
        assert (all_of_it.confirmed.part, all_of_it.confirmed.whole) == (1, 2)
        assert 0 < all_of_it.confirmed.low < 0.5 < all_of_it.confirmed.high < 1
