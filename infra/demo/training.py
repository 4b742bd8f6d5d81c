"""Courses of the demo: one that ended with results, one running today, one with a waiting list."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from infra.demo.id_numbers import id_number
from infra.demo.names import make_name
from infra.demo.sites import FIRST_CARE_HOME
from server import clock
from server.caregivers.models import ID_NUMBER_FIELD, Caregiver, Employment, Post
from server.caregivers.training.attending import close_meeting
from server.caregivers.training.bringing import freeze_subsidies
from server.caregivers.training.certifying import issue_certificates
from server.caregivers.training.enrolling import enrol_caregivers
from server.caregivers.training.keeping import Home, publish, put_course, put_session
from server.caregivers.training.models import (
    ContestEntrant,
    ContestLevel,
    Course,
    CourseAttendance,
    CourseKind,
    CourseSession,
    Enrolment,
    EnrolmentState,
    ExamResult,
    SignedBy,
    SkillsContest,
)
from server.caregivers.training.queries import list_meetings
from server.people.papers import pinyin_of
from server.residents.models import Sex
from server.secrets.fields import keyring

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM course)")
HOME = text("SELECT id, division_code FROM site WHERE source_key = :key")
CAREGIVERS = text(
    """
    SELECT c.id, c.name, s.name AS site_name FROM caregiver c JOIN site s ON s.id = c.keeper_site_id
     ORDER BY c.account_id IS NOT NULL,
              EXISTS (SELECT 1 FROM skill_certificate k WHERE k.caregiver_id = c.id),
              c.keeper_site_id <> :site, c.id
     LIMIT :limit
    """
)
AT_THE_PHONE = text(
    "SELECT id, name FROM caregiver WHERE account_id IS NOT NULL ORDER BY id LIMIT 1"
)
OFFICERS = text(
    """
    SELECT (SELECT min(r.staff_id) FROM staff_role r WHERE r.role = 'facility_operator') AS teacher,
           (SELECT min(r.staff_id) FROM staff_role r WHERE r.role = 'county_officer') AS officer
    """
)
PEOPLE = 12
HOURS = timedelta(hours=2, minutes=30)
SCORES = (92, 85, 78, 88, 54, 95, 81, 67)


def is_training_there(session: Session) -> bool:
    """True for a demo that has courses already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_training(session: Session) -> int:
    """Put courses, sessions in each stage and a contest down, once; returns how many people."""
    home = session.connection().execute(HOME, {"key": FIRST_CARE_HOME}).one_or_none()
    officers = session.connection().execute(OFFICERS).one()
    if home is None or is_training_there(session) or None in officers:
        return 0
    people = _caregivers(session, home)
    at = Home(home.division_code[:6], home.id)
    _ended(session, at, people[:8], officers)
    _running(session, at, [*people[:9], *_at_the_phone(session)])
    _learned(session, Home(home.division_code[:6]), _at_the_phone(session))
    _open(session, Home(home.division_code[:6]), people)
    _contest(session, home, people[:6])
    return len(people)


def _caregivers(session: Session, home: Row[Any]) -> Sequence[Any]:
    """Those of the demo; a city that has none yet gets some at its first home."""
    asked = {"site": home.id, "limit": PEOPLE}
    found = session.connection().execute(CAREGIVERS, asked).all()
    if len(found) >= PEOPLE:
        return found
    chance = Random("caregivers at school")
    session.add_all(_caregiver(chance, home, number) for number in range(PEOPLE))
    session.flush()
    made = session.connection().execute(CAREGIVERS, asked).all()
    hired = date(clock.today().year - 2, 3, 1)
    session.add_all(
        Employment(
            caregiver_id=one.id, site_id=home.id, post=Post.CARE, is_front_line=True,
            starts_on=hired, recorded_at=clock.now(),
        )
        for one in made
    )  # fmt: skip
    session.flush()
    return made


