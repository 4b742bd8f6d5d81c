"""Somebody stands before a home: by name and ID number the home knows them, for that day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.errors import NotFound
from server.facilities.queries.board import get_known
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.introducing import Newcomer, introduce, register_newcomer
from server.people.errors import ContactPhoneUnusable, IdNumberUnusable
from server.residents.contacts import Contact
from server.residents.errors import (
    AlreadyRegistered,
    LooksRegistered,
    NameDisagrees,
    PersonIncomplete,
    VillageOutOfReach,
)
from server.residents.models import CareLink, Relation, Resident, Sex
from server.residents.registering import Entry
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_resident

TODAY = clock.today()
NUMBER = an_id_number(801)


@pytest.fixture
def site(session):
    return make_site(session)


@pytest.fixture
def li(session):
    return make_resident(session, name="李秀英", id_number=NUMBER)


def newcomer(*, phone="19900008889", **given):
    entry = {"name": "周长青", "village_code": OTHER_COUNTY_VILLAGE, "id_number": NUMBER} | given
    return Newcomer(Entry(**entry), Contact("周明", Relation.CHILD, phone, is_emergency=True))


def link(session, site):
    query = select(CareLink).where(CareLink.site_id == site.id)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def test_the_home_knows_whom_it_was_shown_for_that_day(session, site, li):
    assert introduce(session, site_id=site.id, name="李秀英", id_number=NUMBER) == li.id
    assert get_known(session, li.id, site_id=site.id, on=TODAY).name == "李秀英"
    with pytest.raises(NotFound):
        get_known(session, li.id, site_id=site.id, on=TODAY + timedelta(days=1))


def test_a_hold_lets_it_know_them_longer(session, site, li):
    introduce(session, site_id=site.id, name="李秀英", id_number=NUMBER)
    stay = hold_bed(
        session, bed_id=make_bed(session, site=site).id, resident_id=li.id, planned_on=TODAY
    )
    introduce(session, site_id=site.id, name="李秀英", id_number=NUMBER)

    assert link(session, site).ends_on == stay.hold_until


@pytest.mark.parametrize(
    ("name", "number", "refusal"),
    [
        ("王建国", NUMBER, NameDisagrees),
        ("李秀英", an_id_number(802), NotFound),
        ("李秀英", "140502194405060000", IdNumberUnusable),
    ],
)
def test_both_must_be_right_and_else_nobody_is_known(session, site, li, name, number, refusal):
    with pytest.raises(refusal):
        introduce(session, site_id=site.id, name=name, id_number=number)

    assert link(session, site) is None


def test_a_newcomer_is_entered_from_the_number_and_known(session, site):
    resident_id = register_newcomer(session, newcomer(), site_id=site.id)

    zhou = session.get(Resident, resident_id)
    assert (zhou.sex, zhou.born_on.isoformat()) == (Sex.MALE, "1944-05-06")
    assert get_known(session, resident_id, site_id=site.id, on=TODAY).name == "周长青"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"id_number": None}, PersonIncomplete),
        ({"id_number": None, "sex": Sex.MALE, "born_on": TODAY}, PersonIncomplete),
        ({"village_code": "140502001999"}, VillageOutOfReach),
        ({"village_code": "110101001001"}, VillageOutOfReach),
        ({"phone": "12"}, ContactPhoneUnusable),
    ],
)
def test_what_is_wrong_with_an_entry_is_refused_and_nobody_entered(session, site, given, refusal):
    with pytest.raises(refusal):
        register_newcomer(session, newcomer(**given), site_id=site.id)

    assert session.execute(select(Resident).where(Resident.name == "周长青")).first() is None


def test_who_is_registered_is_not_entered_twice(session, site, li):
    with pytest.raises(AlreadyRegistered):
        register_newcomer(session, newcomer(), site_id=site.id)


def test_somebody_alike_is_told_of_and_not_who(session, site):
    make_resident(session, name="周长青", id_number=None, village_code=VILLAGE)

    with pytest.raises(LooksRegistered) as refused:
        register_newcomer(session, newcomer(village_code=VILLAGE), site_id=site.id)

    assert refused.value.facts["resident_ids"] == []
