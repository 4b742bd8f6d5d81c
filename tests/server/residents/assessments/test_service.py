"""The life of an assessment: one fills in, another reviews, and a level holds."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock, events
from server.residents.assessments import queries, service
from server.residents.assessments.errors import (
    AnswersMissing,
    AnswersUnusable,
    AssessmentDayUnusable,
    AssessmentNotOpen,
    AssessmentOutdated,
    AssessmentUnderWay,
    NobodyToAssess,
    NotTheAssessor,
    OwnAssessment,
    ReassessmentUnexplained,
)
from server.residents.assessments.events import AbilityLevelConfirmed
from server.residents.assessments.models import (
    NOTE_FIELD,
    AbilityLevel,
    Assessment,
    AssessmentReason,
    AssessmentStatus,
)
from server.residents.assessments.proof import find_by_number, number_of
from server.secrets.fields import keyring
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.assessments import Office, begin, confirm, fill_in, hand_in, points_of
from tests.factories.people import make_resident

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel("2026-11-22T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def told():
    """What other contexts hear."""
    heard = []
    events.wire({AbilityLevelConfirmed: (lambda session, event: heard.append(event),)})
    return heard


def read(session, assessment_id):
    session.expire_all()
    return session.get_one(Assessment, assessment_id)


def test_a_draft_is_kept_half_way_and_gone_on_with(session, assessor, resident):
    draft = begin(assessor, resident.id)
    with assessor.at_work() as work:
        service.save_sheet(work, draft, {"points": {"eating": 3}})
    with assessor.at_work() as work:
        service.save_sheet(work, draft, {"points": {"bathing": 2}, "note": "听力差，由女儿转述"})
    with assessor.at_work(writes=False) as work:
        sheet = queries.get_sheet(work, draft)

    assert sheet.points == {"eating": 3, "bathing": 2}
    assert sheet.note == "听力差，由女儿转述"


def test_only_a_whole_sheet_is_handed_in(session, assessor, resident):
    draft = begin(assessor, resident.id)
    points = points_of(70)
    del points["eating"]
    with assessor.at_work() as work:
        service.save_sheet(work, draft, {"points": points})

    with pytest.raises(AnswersMissing), assessor.at_work() as work:
        service.submit_assessment(work, draft)

    assert read(session, draft).status == AssessmentStatus.DRAFT


def test_what_is_handed_in_is_reckoned_and_names_its_figures(session, assessor, resident):
    handed_in = read(
        session, hand_in(assessor, resident.id, total=70, diagnoses=["F00"], events={"fall": 2})
    )

    assert (handed_in.self_care, handed_in.movement, handed_in.mind, handed_in.senses) == (
        32,
        15,
        23,
        0,
    )
    assert (handed_in.total, handed_in.initial_level, handed_in.final_level) == (
        70,
        AbilityLevel.MILD,
        AbilityLevel.MODERATE,
    )
    assert set(handed_in.figures) == {
        "residents.assessment_validity_months",
        "residents.assessment_most_steps",
        "residents.assessment_repeat_days",
    }
    assert queries.get_sheet(session, handed_in.id).adjustments == ["disorder", "events"]


def test_an_answer_outside_the_scale_is_kept_by_nobody(assessor, resident):
    draft = begin(assessor, resident.id)

    with pytest.raises(AnswersUnusable), assessor.at_work() as work:
        service.save_sheet(work, draft, {"points": {"eating": 9}})


def test_a_resident_has_one_open_assessment_at_a_time(assessor, reviewer, resident):
    begin(assessor, resident.id)

    with pytest.raises(AssessmentUnderWay):
        begin(reviewer, resident.id)


def test_nobody_assesses_those_who_have_died_or_left(session, assessor):
    gone = make_resident(session)
    gone.died_on = TODAY
    session.commit()

    with pytest.raises(NobodyToAssess):
        begin(assessor, gone.id)
    begin(assessor, gone.id, days_ago=1)


def test_no_level_is_confirmed_for_those_who_have_died_meanwhile(
    session, assessor, reviewer, resident
):
    assessment_id = hand_in(assessor, resident.id)
    session.refresh(resident)
    resident.died_on = TODAY
    session.commit()

    with pytest.raises(NobodyToAssess):
        confirm(reviewer, assessment_id)


def test_a_day_ahead_or_a_year_ago_is_refused_at_once(assessor, resident):
    with pytest.raises(AssessmentDayUnusable):
        begin(assessor, resident.id, days_ago=-1)
    with pytest.raises(AssessmentOutdated):
        begin(assessor, resident.id, days_ago=365)


def test_whoever_assessed_does_not_review(session, reviewer, resident):
    own = hand_in(reviewer, resident.id)

    for review in (service.confirm_assessment, service.return_assessment):
        given = {"note": "x"} if review is service.return_assessment else {}
        with pytest.raises(OwnAssessment), reviewer.at_work() as work:
            review(work, own, **given)

    assert read(session, own).status == AssessmentStatus.SUBMITTED


def test_a_confirmed_level_holds_from_today_and_is_announced(
    session, assessor, reviewer, resident, told
):
    assessment_id = hand_in(assessor, resident.id, total=50, days_ago=3)
    confirm(reviewer, assessment_id)

    confirmed = read(session, assessment_id)
    assert (confirmed.starts_on, confirmed.ends_on) == (TODAY, date(2027, 11, 19))
    assert confirmed.reviewed_by == reviewer.staff.id
    assert told == [
        AbilityLevelConfirmed(
            assessment_id, resident.id, AbilityLevel.MODERATE, TODAY, date(2027, 11, 19)
        )
    ]


def test_an_event_that_nobody_is_declared_to_hear_stops_the_confirmation(
    session, assessor, reviewer, resident
):
    assessment_id = hand_in(assessor, resident.id)
    events.wire({})

    with pytest.raises(events.NobodyListens):
        confirm(reviewer, assessment_id)

    assert read(session, assessment_id).status == AssessmentStatus.SUBMITTED


def test_a_new_level_ends_the_one_before(session, assessor, reviewer, resident):
    first = hand_in(assessor, resident.id, total=70)
    confirm(reviewer, first)
    with time_machine.travel("2026-12-25T12:00:00+08:00", tick=False):
        second = hand_in(assessor, resident.id, total=40)
        confirm(reviewer, second)

    assert read(session, first).ends_on == read(session, second).starts_on == date(2026, 12, 25)
    for day, level in (
        (date(2026, 11, 21), None),
        (TODAY, AbilityLevel.MILD),
        (date(2026, 12, 24), AbilityLevel.MILD),
        (date(2026, 12, 25), AbilityLevel.SEVERE),
        (date(2027, 12, 24), AbilityLevel.SEVERE),
        (date(2027, 12, 25), None),
    ):
        assert queries.ability_level_on(session, [resident.id], day).get(resident.id) == level, day


def test_of_two_levels_of_one_day_the_second_begins_tomorrow(session, assessor, reviewer, resident):
    confirm(reviewer, hand_in(assessor, resident.id, total=70))
    again = hand_in(assessor, resident.id, total=40, note="刚出院，情况有变")
    confirm(reviewer, again)

    tomorrow = TODAY + timedelta(days=1)
    assert read(session, again).starts_on == tomorrow
    levels = [
        queries.ability_level_on(session, [resident.id], day)[resident.id]
        for day in (TODAY, tomorrow)
    ]
    assert levels == [AbilityLevel.MILD, AbilityLevel.SEVERE]


def test_a_level_that_has_run_out_is_left_as_it_was(session, assessor, reviewer, resident):
    first = hand_in(assessor, resident.id)
    confirm(reviewer, first)
    ended = read(session, first).ends_on
    with time_machine.travel("2028-03-01T12:00:00+08:00", tick=False):
        confirm(reviewer, hand_in(assessor, resident.id))

    assert read(session, first).ends_on == ended


def test_within_30_days_another_assessment_says_why(assessor, reviewer, resident):
    confirm(reviewer, hand_in(assessor, resident.id))
    with time_machine.travel("2026-12-21T12:00:00+08:00", tick=False):
        with pytest.raises(ReassessmentUnexplained):
            begin(assessor, resident.id)
        begin(assessor, resident.id, reason=AssessmentReason.IMMEDIATE, note="跌倒后行走困难")


def test_nobody_goes_back_behind_the_last_assessment(assessor, reviewer, resident):
    confirm(reviewer, hand_in(assessor, resident.id, days_ago=5))

    with pytest.raises(AssessmentDayUnusable):
        begin(assessor, resident.id, days_ago=6, note="补录")


def test_what_is_returned_is_mended_and_handed_in_again(session, assessor, reviewer, resident):
    assessment_id = hand_in(assessor, resident.id, total=70)
    with reviewer.at_work() as work:
        service.return_assessment(work, assessment_id, note="上下楼梯请再看一次")
    returned = read(session, assessment_id)
    assert returned.status == AssessmentStatus.RETURNED
    assert keyring().decrypt(bytes(returned.note_cipher), NOTE_FIELD) == "上下楼梯请再看一次"

    fill_in(assessor, assessment_id, 60)
    with assessor.at_work() as work:
        service.submit_assessment(work, assessment_id)
    confirm(reviewer, assessment_id)

    mended = read(session, assessment_id)
    assert (mended.total, mended.final_level, mended.note_cipher) == (
        60,
        AbilityLevel.MODERATE,
        None,
    )


def test_only_the_assessor_fills_in_and_hands_in(assessor, reviewer, resident):
    draft = begin(assessor, resident.id)

    with pytest.raises(NotTheAssessor):
        fill_in(reviewer, draft)
    with pytest.raises(NotTheAssessor), reviewer.at_work() as work:
        service.submit_assessment(work, draft)


def test_the_assessor_and_whoever_reviews_may_withdraw_and_nobody_else(
    session, assessor, reviewer, resident
):
    colleague = Office(session, "community_worker", resident.village_code)
    session.commit()
    draft = begin(assessor, resident.id)

    with pytest.raises(NotTheAssessor), colleague.at_work() as work:
        service.withdraw_assessment(work, draft, note="x")
    with reviewer.at_work() as work:
        service.withdraw_assessment(work, draft, note="评估员已离岗")
    assert read(session, draft).status == AssessmentStatus.WITHDRAWN

    own = begin(assessor, resident.id)
    with assessor.at_work() as work:
        service.withdraw_assessment(work, own, note="老人住院，改日再来")


@pytest.mark.parametrize("step", ["fill_in", "submit", "confirm again", "return", "withdraw"])
def test_a_confirmed_assessment_stands(session, assessor, reviewer, resident, step):
    assessment_id = hand_in(assessor, resident.id)
    confirm(reviewer, assessment_id)
    steps = {
        "fill_in": lambda work: service.save_sheet(work, assessment_id, {}),
        "submit": lambda work: service.submit_assessment(work, assessment_id),
        "confirm again": lambda work: service.confirm_assessment(work, assessment_id),
        "return": lambda work: service.return_assessment(work, assessment_id, note="x"),
        "withdraw": lambda work: service.withdraw_assessment(work, assessment_id, note="x"),
    }

    with pytest.raises(AssessmentNotOpen), reviewer.at_work() as work:
        steps[step](work)


def test_what_was_answered_is_nowhere_in_plain(session, assessor, resident):
    hand_in(assessor, resident.id, diagnoses=["F32.1"], note="抑郁，服药中")
    rows = session.execute(
        text("SELECT assessment::text FROM assessment UNION ALL"
             " SELECT assessment_sheet::text FROM assessment_sheet")
    ).scalars()  # fmt: skip

    for row in rows:
        assert "F32" not in row
        assert b"F32".hex() not in row
        assert "抑郁".encode().hex() not in row


def test_a_sheet_that_did_not_change_is_not_written_again(session, assessor, resident):
    draft = begin(assessor, resident.id)
    fill_in(assessor, draft)
    kept = text("SELECT xmin::text FROM assessment_sheet")
    before = session.execute(kept).scalar_one()
    fill_in(assessor, draft)

    assert session.execute(kept).scalar_one() == before


def test_levels_are_found_for_many_at_once(session, assessor, reviewer, resident, engine):
    others = [make_resident(session) for _ in range(3)]
    session.commit()
    for one, total in zip([resident, *others], (90, 70, 50, 20), strict=True):
        confirm(reviewer, hand_in(assessor, one.id, total=total))
    nobody = make_resident(session)

    ids = [resident.id, *(one.id for one in others), nobody.id]
    found = queries.ability_level_on(session, ids, clock.today())

    assert [found.get(one) for one in ids] == ["intact", "mild", "moderate", "total", None]


def test_the_desk_shows_the_oldest_of_ones_own_divisions_first(
    session, assessor, reviewer, resident
):
    second = make_resident(session)
    far = make_resident(session, village_code=OTHER_COUNTY_VILLAGE)
    elsewhere = Office(session, division_code="140521")
    session.commit()
    begin(assessor, make_other(session).id)  # a draft waits for nobody
    expected = []
    for minute, one in ((1, second), (2, resident)):
        with time_machine.travel(f"2026-11-22T12:0{minute}:00+08:00", tick=False):
            expected.append(hand_in(assessor, one.id))
    hand_in(elsewhere, far.id)

    with reviewer.at_work(writes=False) as work:
        rows = queries.list_waiting(work, prefixes=["140502"], limit=9)
        rest = queries.list_waiting(
            work, prefixes=["140502"], after=(rows[0].submitted_at, rows[0].id), limit=9
        )

    assert [row.id for row in rows] == expected
    assert [row.id for row in rest] == expected[1:]


def make_other(session):
    other = make_resident(session)
    session.commit()
    return other


def test_a_printed_number_fits_its_own_result_alone(session, assessor, reviewer, resident):
    first, second = (make_other(session) for _ in range(2))
    for one in (first, second):
        confirm(reviewer, hand_in(assessor, one.id))
    numbers = [number_of(queries.list_assessments(session, one.id)[0]) for one in (first, second)]

    found = find_by_number(session, f" {numbers[0].lower()} ")
    assert found.resident_id == first.id
    mixed = numbers[0].partition("-")[0] + numbers[1][numbers[1].index("-") :]
    for wrong in (mixed, "", "4711", "1-AAAA-AAAA", "x" * 40):
        assert find_by_number(session, wrong) is None
