"""From the door to the certificate: minutes, the exam, two people, the paper, the subsidy."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.caregivers.models import Caregiver
from server.caregivers.training import attending, door, examining
from server.caregivers.training.attending import Noted, close_lists_due, close_meeting, keep_list
from server.caregivers.training.bringing import freeze_subsidies
from server.caregivers.training.certifying import annul, find_by_code, issue_certificates
from server.caregivers.training.errors import (
    ConfirmedByWhoEntered,
    DoorCodeWrong,
    ListClosed,
    NoMeetingNow,
    NoSittingLeft,
    NotAdmitted,
    NothingToConfirm,
    ResultsMissing,
    TooEarly,
    TooManyWrongCodes,
)
from server.caregivers.training.examining import confirm_results, enter_results
from server.caregivers.training.models import CourseKind
from server.caregivers.training.queries import list_meetings
from server.db.acts import Act, Face
from server.db.sessions import KeptRefusal, enter
from tests.factories.caregivers import make_certificate
from tests.factories.people import make_account, make_sign_in, make_staff
from tests.factories.training import AN_HOUR, make_course, make_session, make_trainees


class Room:
    """A course of two meetings with an exam, four trainees, a phone for each, two officers."""

    def __init__(self, session, time_machine, **given):
        self.session, self.clock = session, time_machine
        values = {"kind": CourseKind.SKILL, "has_exam": True, "pass_mark": 60,
                  "issuer": "晋城市职业技能鉴定中心"} | given  # fmt: skip
        self.course = make_course(session, **values)
        self.run = make_session(session, self.course)
        self.trainees = make_trainees(session, self.run, 4)
        self.accounts = [make_account(session) for _ in self.trainees]
        for one, account in zip(self.trainees, self.accounts, strict=True):
            session.execute(
                text("UPDATE caregiver SET account_id = :account WHERE id = :id"),
                {"account": account.id, "id": one.caregiver_id},
            )
        self.enterer = make_staff(session, "facility_operator", site_id=self.course.site_id)
        self.officer = make_staff(session, "county_officer", division_code="140502")
        self.meetings = list_meetings(session, self.run.id)
        session.flush()

    def act_as(self, *, staff=None, account=None):
        token = make_sign_in(self.session, staff=staff, account=account)
        act = Act(Face.CONSOLE if staff else Face.PHONE, "tests", "test", token=token)
        self.session.flush()
        self.session.info["actor"] = enter(self.session.connection(), act, writes=True)

    def as_platform(self):
        act = Act(Face.COMMAND, "tests", "test", service=True)
        self.session.info["actor"] = enter(self.session.connection(), act, writes=True)

    def at(self, meeting, minutes=0):
        moment = self.meetings[meeting].starts_at + timedelta(minutes=minutes)
        self.clock.move_to(moment, tick=False)

    def sign(self, trainee, meeting, code=None):
        """The trainee types the six digits that stand at the door."""
        code = code or door.code_of(self.meetings[meeting].id, clock.now()).typed
        self.act_as(account=self.accounts[trainee])
        try:
            return attending.sign_at_door(self.session, code)
        finally:
            self.as_platform()

    def attend_all(self, *there):
        """These trainees are at every meeting, by the list, and the lists are closed."""
        for meeting in self.meetings:
            self.clock.move_to(meeting.ends_at + AN_HOUR)
            lines = [Noted(self.trainees[one].id, meeting.starts_at) for one in there]
            keep_list(self.session, meeting.id, lines)
            close_meeting(self.session, meeting.id)

    def examine(self, **scores):
        self.act_as(staff=self.enterer)
        by_id = {self.trainees[int(name[1:])].id: score for name, score in scores.items()}
        enter_results(self.session, self.run.id, sat_on=clock.today(), scores=by_id)
        self.as_platform()

    def confirm(self, staff=None):
        self.act_as(staff=staff or self.officer)
        try:
            return confirm_results(self.session, self.run.id)
        finally:
            self.as_platform()


@pytest.fixture
def room(session, time_machine):
    return Room(session, time_machine)


def hours(session):
    query = text("SELECT caregiver_id, minutes FROM continuing_education ORDER BY caregiver_id, id")
    return [tuple(row) for row in session.execute(query)]


class TestTheDoor:
    def test_whoever_types_the_digits_in_time_is_there(self, room):
        room.at(0, minutes=5)

        signed = room.sign(0, 0)

        assert (signed.meeting_id, signed.minutes, signed.left_at) == (
            room.meetings[0].id,
            115,
            None,
        )

    def test_the_scanned_code_is_as_good(self, room):
        room.at(0)

        assert (
            room.sign(0, 0, door.code_of(room.meetings[0].id, clock.now()).scanned).minutes == 120
        )

    def test_leaving_is_noted_by_the_second_look(self, room):
        room.at(0)
        room.sign(0, 0)
        room.at(0, minutes=90)

        assert room.sign(0, 0).minutes == 90

    def test_a_second_look_at_once_is_the_same_arrival(self, room):
        room.at(0)
        room.sign(0, 0)
        room.at(0, minutes=2)

        assert room.sign(0, 0).left_at is None

    @pytest.mark.parametrize("has_signed", [False, True])
    @pytest.mark.parametrize(("minute", "counted"), [(120, 0), (60, 60)])
    def test_whoever_the_list_has_as_absent_arrives_by_the_door(
        self, session, room, minute, counted, has_signed
    ):
        room.at(0)
        if has_signed:
            room.sign(0, 0)
        room.at(0, minutes=30)
        keep_list(session, room.meetings[0].id, [Noted(room.trainees[0].id)])
        room.at(0, minutes=minute)

        signed = room.sign(0, 0)

        assert (signed.minutes, signed.left_at) == (counted, None)

    @pytest.mark.parametrize("how", ["typed", "scanned"])
    def test_a_code_that_was_sent_on_is_refused_after_its_time(self, room, how):
        room.at(0)
        code = getattr(door.code_of(room.meetings[0].id, clock.now()), how)
        room.clock.shift(timedelta(seconds=61))

        with pytest.raises(KeptRefusal) as refused:
            room.sign(1, 0, code)
        assert isinstance(refused.value.refusal, DoorCodeWrong)

    def test_another_meetings_code_is_refused(self, room):
        room.at(0)
        code = door.code_of(room.meetings[1].id, clock.now()).scanned

        with pytest.raises(KeptRefusal):
            room.sign(0, 0, code)

    def test_guessing_ends_after_ten_tries(self, room):
        room.at(0)
        for _ in range(10):
            with pytest.raises(KeptRefusal):
                room.sign(0, 0, "YLT1.x")

        with pytest.raises(TooManyWrongCodes):
            room.sign(0, 0)

    def test_there_is_no_door_a_day_before(self, room):
        with pytest.raises(NoMeetingNow):
            room.sign(0, 0, "123456")


class TestTheList:
    def test_minutes_count_once_when_the_list_is_closed(self, session, room):
        room.attend_all(0, 1)
        close_meeting(session, room.meetings[0].id)

        people = [room.trainees[0].caregiver_id] * 2 + [room.trainees[1].caregiver_id] * 2
        assert hours(session) == [(person, 120) for person in people]

    def test_a_closed_list_stands(self, session, room):
        room.attend_all(0)

        with pytest.raises(ListClosed):
            keep_list(session, room.meetings[0].id, [Noted(room.trainees[1].id)])

    def test_nobody_was_there_before_it_began(self, session, room):
        with pytest.raises(TooEarly):
            keep_list(session, room.meetings[0].id, [Noted(room.trainees[0].id)])
        with pytest.raises(TooEarly):
            close_meeting(session, room.meetings[0].id)

    def test_somebody_noted_by_mistake_was_not_there(self, session, room):
        meeting = room.meetings[0]
        room.clock.move_to(meeting.ends_at)
        line = Noted(room.trainees[0].id, meeting.starts_at)

        assert keep_list(session, meeting.id, [line]) == 1
        assert keep_list(session, meeting.id, [line]) == 0
        assert keep_list(session, meeting.id, [Noted(room.trainees[0].id)]) == 1
        close_meeting(session, meeting.id)
        assert hours(session) == []

    def test_lists_close_by_themselves_after_some_days(self, session, room):
        room.clock.move_to(room.meetings[1].ends_at + timedelta(days=2))
        assert close_lists_due(session) == 0
        room.clock.shift(timedelta(days=3))

        assert [close_lists_due(session), close_lists_due(session)] == [2, 0]


class TestTheExam:
    def test_whoever_missed_too_much_is_not_let_in(self, room):
        room.attend_all(0)

        with pytest.raises(NotAdmitted) as refused:
            room.examine(_1=80)
        assert (refused.value.facts["percent"], refused.value.facts["least"]) == (0, 80)

    def test_whoever_entered_a_result_never_confirms_it(self, room):
        room.attend_all(0)
        room.examine(_0=80)

        with pytest.raises(ConfirmedByWhoEntered):
            room.confirm(room.enterer)
        assert room.confirm() == 1
        with pytest.raises(NothingToConfirm):
            room.confirm()

    def test_a_result_is_mended_until_it_is_confirmed(self, session, room):
        room.attend_all(0)
        room.examine(_0=8)
        room.examine(_0=80)

        [result] = session.execute(text("SELECT score, sitting_no FROM exam_result")).all()
        assert tuple(result) == (80, 1)

    def test_one_may_sit_it_again_once(self, session, room):
        room.attend_all(0)
        for score in (40, 50):
            room.examine(_0=score)
            room.confirm()

        with pytest.raises(NoSittingLeft):
            room.examine(_0=90)
        assert session.execute(text("SELECT count(*) FROM exam_result")).scalar_one() == 2

    def test_the_trainees_are_told(self, session, room):
        room.attend_all(0, 1)
        room.examine(_0=90, _1=20)
        room.confirm()

        query = "SELECT kind FROM message WHERE kind IN ('training.passed', 'training.failed')"
        assert sorted(session.execute(text(query)).scalars()) == [
            "training.failed",
            "training.passed",
        ]


class TestTheCertificate:
    def test_it_is_issued_once_to_whoever_passed_with_the_skill(self, session, room):
        room.attend_all(0, 1)
        room.examine(_0=90, _1=20)
        room.confirm()

        assert issue_certificates(session, room.run.id) == 1
        assert issue_certificates(session, room.run.id) == 0
        skill = session.execute(
            text("SELECT caregiver_id, level, issuer FROM skill_certificate")
        ).one()
        assert tuple(skill) == (room.trainees[0].caregiver_id, 5, "晋城市职业技能鉴定中心")

    def test_anybody_with_its_code_finds_it(self, session, room):
        room.attend_all(0)
        room.examine(_0=90)
        room.confirm()
        issue_certificates(session, room.run.id)
        code = session.execute(text("SELECT check_code FROM completion_certificate")).scalar_one()

        assert find_by_code(session, code).course == "消防与急救"
        assert find_by_code(session, "x" * 22) is None

    def test_annulled_it_takes_its_skill_along(self, session, room):
        room.attend_all(0)
        room.examine(_0=90)
        room.confirm()
        issue_certificates(session, room.run.id)
        number = session.execute(text("SELECT id FROM completion_certificate")).scalar_one()

        annul(session, number, reason="冒名顶替")

        annulled = session.execute(text("SELECT annulled_on FROM skill_certificate")).scalar_one()
        assert annulled == clock.today()

    def test_none_is_issued_while_lists_are_open(self, session, room):
        with pytest.raises(ResultsMissing):
            issue_certificates(session, room.run.id)

    def test_without_an_exam_attending_is_completing(self, session, time_machine):
        room = Room(session, time_machine, kind=CourseKind.SAFETY, has_exam=False, pass_mark=None,
                    issuer="")  # fmt: skip
        room.attend_all(0, 2)

        assert issue_certificates(session, room.run.id) == 2


class TestWhatItBrings:
    def frozen(self, session):
        query = text("SELECT amount_fen, reasons FROM training_subsidy ORDER BY enrolment_id")
        return [tuple(row) for row in session.execute(query)]

    def test_a_first_certificate_brings_two_thousand_yuan_and_all_else_a_reason(
        self, session, room
    ):
        make_certificate(session, session.get_one(Caregiver, room.trainees[1].caregiver_id))
        room.attend_all(0, 1, 2)
        room.examine(_0=90, _1=90, _2=20)
        room.confirm()
        issue_certificates(session, room.run.id)

        assert freeze_subsidies(session, room.run.id) == 4
        assert freeze_subsidies(session, room.run.id) == 0
        assert self.frozen(session) == [
            (200_000, []),
            (0, ["not_first_certificate"]),
            (0, ["not_completed"]),
            (0, ["not_completed"]),
        ]

    def test_nothing_is_frozen_while_results_wait(self, session, room):
        room.attend_all(0)
        room.examine(_0=90)

        with pytest.raises(ResultsMissing):
            freeze_subsidies(session, room.run.id)

    def test_it_says_which_parameters_it_rests_on(self, session, room):
        room.attend_all(0)
        room.examine(_0=90)
        room.confirm()
        freeze_subsidies(session, room.run.id)

        basis = session.execute(text("SELECT basis FROM training_subsidy LIMIT 1")).scalar_one()
        assert len(basis["parameters"]) == 3
        assert basis["days"] == 2


class TestConfirmingTwice:
    def test_the_database_itself_wants_another_person(self, session, room):
        room.attend_all(0)
        room.examine(_0=90)

        with pytest.raises(Exception, match="ck_exam_result_confirmed_by_another"):
            session.execute(
                text("UPDATE exam_result SET confirmed_by = entered_by, confirmed_at = entered_at")
            )


def test_nobody_waits_for_confirmation_without_results(session, room):
    run = examining.get_run(session, room.run.id)
    assert not examining.waits_for_confirmation(examining.list_trainees(session, run))
