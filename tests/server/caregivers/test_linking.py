"""A link lasts while the account has the phone of the file: changed, closed, recycled numbers."""

import pytest
from sqlalchemy import text

from server.caregivers import linking, registering
from server.caregivers.errors import CaregiverNotLinked
from server.caregivers.queries import find_own
from server.caregivers.registering import Particulars
from server.db.sessions import KeptRefusal, actor_of
from server.meals.closing import close_own_account
from tests.factories.caregivers import make_caregiver
from tests.factories.people import an_id_number

OLD, NEW = "+8613903560011", "+8613903560012"
FIRST, SECOND = an_id_number(7601), an_id_number(7602)
LINKS = text("SELECT account_id FROM caregiver WHERE id = :id")
TOLD = text(
    "SELECT a.phone FROM message m LEFT JOIN account a ON a.id = m.account_id"
    " WHERE m.kind = 'caregivers.link_ended' ORDER BY m.id"
)
TOLD_OF_CLOSED = text("SELECT subject FROM message WHERE kind = 'caregivers.link_ended'")


@pytest.fixture
def caregiver(session, desks):
    """Somebody whose account is linked by the phone in the file."""
    one = make_caregiver(session, desks.near, name="孙一兰", phone=OLD, id_number=FIRST)
    with desks.phone(OLD) as phone:
        linking.link_own(phone, id_digits=FIRST[-6:])
    return one


def link_of(session, caregiver):
    session.commit()
    return session.execute(LINKS, {"id": caregiver.id}).scalar_one()


def own_name(phone):
    found = find_own(phone, account_id=actor_of(phone).account_id)
    return found.name if found else None


def told(session):
    return session.execute(TOLD).scalars().all()


def give_phone(desks, caregiver, phone, name="孙一兰"):
    with desks.at(desks.near) as here:
        registering.change_particulars(here, caregiver.id, Particulars(name=name, phone=phone))


def test_another_number_in_the_file_ends_the_link_and_tells_the_old_phone(
    session, desks, caregiver
):
    give_phone(desks, caregiver, NEW)

    assert link_of(session, caregiver) is None
    assert told(session) == [OLD]


def test_the_same_number_written_again_changes_nothing(session, desks, caregiver):
    give_phone(desks, caregiver, OLD, name="孙一蓝")

    assert link_of(session, caregiver) is not None
    assert told(session) == []


def test_a_recycled_number_opens_its_new_holders_file_and_nobody_elses(session, desks, caregiver):
    give_phone(desks, caregiver, NEW)
    make_caregiver(session, desks.near, name="赵二娥", phone=OLD, id_number=SECOND)

    with desks.phone(OLD) as phone:
        assert own_name(phone) is None
        linking.link_own(phone, id_digits=SECOND[-6:])
        assert own_name(phone) == "赵二娥"
    with desks.phone(OLD) as phone, pytest.raises(KeptRefusal) as refused:
        linking.link_own(phone, id_digits=FIRST[-6:])
    assert isinstance(refused.value.refusal, CaregiverNotLinked)


def test_the_new_phone_is_linked_by_the_same_digits(session, desks, caregiver):
    give_phone(desks, caregiver, NEW)

    with desks.phone(NEW) as phone:
        assert linking.link_own(phone, id_digits=FIRST[-6:]).id == caregiver.id


def test_taken_off_at_the_desk_it_is_told_too(session, desks, caregiver):
    with desks.at(desks.near) as here:
        linking.unlink(here, caregiver.id)
        linking.unlink(here, caregiver.id)

    assert told(session) == [OLD]


def test_a_closed_account_is_linked_no_more_and_a_later_one_anew(session, desks, caregiver):
    before = link_of(session, caregiver)
    with desks.phone(OLD) as phone:
        close_own_account(phone, cancels_bookings=False)

    assert link_of(session, caregiver) is None
    assert session.execute(TOLD_OF_CLOSED).scalars().all() == [f"account:{before}"]

    desks.forget_phones()
    with desks.phone(OLD) as phone:
        linking.link_own(phone, id_digits=FIRST[-6:])
    assert link_of(session, caregiver) not in (None, before)


def test_a_link_to_an_account_that_was_closed_before_gives_way(session, desks, caregiver):
    session.execute(text("UPDATE account SET closed_at = created_at + interval '1 s'"))
    desks.forget_phones()

    with desks.phone(OLD) as phone:
        assert linking.link_own(phone, id_digits=FIRST[-6:]).id == caregiver.id


def test_closing_an_account_of_nobody_who_cares_tells_nothing(session, desks, caregiver):
    with desks.phone(NEW) as phone:
        close_own_account(phone, cancels_bookings=False)

    assert link_of(session, caregiver) is not None
    assert told(session) == []