def _caregiver(chance: Random, home: Row[Any], number: int) -> Caregiver:
    name = "".join(make_name(chance, Sex.FEMALE))
    born_on = date(1970 + number, 1 + number % 12, 1 + number)
    own_number = id_number(home.division_code[:6], born_on, 980 - 2 * number)
    pinyin, initials = pinyin_of(name)
    return Caregiver(
        name=name, pinyin=pinyin, initials=initials, born_on=born_on,
        id_number_cipher=keyring().encrypt(own_number, ID_NUMBER_FIELD),
        id_number_digest=keyring().digest(own_number, ID_NUMBER_FIELD),
        keeper_site_id=home.id, registered_at=clock.now(),
    )  # fmt: skip


def _course(session: Session, at: Home, name: str, kind: CourseKind, **facts: Any) -> Course:
    return put_course(session, at, name=name, kind=kind, **facts)


def _planned(
    session: Session, course: Course, at: Home, first: date, days: int, **facts: Any
) -> CourseSession:
    dates = [first + timedelta(days=day) for day in range(days)]
    times = [datetime.combine(day, time(9), clock.CITY) for day in dates]
    planned = put_session(
        session, course, at, meetings=[(begin, begin + HOURS) for begin in times],
        enrol_until=times[0] - timedelta(hours=12), **facts,
    )  # fmt: skip
    return publish(session, planned.id or 0)


def _ended(session: Session, at: Home, people: Sequence[Any], officers: Row[Any]) -> None:
    """Eight learned for five days three weeks ago; one missed too much, one did not pass."""
    course = _course(
        session, at, "养老护理员五级（初级工）", CourseKind.SKILL, level=5, minutes=750,
        least_percent=80, has_exam=True, pass_mark=60, issuer="市职业技能鉴定中心",
        cost_fen=120_000, about="生活照护、基础照护、康复服务、心理支持",
    )  # fmt: skip
    first = clock.today() - timedelta(days=21)
    run = _planned(session, course, at, first, 5, place="实训室 201", teacher="王丽", capacity=20)
    run.teaching_fen, run.venue_fen = 400_000, 100_000
    run.material_fen, run.exam_fen = 60_000, 120_000
    places = _places(session, run, people)
    meetings = list_meetings(session, run.id or 0)
    for place in places:
        missed = 2 if place is places[-1] else 0
        session.add_all(_attended(place, meeting) for meeting in meetings[missed:])
    session.flush()
    for meeting in meetings:
        close_meeting(session, meeting.id)
    _examine(session, places[:-1], first + timedelta(days=6), officers)
    issue_certificates(session, run.id or 0)
    freeze_subsidies(session, run.id or 0)


def _running(session: Session, at: Home, people: Sequence[Any]) -> None:
    """A day of safety training, today; half of them have signed in where it has begun."""
    course = _course(
        session, at, "养老机构消防与急救", CourseKind.SAFETY, minutes=300, least_percent=90,
        has_exam=False, pass_mark=None, about="灭火器、疏散、心肺复苏、噎食急救",
    )  # fmt: skip
    begin = (clock.now() - timedelta(minutes=20)).replace(second=0, microsecond=0)
    planned = put_session(
        session, course, at, meetings=[(begin, begin + HOURS)], capacity=30, place="多功能厅",
        teacher="消防大队 刘警官", enrol_until=begin - timedelta(hours=12),
    )  # fmt: skip
    run = publish(session, planned.id or 0)
    places = _places(session, run, people)
    [meeting] = list_meetings(session, run.id or 0)
    session.add_all(_attended(place, meeting) for place in places[:5])
    session.flush()


def _at_the_phone(session: Session) -> Sequence[Any]:
    """The caregiver whom a visitor of the demo signs in as, to find courses of her own."""
    return session.connection().execute(AT_THE_PHONE).all()


