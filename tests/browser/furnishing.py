"""What the tests need in a demo city beyond the demo: a room, newcomers, a visit about now."""

from datetime import timedelta
from typing import Any

from sqlalchemy import exists, insert, select
from sqlmodel import Session, col

from infra.demo.renovations import bring
from infra.demo.sites import FIRST_CARE_HOME, FIRST_HOME_CARE
from server import clock
from server.caregivers.training.enrolling import enrol_caregivers
from server.caregivers.training.models import CourseKind, CourseMeeting
from server.caregivers.training.queries import list_meetings
from server.db.sessions import in_transaction
from server.facilities.beds import add_rooms
from server.facilities.models import BedKind, BedOccupancy
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.knowing import let_site_know
from server.homecare.models import HomeBed
from server.homecare.renovations.applying import apply
from server.identity.models import Account, Role, Staff, StaffPassword, StaffRole
from server.meals.models import BookedBy, Meal, Sitting
from server.meals.service import book_meal
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.providers.models import OpeningState, Site
from server.residents.assessments.models import AbilityLevel, Assessment
from server.residents.models import Resident, ResidentGrant
from tests.browser.furnishing_allowances import furnish_allowances
from tests.browser.furnishing_claims import furnish_claims
from tests.browser.furnishing_own_subsidies import furnish_own_subsidies
from tests.browser.furnishing_payments import furnish_payments
from tests.browser.furnishing_runs import furnish_runs
from tests.browser.furnishing_subsidies import furnish_subsidies
from tests.factories.assessments import give_level
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.eaten import Kitchen, make_answered
from tests.factories.homecare import HERE, make_home_bed, make_plan, make_visit, make_wish
from tests.factories.people import make_account, make_resident
from tests.factories.training import home_of, make_course, make_session

NEIGHBOUR, NEIGHBOURS_HOME = "neighbour", "demo:facility:02"
NEW_WORKER, NEW_WORKERS_NAME = "newworker", "连翘"
FORGETFUL, FORGETFULS_NAME = "forgetful", "萱忘"
CARED_FOR = "+8619900000003"
NEXT_DOORS_PHONE = "+8619900000019"
FRAIL = "+8619900000007"
NEIGHBOURS_PHONE = "+8619900000042"
UP_TO_THE_QUOTE = 4
LEARNS, LEARNS_NAME, TAUGHT = "+8619900000091", "薛向学", "助浴操作"
# Beyond the numbers of the demo: screens name it in their address.
OWN_VISIT = 900_001


@in_transaction
def furnish(*, session: Session) -> None:
    """Put up and hire what the tests look for."""
    _put_up_a_room(session)
    _hire(session, NEIGHBOUR, "邻院", Role.FACILITY_OPERATOR, at=NEIGHBOURS_HOME)
    _hire(session, NEW_WORKER, NEW_WORKERS_NAME, Role.CARE_WORKER, at=FIRST_HOME_CARE)
    _hire(session, FORGETFUL, FORGETFULS_NAME, Role.FACILITY_OPERATOR, at=NEIGHBOURS_HOME)
    _send_a_care_worker(session)
    _give_a_phone_to_somebody_frail(session)
    _fill_a_dinner(session)
    _feed(session)
    _move_in_next_door(session)
    _write(session)
    _teach(session)
    furnish_allowances(session)
    furnish_runs(session)
    furnish_payments(session)
    furnish_subsidies(session)
    furnish_own_subsidies(session)
    furnish_claims(session)


def _move_in_next_door(session: Session) -> None:
    """Four elders who share a phone near the couple's canteen, and have no meal anywhere yet."""
    village = _of_phone(session, CARED_FOR).village_code
    make_account(
        session, *(make_resident(session, village_code=village) for _ in range(4)),
        phone=NEXT_DOORS_PHONE,
    )  # fmt: skip


