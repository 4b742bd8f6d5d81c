"""Somebody is entered at one's own site, found again, and nowhere else told of."""

from datetime import date

import pytest

from server.caregivers import openings, register, registering
from server.caregivers.errors import (
    CaregiverFileClosed,
    CaregiverKnownHere,
    CaregiverRegisteredElsewhere,
    PayeeAccountUnusable,
    TooManyLooks,
)
from server.caregivers.registering import Entry, Particulars
from server.caregivers.searching import read_search
from server.errors import NotFound
from server.people.errors import IdNumberUnusable
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.people import an_id_number

NUMBER = an_id_number(7001)


def entry(site, **given):
    values = {"site_id": site.id, "name": "赵玉兰", "id_number": NUMBER, "phone": "13903560001"}
    return Entry(**values | given)


def found(session, term):
    asked = register.Filter(works=None, wanted=read_search(term))
    return [row.name for row in register.list_caregivers(session, asked)]


@pytest.mark.parametrize("term", ["赵玉", "zhaoyulan", "zyl", "13903560001", NUMBER])
def test_whoever_is_entered_is_found(desks, term):
    with desks.at(desks.near) as session:
        registering.enter_caregiver(session, entry(desks.near))

        assert found(session, term) == ["赵玉兰"]


def test_a_number_that_is_known_here_opens_the_file(desks):
    with desks.at(desks.near) as session:
        known = registering.enter_caregiver(session, entry(desks.near))
        with pytest.raises(CaregiverKnownHere) as refused:
            registering.enter_caregiver(session, entry(desks.near, name="赵玉"))

    assert refused.value.facts == {"caregiver_id": known.id}


def test_of_a_number_that_is_known_elsewhere_nothing_more_is_told(session, desks):
    make_caregiver(session, desks.far, id_number=NUMBER)

    with desks.at(desks.near) as here, pytest.raises(CaregiverRegisteredElsewhere) as refused:
        registering.enter_caregiver(here, entry(desks.near))

    assert refused.value.facts == {}


def test_nobody_is_entered_at_anothers_site(desks):
    with desks.at(desks.near) as session, pytest.raises(NotFound):
        registering.enter_caregiver(session, entry(desks.far))


def test_a_wrong_number_or_account_is_refused(desks):
    with desks.at(desks.near) as session:
        with pytest.raises(IdNumberUnusable):
            registering.enter_caregiver(session, entry(desks.near, id_number=NUMBER[:-1] + "Z"))
        with pytest.raises(PayeeAccountUnusable):
            registering.enter_caregiver(session, entry(desks.near, payee_account="12"))


def test_whoever_tries_numbers_is_stopped(desks, monkeypatch):
    monkeypatch.setattr(registering, "LOOKS_AN_HOUR", (2, registering.LOOKS_AN_HOUR[1]))
    for number in (NUMBER, an_id_number(7002)):
        with desks.at(desks.near) as session:
            registering.enter_caregiver(session, entry(desks.near, id_number=number))

    with pytest.raises(TooManyLooks), desks.at(desks.near) as session:
        registering.enter_caregiver(session, entry(desks.near, id_number=an_id_number(7003)))


def test_the_account_is_sealed_and_its_end_shown(desks):
    with desks.at(desks.near) as session:
        account = "6217 0000 1234 5678"
        one = registering.enter_caregiver(session, entry(desks.near, payee_account=account))

        assert registering.last_of_account(one) == "5678"
        assert b"5678" not in one.payee_cipher


def test_the_whole_number_is_read_for_a_reason(desks):
    with desks.at(desks.near) as session:
        one = registering.enter_caregiver(session, entry(desks.near))
        with pytest.raises(CaregiverFileClosed):
            openings.reveal(session, one)
        openings.open_caregiver(session, one.id, reason="核对身份证")

        assert openings.reveal(session, one) == (NUMBER, None)
        assert [row.reason for row in openings.list_openings(session, one.id)] == ["核对身份证"]


def test_another_phone_ends_the_link(session, desks):
    one = make_caregiver(session, desks.near, phone="+8613903560002")
    with desks.phone("+8613903560002"):
        pass
    one.account_id = session.connection().exec_driver_sql("SELECT max(id) FROM account").scalar()

    with desks.at(desks.near) as here:
        said = Particulars(name="孙兰", phone="13903560003")
        changed = registering.change_particulars(here, one.id, said)

        assert (changed.account_id, changed.phone) == (None, "+8613903560003")


def test_whoever_left_for_another_is_seen_and_not_kept(session, desks):
    one = make_caregiver(session, desks.far)
    make_employment(session, one, desks.near, ends_on=date(2024, 1, 1))

    with desks.at(desks.near) as here:
        assert register.get_in_reach(here, one.id).id == one.id
        with pytest.raises(NotFound):
            register.get_kept(here, one.id)


def test_the_county_sees_its_own_alone(session, desks):
    near, far = make_caregiver(session, desks.near), make_caregiver(session, desks.far)

    with desks.county() as county:
        assert register.get_in_reach(county, near.id)
        with pytest.raises(NotFound):
            register.get_in_reach(county, far.id)


def test_whoever_is_entered_can_sign_in_by_phone(session, desks):
    with desks.at(desks.near) as here:
        registering.enter_caregiver(here, entry(desks.near))
    accounts = session.connection().exec_driver_sql("SELECT phone FROM account").scalars().all()

    assert "+8613903560001" in accounts


def test_a_landline_gets_no_account(session, desks):
    with desks.at(desks.near) as here:
        registering.enter_caregiver(here, entry(desks.near, phone="0356 2022222"))
    accounts = session.connection().exec_driver_sql("SELECT phone FROM account").scalars().all()

    assert "+863562022222" not in accounts
