"""What came back on paper is booked box by box."""

import pytest
from sqlalchemy import select

from server import clock
from server.meals.errors import AlreadyBooked, SittingFull
from server.meals.kitchen.paper import Wish, key_in, list_paper_diners
from server.meals.models import BookedBy, Booking, Diet
from server.meals.rules import care_link_ends_on
from server.residents.models import CareLink
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def sitting(session, canteen):
    return make_sitting(session, canteen, capacity=2)


def known(session, canteen, name):
    resident = make_resident(session, name=name)
    today = clock.today()
    session.add(
        CareLink(
            resident_id=resident.id,
            site_id=canteen.site_id,
            starts_on=today,
            ends_on=care_link_ends_on(today),
        )
    )
    session.flush()
    return resident


def test_a_refused_box_costs_no_other_its_place(session, canteen, sitting):
    first, second, third = (known(session, canteen, name) for name in ("甲", "乙", "丙"))
    wishes = [
        Wish(first.id, sitting.id, Diet.SOFT),
        Wish(first.id, sitting.id),
        Wish(second.id, sitting.id),
        Wish(third.id, sitting.id),
    ]

    keyed = key_in(session, wishes)

    refusals = [type(one.refusal) for one in keyed]
    assert refusals == [type(None), AlreadyBooked, type(None), SittingFull]
    session.refresh(sitting)
    assert sitting.booked == 2
    booked = session.execute(select(Booking).order_by(Booking.id)).scalars().all()
    assert [(one.booked_by, one.diet) for one in booked] == [
        (BookedBy.PAPER, Diet.SOFT),
        (BookedBy.PAPER, Diet.NORMAL),
    ]


def test_the_form_names_whom_the_canteen_knows(session, canteen, sitting):
    resident = known(session, canteen, "李秀英")
    make_resident(session, name="别人")
    key_in(session, [Wish(resident.id, sitting.id)])

    [row] = list_paper_diners(session, canteen.site_id, [sitting.id])

    assert (row.name, row.booked, row.usual_diet) == ("李秀英", [sitting.id], "normal")