def _write(session: Session) -> None:
    """The couple is written to in a minute from now; nobody sends it: they may open it first."""
    now = clock.now()
    order = {"kind": "care_order.assigned", "subject": "tests:order"}
    facts = {"time": "11-28 09:00", "worker": NEW_WORKERS_NAME}
    ask_for_messages(
        session,
        [Asked(phone=CARED_FOR, language="zh-CN", channel=Channel.SMS, **order, facts=facts,
               due_at=now)],
    )  # fmt: skip


def _fill_a_dinner(session: Session) -> None:
    """The last dinner of the week at the couple's canteen has its last place with a neighbour."""
    canteen_id = _of_phone(session, CARED_FOR).usual_canteen_id
    dinner = session.execute(
        select(Sitting)
        .where(col(Sitting.canteen_id) == canteen_id, col(Sitting.meal) == Meal.DINNER)
        .where(col(Sitting.service_on) <= clock.today() + timedelta(days=6))
        .order_by(col(Sitting.service_on).desc())
        .limit(1)
    ).scalar_one()
    neighbour = make_resident(session)
    make_account(session, neighbour, phone=NEIGHBOURS_PHONE)
    assert dinner.id is not None
    book_meal(session, sitting_id=dinner.id, resident_id=neighbour.id, booked_by=BookedBy.SELF)
    session.refresh(dinner)
    dinner.capacity = dinner.booked


def _put_up_a_room(session: Session) -> None:
    """One free bed of a kind that nobody of the demo lies in, at the demo's first care home."""
    site_id = _site(session, FIRST_CARE_HOME).id
    add_rooms(session, site_id=site_id, floor=1, numbers="199", beds_each=1, kind=BedKind.HOSPICE)


def _hire(session: Session, sign_in_name: str, name: str, role: Role, *, at: str) -> None:
    """Somebody new, with the password of the demo's operator."""
    known = select(StaffPassword).where(
        col(StaffPassword.staff_id) == _staff(session, "operator").id
    )
    password = session.execute(known).scalar_one()
    values = {"sign_in_name": sign_in_name, "display_name": name, "language": "zh-CN"}
    hired = session.execute(insert(Staff).values(values).returning(col(Staff.id))).scalar_one()
    office = {"staff_id": hired, "role": role, "starts_on": clock.today()}
    session.execute(insert(StaffRole).values(site_id=_site(session, at).id, **office))
    secret = {"password_hash": password.password_hash, "changed_at": password.changed_at}
    session.execute(insert(StaffPassword).values(staff_id=hired, **secret))


def _send_a_care_worker(session: Session) -> None:
    """A bed at home of the couple's first, a visit of the demo's care worker about now, and a quote
    for making the home safe."""
    account = select(col(Account.id)).where(col(Account.phone) == CARED_FOR)
    whose = select(col(ResidentGrant.resident_id)).where(
        col(ResidentGrant.account_id) == session.execute(account).scalar_one()
    )
    resident_id = session.execute(whose.order_by(col(ResidentGrant.resident_id))).scalars().first()
    site, worker = _site(session, FIRST_HOME_CARE), _staff(session, "careworker")
    let_site_know(session, resident_id, site.id, until=clock.today() + timedelta(days=99))
    bed = make_home_bed(session, session.get(Resident, resident_id), site)
    make_plan(session, bed, worker, state="drafted", weekdays=(1, 2, 3, 4, 5, 6, 7))
    soon = clock.now() - timedelta(minutes=5)
    given = {"id": OWN_VISIT, "services": ["bathing", "turning"]}
    make_wish(session, make_visit(session, bed, worker, starts_at=soon, **given), id=OWN_VISIT)
    make_visit(session, bed, worker, on=clock.today() + timedelta(days=1))
    _send_her_on(session, site, worker, whose)
    made = apply(session, resident_id=resident_id, requested_by=RequestedBy.STAFF)
    bring(session, site.id, made.id, UP_TO_THE_QUOTE)


