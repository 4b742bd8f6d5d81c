"""What those who manage accounts may do for others, and what nobody may do for themselves."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.errors import NotFound
from server.identity import queries
from server.identity.errors import (
    DaysReversed,
    DutiesClash,
    NotOnOneself,
    OfficeHeldAlready,
    PasswordTooWeak,
    SignInNameTaken,
    TicketExpired,
)
from server.identity.models import Role, StaffRole
from server.identity.service import staff, staff_door
from server.identity.service.staff import Place
from server.identity.service.staff_door import Caller
from tests.cities import CITY, OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.people import PASSWORD, make_sign_in, make_staff
from tests.server.identity.conftest import HERE, Authenticator, who

TODAY = date(2026, 11, 22)
CITY_WIDE = Place(division_code=CITY)
COUNTY = Place(division_code="140502")
OTHER_COUNTY = Place(division_code="140521")


def invite(session, name="zhang"):
    return staff.invite(session, sign_in_name=name, display_name="张三")


def give(session, person, role, place=CITY_WIDE, starts_on=TODAY, ends_on=None):
    return staff.give_office(
        session, person, role=role, place=place, starts_on=starts_on, ends_on=ends_on
    )


def join(name, code, password="晋城 korrekt pferd batterie", address="192.0.2.1"):
    with transaction() as session:
        return staff_door.join(
            session, sign_in_name=name, code=code, password=password, caller=Caller(address)
        )


class TestInviting:
    def test_a_colleague_comes_in_with_a_password_of_their_own(self, as_administrator, session):
        with as_administrator() as acting_session:
            invited = invite(acting_session)

        signed_in = join("zhang", invited.code.lower())

        assert who(signed_in.token).staff_id == invited.staff.id
        with transaction() as again:
            assert staff_door.sign_in_by_password(
                again, sign_in_name="zhang", password="晋城 korrekt pferd batterie", caller=HERE
            )

    def test_the_code_opens_once(self, session):
        code = invite(session).code
        session.commit()
        join("zhang", code)

        with pytest.raises(TicketExpired):
            join("zhang", code)

    def test_the_code_opens_for_its_own_name_alone(self, session):
        code = invite(session).code
        invite(session, "wang")
        session.commit()

        with pytest.raises(TicketExpired):
            join("wang", code)

    def test_the_code_opens_for_72_hours(self, session):
        invited = invite(session)

        lives = invited.expires_at - clock.now()
        assert timedelta(hours=71, minutes=59) < lives <= timedelta(hours=72)

    @pytest.mark.parametrize("password", ["short", "password12", "zhang12345", "woaini1314woaini"])
    def test_a_password_that_is_soon_guessed_is_refused_and_the_code_stays_open(
        self, session, password
    ):
        code = invite(session).code
        session.commit()

        with pytest.raises(PasswordTooWeak):
            join("zhang", code, password)
        assert join("zhang", code)

    def test_a_name_is_given_once(self, session):
        invite(session)

        with pytest.raises(SignInNameTaken):
            invite(session)


class TestOffices:
    @pytest.fixture
    def person(self, session):
        return invite(session).staff.id

    def test_approver_and_cashier_do_not_go_together_in_one_place(self, session, person):
        give(session, person, Role.APPROVER)

        with pytest.raises(DutiesClash):
            give(session, person, Role.CASHIER, COUNTY)

    def test_nor_the_other_way_round(self, session, person):
        give(session, person, Role.CASHIER, COUNTY)

        with pytest.raises(DutiesClash):
            give(session, person, Role.APPROVER)

    def test_they_do_in_two_counties(self, session, person):
        give(session, person, Role.APPROVER, COUNTY)

        assert give(session, person, Role.CASHIER, OTHER_COUNTY)

    def test_they_do_one_after_the_other(self, session, person):
        give(session, person, Role.APPROVER, ends_on=TODAY + timedelta(days=30))

        assert give(session, person, Role.CASHIER, starts_on=TODAY + timedelta(days=30))

    def test_a_site_lies_in_its_division(self, session, person):
        site = make_site(session)
        give(session, person, Role.APPROVER, COUNTY)

        with pytest.raises(DutiesClash):
            give(session, person, Role.CASHIER, Place(site_id=site.id))

    def test_an_administrator_holds_no_other_office_anywhere(self, session, person):
        give(session, person, Role.ADMINISTRATOR, COUNTY)

        for role in set(Role) - {Role.ADMINISTRATOR}:
            with pytest.raises(DutiesClash):
                give(session, person, role, OTHER_COUNTY)

    def test_nobody_who_sees_people_becomes_administrator(self, session, person):
        give(session, person, Role.COUNTY_OFFICER, COUNTY)

        with pytest.raises(DutiesClash):
            give(session, person, Role.ADMINISTRATOR)

    def test_the_same_office_is_held_once(self, session, person):
        give(session, person, Role.AUDITOR)

        with pytest.raises(OfficeHeldAlready):
            give(session, person, Role.AUDITOR, starts_on=TODAY + timedelta(days=1))

    def test_an_ended_office_can_be_given_again_on_the_same_day(self, session, person):
        office = give(session, person, Role.AUDITOR, starts_on=clock.today())
        staff.end_office(session, person, office.id)

        assert give(session, person, Role.AUDITOR, starts_on=clock.today())

    def test_an_office_that_has_not_begun_is_never_held(self, session, person):
        office = give(session, person, Role.AUDITOR, starts_on=clock.today() + timedelta(days=9))
        staff.end_office(session, person, office.id)

        assert office.ends_on == office.starts_on

    def test_days_in_the_wrong_order_are_refused(self, session, person):
        with pytest.raises(DaysReversed):
            give(session, person, Role.AUDITOR, ends_on=TODAY)

    def test_a_place_that_is_not_there_is_not_found(self, session, person):
        with pytest.raises(NotFound):
            give(session, person, Role.AUDITOR, Place(division_code="9999"))

    def test_a_countys_administrator_gives_offices_in_the_county_alone(self, session, person):
        token = make_sign_in(
            session, staff=make_staff(session, "administrator", division_code="140502")
        )
        elsewhere = make_site(session, division_code=OTHER_COUNTY_VILLAGE).id
        session.commit()

        for place in (CITY_WIDE, OTHER_COUNTY, Place(site_id=elsewhere)):
            with (
                acting(Act(Face.CONSOLE, "t", "t", token=token)),
                pytest.raises(NotFound),
                transaction() as own,
            ):
                give(own, person, Role.AUDITOR, place)
        with acting(Act(Face.CONSOLE, "t", "t", token=token)), transaction() as own:
            assert give(own, person, Role.AUDITOR, COUNTY).given_by is not None


RAISING_ONESELF = (
    "INSERT INTO staff_role (staff_id, role, division_code, starts_on, given_by)"
    " VALUES (seen_staff(), 'administrator', '140502', '2026-01-01', seen_staff())",
    "INSERT INTO staff_role (staff_id, role, division_code, starts_on, given_by)"
    " VALUES (seen_staff(), 'administrator', '140502', '2026-01-01', NULL)",
    "INSERT INTO staff_role (staff_id, role, division_code, starts_on, given_by)"
    " VALUES (seen_staff(), 'administrator', '140502', '2026-01-01', :colleague)",
)


class TestOneself:
    def test_nobody_manages_their_own_account(self, as_administrator, administrator):
        for deed in (
            staff.disable,
            staff.enable,
            staff.reset_password,
            staff.reset_second_factor,
            staff.end_sign_ins,
        ):
            with as_administrator() as session, pytest.raises(NotOnOneself):
                deed(session, administrator.id)

    def test_nobody_gives_themselves_an_office_kindly_said(self, as_administrator, administrator):
        with as_administrator() as session, pytest.raises(NotOnOneself):
            give(session, administrator.id, Role.AUDITOR)

    @pytest.mark.parametrize("statement", RAISING_ONESELF)
    def test_nor_past_the_service(self, as_administrator, officer, statement):
        with pytest.raises(DBAPIError, match="row-level security"), as_administrator() as session:
            session.execute(text(statement), {"colleague": officer.id})

    def test_not_even_the_platform_writes_that_somebody_did(self, session, officer):
        office = StaffRole(
            staff_id=officer.id,
            role=Role.AUDITOR,
            division_code=CITY,
            starts_on=TODAY,
            given_by=officer.id,
        )
        session.add(office)
        with pytest.raises(DBAPIError, match="ck_staff_role_not_given_to_oneself"):
            session.flush()

    def test_an_officer_gives_nobody_an_office(self, session, officer, cook):
        token = make_sign_in(session, staff=officer)
        session.commit()

        given = text(
            "INSERT INTO staff_role (staff_id, role, division_code, starts_on, given_by)"
            " VALUES (:cook, 'auditor', '1405', '2026-01-01', seen_staff())"
        )
        with (
            acting(Act(Face.CONSOLE, "t", "t", token=token)),
            pytest.raises(DBAPIError, match="row-level security"),
            transaction() as own,
        ):
            own.execute(given, {"cook": cook.id})


class TestSecrets:
    """An administrator resets what they can never read."""

    def test_are_not_seen_by_an_administrator(self, as_administrator, session, officer):
        Authenticator(session, officer)
        session.commit()

        with as_administrator() as own:
            seen = {
                table: own.execute(text(f"SELECT staff_id FROM {table}")).scalars().all()
                for table in ("staff_password", "second_factor", "recovery_code")
            }
            since = queries.find_second_factor_since(own, officer.id)

        assert officer.id not in set().union(*seen.values())
        assert since is not None

    def test_are_not_reset_by_just_anybody(self, session, officer, cook):
        token = make_sign_in(session, staff=officer)
        session.commit()

        with (
            acting(Act(Face.CONSOLE, "t", "t", token=token)),
            pytest.raises(DBAPIError, match="not this person's second factor"),
            transaction() as own,
        ):
            own.execute(text("SELECT forget_second_factor(:cook)"), {"cook": cook.id})

    def test_leave_no_trace_in_the_trail(self, own_city):
        with acting(Act(Face.COMMAND, "t", "t", service=True)), transaction() as session:
            person = make_staff(session, "auditor", division_code=CITY, password=PASSWORD)
            authenticator = Authenticator(session, person)
            staff.reset_password(session, person.id)
        owner = create_engine(own_city.owner_url)
        with owner.connect() as connection:
            bodies = connection.execute(
                text("SELECT body FROM city_1405.trail_entry WHERE table_name IN"
                     " ('staff_password', 'second_factor', 'staff_ticket')")
            ).scalars().all()  # fmt: skip
        owner.dispose()

        assert len(bodies) == 3
        assert not [body for body in bodies if "hash" in body or "cipher" in body]
        assert not [body for body in bodies if "digest" in body or authenticator.secret in body]

    def test_of_colleagues_elsewhere_nothing_is_seen_at_all(self, session, cook):
        elsewhere = make_staff(session, "community_worker", division_code="140521")
        token = make_sign_in(session, staff=cook)
        session.commit()

        with acting(Act(Face.CONSOLE, "t", "t", token=token)), transaction(writes=False) as own:
            seen = own.execute(text("SELECT id FROM staff")).scalars().all()

        assert cook.id in seen
        assert elsewhere.id not in seen


class TestTheReachOfACountysAdministrator:
    """Whoever manages a county must not come into an office of the city by resetting its holder."""

    @pytest.fixture
    def as_county(self, session):
        keeper = make_staff(session, "administrator", division_code="140502")
        act = Act(Face.CONSOLE, "tests", "t", token=make_sign_in(session, staff=keeper), reason="x")
        session.commit()

        @contextmanager
        def enter():
            with acting(act), transaction() as own:
                yield own

        return enter

    @pytest.mark.parametrize(
        "deed",
        [
            staff.reset_password,
            staff.reset_second_factor,
            staff.disable,
            staff.enable,
            staff.end_sign_ins,
            lambda own, person: staff.revoke_passkey(own, person, 1),
        ],
    )
    @pytest.mark.parametrize("office", ["140521", "1405"])
    def test_ends_at_the_county(self, session, as_county, deed, office):
        beyond = make_staff(session, "county_officer", division_code=office).id
        session.commit()

        with pytest.raises(NotFound), as_county() as own:
            deed(own, beyond)

    def test_holds_within_it_and_for_whoever_has_no_office_yet(self, session, as_county):
        within = make_staff(session, "community_worker", division_code="140502001001").id
        session.commit()

        with as_county() as own:
            staff.reset_password(own, within)
            staff.end_sign_ins(own, invite(own).staff.id)

    def test_ends_where_one_of_several_offices_lies_beyond(self, session, as_county):
        person = make_staff(session, "community_worker", division_code="140502").id
        give(session, person, Role.COMMUNITY_WORKER, staff.Place(division_code="140521"))
        session.commit()

        with pytest.raises(NotFound), as_county() as own:
            staff.reset_password(own, person)


def test_a_code_that_the_command_line_handed_out_is_replaced_by_an_administrators(
    session, as_administrator
):
    first = invite(session)
    session.commit()

    with as_administrator() as own:
        second = staff.reset_password(own, first.staff.id)

    with pytest.raises(TicketExpired):
        join("zhang", first.code)
    assert join("zhang", second.code)
