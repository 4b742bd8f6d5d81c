"""A worker's day in the order with the shortest way: proposed, and then done as it was read."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.homecare.models import HomeBed
from server.homecare.visits.errors import OrderChanged
from server.homecare.visits.ordering import accept_order, propose_order
from tests.factories.homecare import HERE, make_home_bed, make_visit
from tests.factories.people import make_resident

TOMORROW = clock.today() + timedelta(days=1)


@pytest.fixture
def to_and_fro(session, site, bed, worker):
    """Three homes in a row; the one in the middle is visited last, from three o'clock on."""
    beds = [bed]
    for east in (0.2, 0.1):
        resident = make_resident(session)
        beds.append(make_home_bed(session, resident, site, x=HERE[0] + east, y=HERE[1]))
    return [
        make_visit(session, one, worker, on=TOMORROW, at=time(hour))
        for one, hour in zip(beds, (9, 12, 15), strict=True)
    ]


def propose(session, worker, **given):
    return propose_order(session, worker.id, TOMORROW, **given)


def test_the_way_there_and_back_is_saved(session, worker, to_and_fro):
    proposal = propose(session, worker)

    assert [row.id for row, _ in proposal.order] in (
        [to_and_fro[place].id for place in (0, 2, 1)],
        [to_and_fro[place].id for place in (1, 2, 0)],
    )
    assert proposal.saved == proposal.minutes_before - proposal.minutes_after > 30


def test_an_hour_that_was_promised_stays(session, worker, to_and_fro):
    middle = to_and_fro[2]

    proposal = propose(session, worker, kept=[middle.id])

    assert {row.id: at for row, at in proposal.order}[middle.id] == middle.starts_at


def test_where_all_hours_stay_and_the_way_is_too_long_there_is_no_order(session, worker, bed, site):
    far = make_home_bed(session, make_resident(session), site, x=HERE[0] + 0.3, y=HERE[1])
    kept = [make_visit(session, bed, worker, on=TOMORROW, at=time(9))]
    kept.append(make_visit(session, far, worker, on=TOMORROW, at=time(10)))

    proposal = propose(session, worker, kept=[visit.id for visit in kept])

    assert proposal.order is None
    assert [at for _, at in proposal.lines] == [None, None]


def test_nobody_is_sent_while_a_colleague_is_there(session, worker, colleague, to_and_fro):
    middle = to_and_fro[2]
    for hour in (9, 11, 13):
        elders = session.get(HomeBed, middle.home_bed_id)
        make_visit(session, elders, colleague, on=TOMORROW, at=time(hour), minutes=120)

    at = {row.id: at for row, at in propose(session, worker).order}[middle.id]
    assert at.astimezone(clock.CITY).hour >= 15


def test_accepted_it_is_so(session, worker, to_and_fro):
    proposal = propose(session, worker)

    accept_order(session, worker.id, TOMORROW, kept=(), mark=proposal.mark)

    planned = "SELECT id, starts_at FROM care_visit WHERE state = 'planned' AND cancel_reason = ''"
    assert dict(map(tuple, session.execute(text(planned)))) == {
        row.id: at for row, at in proposal.order
    }
    assert propose(session, worker).saved == 0


def test_a_day_that_changed_meanwhile_is_read_again_first(session, worker, to_and_fro):
    mark = propose(session, worker).mark
    to_and_fro[1].starts_at += timedelta(hours=2)
    to_and_fro[1].minutes = 30
    session.flush()

    with pytest.raises(OrderChanged):
        accept_order(session, worker.id, TOMORROW, kept=(), mark=mark)


def test_an_empty_day_has_nothing_to_order(session, worker):
    proposal = propose(session, worker)

    assert (list(proposal.rows), proposal.saved) == ([], 0)
