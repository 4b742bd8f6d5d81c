"""Rooms and beds are renamed, and marked as nursing beds with what speaks for it."""

import pytest
from sqlalchemy import select

from server.errors import NotFound
from server.facilities.beds import add_rooms
from server.facilities.corrections import correct_bed, rename_room
from server.facilities.errors import BedLabelTaken, RoomExists
from server.facilities.models import Bed, BedKind, Room
from server.facilities.queries.counts import board_version
from tests.factories.meals import make_site


@pytest.fixture
def site(session):
    site = make_site(session)
    add_rooms(
        session, site_id=site.id, floor=2, numbers="201-202", beds_each=2, kind=BedKind.INSTITUTION
    )
    return site


def room(session, site, name="201"):
    query = select(Room).where(Room.site_id == site.id, Room.name == name)
    return session.execute(query).scalar_one()


def labels(session, site):
    session.expire_all()
    query = select(Bed.label).where(Bed.site_id == site.id).order_by(Bed.id)
    return session.execute(query).scalars().all()


def bed_of(session, site, label="201-1"):
    query = select(Bed).where(Bed.site_id == site.id, Bed.label == label)
    return session.execute(query).scalar_one()


def version(session, site):
    return board_version(session, prefixes=(), site_ids=[site.id])


def test_beds_called_after_the_room_are_called_after_it_again(session, site):
    corner = bed_of(session, site, "201-2")
    correct_bed(
        session, corner.id, site_id=site.id, label="靠窗", is_nursing=False, nursing_evidence=[]
    )
    before = version(session, site)
    rename_room(session, room(session, site).id, site_id=site.id, name="东1")

    assert labels(session, site) == ["东1-1", "靠窗", "202-1", "202-2"]
    assert version(session, site) > before


def test_a_room_is_not_called_as_another(session, site):
    with pytest.raises(RoomExists):
        rename_room(session, room(session, site).id, site_id=site.id, name="202")

    assert labels(session, site)[0] == "201-1"


def test_nor_a_bed(session, site):
    bed = bed_of(session, site)
    with pytest.raises(BedLabelTaken):
        correct_bed(
            session, bed.id, site_id=site.id, label="201-2", is_nursing=True, nursing_evidence=[]
        )


def test_a_room_whose_beds_would_be_called_as_others_keeps_its_name(session, site):
    odd = bed_of(session, site, "202-1")
    correct_bed(
        session, odd.id, site_id=site.id, label="303-1", is_nursing=False, nursing_evidence=[]
    )
    with pytest.raises(BedLabelTaken):
        rename_room(session, room(session, site).id, site_id=site.id, name="303")

    session.expire_all()
    assert room(session, site).name == "201"


def test_a_nursing_bed_says_why_it_is_one(session, site):
    bed = bed_of(session, site)
    correct_bed(
        session,
        bed.id,
        site_id=site.id,
        label="201-1",
        is_nursing=True,
        nursing_evidence=["呼叫铃", "护理床"],
    )

    session.refresh(bed)
    assert (bed.is_nursing, bed.nursing_evidence) == (True, ["呼叫铃", "护理床"])


def test_rooms_and_beds_of_another_home_are_not_found(session, site):
    other = make_site(session)
    with pytest.raises(NotFound):
        rename_room(session, room(session, site).id, site_id=other.id, name="9")
    with pytest.raises(NotFound):
        correct_bed(
            session,
            bed_of(session, site).id,
            site_id=other.id,
            label="9",
            is_nursing=False,
            nursing_evidence=[],
        )