def _learned(session: Session, at: Home, people: Sequence[Any]) -> None:
    """Two mornings of continuing education, six weeks ago."""
    course = _course(
        session, at, "老年人噎食和跌倒防范", CourseKind.CONTINUING, minutes=300, least_percent=80,
        has_exam=False, pass_mark=None, about="喂食姿势、急救手法、居室安全检查",
    )  # fmt: skip
    first = clock.today() - timedelta(days=42)
    facts = {"place": "区民政局三楼", "teacher": "李敏"}
    run = _planned(session, course, at, first, 2, capacity=30, **facts)
    places = _places(session, run, people)
    for meeting in list_meetings(session, run.id or 0):
        session.add_all(_attended(place, meeting) for place in places)
        session.flush()
        close_meeting(session, meeting.id)


def _open(session: Session, at: Home, people: Sequence[Any]) -> None:
    """The county's course is full, and some wait; families have one with places."""
    course = _course(
        session, at, "失智老人照护继续教育", CourseKind.CONTINUING, minutes=600, least_percent=80,
        has_exam=False, pass_mark=None, about="沟通、防走失、激越行为的应对",
    )  # fmt: skip
    first = clock.today() + timedelta(days=9)
    facts = {"place": "区民政局三楼", "teacher": "李敏"}
    run = _planned(session, course, at, first, 2, capacity=8, **facts)
    enrol_caregivers(session, run.id or 0, [one.id for one in people[: len(people) - 1]])
    family = _course(
        session, at, "家庭照护者培训", CourseKind.FAMILY, minutes=300, least_percent=80,
        has_exam=False, pass_mark=None, about="翻身、喂饭、洗澡、防跌倒，在家怎么做",
    )  # fmt: skip
    facts = {"place": "社区活动室", "teacher": "赵护士"}
    _planned(session, family, at, first + timedelta(days=3), 2, capacity=20, **facts)


def _contest(session: Session, home: Row[Any], people: Sequence[Any]) -> None:
    """The county's contest of two months ago, with its ranks."""
    held_on = clock.today() - timedelta(days=60)
    contest = SkillsContest(
        name="养老护理职业技能竞赛", level=ContestLevel.COUNTY,
        division_code=home.division_code[:6],
        held_on=held_on, place="区体育馆", organiser="区民政局", created_at=clock.now(),
        published_at=clock.now(),
    )  # fmt: skip
    session.add(contest)
    session.flush()
    awards = ("一等奖", "二等奖", "二等奖", "三等奖", "", "")
    session.add_all(
        ContestEntrant(
            contest_id=contest.id or 0, caregiver_id=one.id, name=one.name,
            site_name=one.site_name, score_hundredths=9_600 - 250 * number, rank=number + 1,
            award=awards[number],
        )
        for number, one in enumerate(people)
    )  # fmt: skip
    session.flush()


def _places(session: Session, run: CourseSession, people: Sequence[Any]) -> Sequence[Enrolment]:
    """Places at a session that has begun, taken the week before."""
    places = [
        Enrolment(
            session_id=run.id or 0, caregiver_id=one.id, name=one.name,
            state=EnrolmentState.ENROLLED, joined_at=run.enrol_until - timedelta(days=7),
        )
        for one in people
    ]  # fmt: skip
    session.add_all(places)
    session.flush()
    return places


def _attended(place: Enrolment, meeting: Row[Any]) -> CourseAttendance:
    minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    return CourseAttendance(
        enrolment_id=place.id or 0, meeting_id=meeting.id, arrived_at=meeting.starts_at,
        minutes=minutes, signed_by=SignedBy.CODE,
    )  # fmt: skip


def _examine(
    session: Session, places: Sequence[Enrolment], sat_on: date, officers: Row[Any]
) -> None:
    at = datetime.combine(sat_on, time(17), clock.CITY)
    session.add_all(
        ExamResult(
            enrolment_id=place.id or 0, sat_on=sat_on, score=score, is_passed=score >= 60,
            entered_by=officers.teacher, entered_at=at,
            confirmed_by=officers.officer, confirmed_at=at,
        )
        for place, score in zip(places, SCORES, strict=False)
    )  # fmt: skip
    session.flush()