def _send_her_on(session: Session, site: Site, worker: Staff, but_to: Any) -> None:
    """To a second home, a street further, so that there is a way between them."""
    others = select(Resident).where(col(Resident.id).not_in(but_to)).order_by(col(Resident.id))
    neighbour = session.execute(others.limit(1)).scalar_one()
    let_site_know(session, neighbour.id, site.id, until=clock.today() + timedelta(days=99))
    bed = make_home_bed(session, neighbour, site, x=HERE[0] + 0.01, y=HERE[1] + 0.005)
    make_visit(session, bed, worker, starts_at=clock.now() + timedelta(hours=2))


def _teach(session: Session) -> None:
    """A caregiver with a phone has a place at a course with an exam, whose class runs now."""
    site = session.execute(select(Site).where(col(Site.source_key) == FIRST_CARE_HOME)).scalar_one()
    caregiver = make_caregiver(
        session, site, name=LEARNS_NAME, account_id=make_account(session, phone=LEARNS).id
    )
    make_employment(session, caregiver)
    course = make_course(
        session, home_of(site), name=TAUGHT, kind=CourseKind.OTHER, has_exam=True, pass_mark=60
    )
    run = make_session(session, course, starts_in=timedelta(hours=2), meetings=1)
    enrol_caregivers(session, run.id, [caregiver.id])
    [meeting] = list_meetings(session, run.id)
    begun = clock.now() - timedelta(minutes=5)
    session.get_one(CourseMeeting, meeting.id).starts_at = begun
    run.starts_at = run.enrol_until = begun
    session.flush()


def _give_a_phone_to_somebody_frail(session: Session) -> None:
    """Two whom nobody has assessed or helped live in the community worker's village."""
    office = select(col(StaffRole.division_code)).where(
        col(StaffRole.staff_id) == _staff(session, "community").id
    )
    known = (BedOccupancy, HomeBed, ResidentGrant, Assessment)
    query = select(Resident).where(
        *(~exists().where(col(one.resident_id) == col(Resident.id)) for one in known),
        col(Resident.died_on).is_(None),
    )
    village = session.execute(office).scalar_one()
    two = session.execute(query.order_by(col(Resident.id).desc()).limit(2)).scalars().all()
    for one in two:
        one.village_code = village
    somebody = two[0]
    give_level(session, somebody, AbilityLevel.MODERATE)
    make_account(session, somebody, phone=FRAIL)


def _of_phone(session: Session, phone: str) -> Resident:
    """The first resident whom the account of a phone acts for."""
    query = (
        select(Resident)
        .join(ResidentGrant, col(ResidentGrant.resident_id) == col(Resident.id))
        .join(Account, col(Account.id) == col(ResidentGrant.account_id))
        .where(col(Account.phone) == phone)
        .order_by(col(Resident.id))
        .limit(1)
    )
    found: Resident = session.execute(query).scalar_one()
    return found


def _site(session: Session, source_key: str) -> Site:
    query = select(Site).where(col(Site.source_key) == source_key)
    site: Site = session.execute(query).scalar_one()
    return site


def _staff(session: Session, sign_in_name: str) -> Staff:
    query = select(Staff).where(col(Staff.sign_in_name) == sign_in_name)
    staff: Staff = session.execute(query).scalar_one()
    return staff


def _feed(session: Session) -> None:
    """Yesterday's dinner of whoever the phone is, and an answered word about it."""
    account = select(col(Account.id)).where(col(Account.phone) == CARED_FOR)
    whose = select(col(ResidentGrant.resident_id)).where(
        col(ResidentGrant.account_id) == session.execute(account).scalar_one()
    )
    resident_id = session.execute(whose.order_by(col(ResidentGrant.resident_id))).scalars().first()
    yesterday = clock.today() - timedelta(days=1)
    resident = session.get(Resident, resident_id)
    given = {"on": yesterday, "meal": Meal.DINNER, "id": OWN_VISIT}
    kitchen = Kitchen(session)
    make_answered(session, kitchen.eaten(resident, **given), id=OWN_VISIT)
    # Nobody is to be sent there: it has no menu.
    session.get_one(Site, kitchen.site_id).opening_state = OpeningState.CLOSED
