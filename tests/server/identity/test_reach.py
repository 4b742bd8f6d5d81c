"""Where an office reaches, and who holds which."""

from datetime import timedelta

from sqlmodel import select

from server import clock
from server.db.acts import Actor
from server.identity.models import Role, StaffRole
from server.identity.queries import list_offices
from server.identity.roles import Reach, reach_of
from tests.factories.meals import make_canteen
from tests.factories.people import make_staff


def an_actor(*roles):
    return Actor(
        staff_id=1,
        sign_in_id=1,
        roles=[
            {"role": role.value, "prefix": prefix, "site_id": site_id}
            for role, prefix, site_id in roles
        ],
    )


def test_a_permission_reaches_as_far_as_the_offices_that_hold_it():
    actor = an_actor(
        (Role.FACILITY_OPERATOR, None, 7),
        (Role.CANTEEN_STAFF, None, 8),
        (Role.COUNTY_OFFICER, "140502", None),
    )

    assert reach_of(actor, "meals.serve") == Reach([], [8])
    assert reach_of(actor, "providers.see-register") == Reach(["140502"], [7])
    assert reach_of(actor, "meals.see-overview") == Reach(["140502"], [])


def test_an_account_reaches_nowhere_by_office():
    assert reach_of(Actor(account_id=1, sign_in_id=1), "meals.book") == Reach([], [])


def test_offices_are_listed_with_their_place(session):
    canteen = make_canteen(session, name="建设路食堂")
    staff = make_staff(session, Role.CANTEEN_STAFF, site_id=canteen.site_id)
    make_staff(session, Role.CITY_OFFICER, division_code="1405")

    everybody = list_offices(session, today=clock.today())
    one = list_offices(session, today=clock.today(), staff_id=staff.id)

    assert [(row.role, row.place) for row in everybody] == [
        (Role.CANTEEN_STAFF, "建设路食堂"),
        (Role.CITY_OFFICER, "晋城市"),
    ]
    assert [row.sign_in_name for row in one] == [staff.sign_in_name]


def test_an_ended_office_and_a_disabled_person_are_not_listed(session):
    today = clock.today()
    left = make_staff(session, Role.AUDITOR, division_code="1405")
    make_staff(session, Role.CASHIER, division_code="1405").disabled_at = clock.now()
    office = session.exec(select(StaffRole).where(StaffRole.staff_id == left.id)).one()
    office.ends_on = today
    session.flush()

    assert list_offices(session, today=today) == []
    assert len(list_offices(session, today=today - timedelta(days=1))) == 1
