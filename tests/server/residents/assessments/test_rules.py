"""From answers to a level: every bound from both sides, and what must hold for any sheet."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.residents.assessments import rules
from server.residents.assessments.errors import (
    AnswersMissing,
    AnswersUnusable,
    AssessmentDayUnusable,
    AssessmentOutdated,
    ComaContradicted,
    DiagnosisUnusable,
    ReassessmentUnexplained,
)
from server.residents.assessments.models import AbilityLevel, Adjustment
from server.residents.assessments.sheet import Grounds
from tests.factories.assessments import ALL_POINTS, SCALE, points_of

INTACT, MILD, MODERATE, SEVERE, TOTAL = AbilityLevel
DISORDER = Grounds(diagnoses=["F00"])
EVENTS = Grounds(events={"fall": 1, "choking": 1})
BOTH = Grounds(diagnoses=["F32.1"], events={"fall": 2})


NOTHING = Grounds()


def judge(points, grounds=NOTHING, most_steps=1):
    return rules.judge(SCALE, points, grounds, most_steps=most_steps)


SHEETS = st.fixed_dictionaries(
    {code: st.integers(0, item.most) for code, item in SCALE.items.items()}
)
GROUNDS = st.builds(
    Grounds,
    diagnoses=st.lists(st.sampled_from(["F00", "F99", "E99.9", "G00", "I63"]), max_size=3),
    events=st.dictionaries(st.sampled_from(["fall", "choking", "other"]), st.integers(0, 4)),
)


def worse(level, other):
    return rules.BEST_TO_WORST.index(level) > rules.BEST_TO_WORST.index(other)


def test_the_scale_has_26_items_and_90_points_in_four_parts():
    """domain.md §2.1: 32 + 15 + 28 + 15."""
    assert len(SCALE.items) == 26
    assert SCALE.most == 90
    assert [(one.clause, one.most, len(one.items)) for one in SCALE.sections] == [
        ("B.1", 32, 8),
        ("B.2", 15, 4),
        ("B.3", 28, 9),
        ("B.4", 15, 5),
    ]


@pytest.mark.parametrize(
    ("code", "most"),
    [("eating", 4), ("stairs", 3), ("aggression", 1), ("depression", 1), ("consciousness", 2),
     ("sight", 2), ("hearing", 2), ("transport", 3), ("company", 4)],
)  # fmt: skip
def test_an_item_is_worth_what_the_standard_says(code, most):
    assert SCALE.items[code].most == most


def test_every_text_of_the_scale_is_in_both_languages():
    texts = [SCALE.name, *(section.name for section in SCALE.sections)]
    for item in SCALE.items.values():
        texts += [item.name, *(option.text for option in item.options)]
        texts += [text for text in (item.hint, *(one.note for one in item.options)) if text]

    assert all(text["zh"] and text["en"] for text in texts)


@pytest.mark.parametrize(
    ("total", "level"),
    [(90, INTACT), (89, MILD), (66, MILD), (65, MODERATE), (46, MODERATE), (45, SEVERE),
     (30, SEVERE), (29, TOTAL), (0, TOTAL)],
)  # fmt: skip
def test_a_level_begins_and_ends_where_the_standard_says(total, level):
    outcome = judge(points_of(total))

    assert outcome.tally.total == total
    assert (outcome.initial, outcome.final, outcome.adjustments) == (level, level, [])


@pytest.mark.parametrize("diagnosis", ["F00", "F03", "F04", "F99", "F32.1"])
def test_a_mental_disorder_is_one_step_worse(diagnosis):
    outcome = judge(points_of(70), Grounds(diagnoses=[diagnosis]))

    assert (outcome.initial, outcome.final) == (MILD, MODERATE)
    assert outcome.adjustments == [Adjustment.DISORDER]


@pytest.mark.parametrize("diagnosis", ["E99.9", "G00", "I63", "Z99"])
def test_another_diagnosis_changes_nothing(diagnosis):
    assert judge(points_of(70), Grounds(diagnoses=[diagnosis])).final == MILD


@pytest.mark.parametrize(
    ("events", "level"),
    [({}, MILD), ({"fall": 1}, MILD), ({"fall": 0, "other": 1}, MILD), ({"fall": 2}, MODERATE),
     ({"fall": 1, "straying": 1}, MODERATE), ({"self_harm": 9}, MODERATE)],
)  # fmt: skip
def test_two_events_are_one_step_worse_and_one_is_not(events, level):
    assert judge(points_of(70), Grounds(events=events)).final == level


@pytest.mark.parametrize(("most_steps", "level"), [(0, MILD), (1, MODERATE), (2, SEVERE)])
def test_two_grounds_count_together_as_far_as_the_city_says(most_steps, level):
    outcome = judge(points_of(70), BOTH, most_steps)

    assert outcome.final == level
    assert outcome.adjustments == [Adjustment.DISORDER, Adjustment.EVENTS]


@pytest.mark.parametrize("total", [0, 29])
def test_nothing_is_worse_than_total(total):
    assert judge(points_of(total), BOTH, most_steps=2).final == TOTAL


def test_an_able_person_with_a_diagnosis_is_no_longer_intact():
    assert judge(ALL_POINTS, DISORDER).final == MILD


def test_a_coma_is_total_at_once():
    points = ALL_POINTS | {"consciousness": 0}

    outcome = judge(points, Grounds(coma=True))

    assert (outcome.initial, outcome.final) == (MILD, TOTAL)
    assert outcome.adjustments == [Adjustment.COMA]


@pytest.mark.parametrize("consciousness", [1, 2])
def test_nobody_is_awake_and_in_a_coma(consciousness):
    with pytest.raises(ComaContradicted):
        judge(ALL_POINTS | {"consciousness": consciousness}, Grounds(coma=True))


@pytest.mark.parametrize("left_out", [1, 26])
def test_a_sheet_with_gaps_has_no_level(left_out):
    points = dict(list(ALL_POINTS.items())[left_out:])

    with pytest.raises(AnswersMissing) as refused:
        judge(points)

    assert refused.value.facts == {"missing": left_out}


@given(points=SHEETS, grounds=GROUNDS)
def test_the_four_sums_are_the_total_and_the_grounds_never_help(points, grounds):
    outcome = judge(points, grounds)

    assert sum(outcome.tally.sums.values()) == sum(points.values()) == outcome.tally.total
    assert not worse(outcome.initial, outcome.final)


@given(points=SHEETS, grounds=GROUNDS, data=st.data())
def test_more_points_are_never_a_worse_level(points, grounds, data):
    code = data.draw(st.sampled_from(list(SCALE.items)))
    better = points | {code: data.draw(st.integers(points[code], SCALE.items[code].most))}

    assert not worse(judge(better, grounds).final, judge(points, grounds).final)


@given(points=SHEETS, grounds=GROUNDS, steps=st.integers(0, 3))
def test_a_ground_costs_at_most_one_step(points, grounds, steps):
    outcome = judge(points, grounds, steps)
    distance = rules.BEST_TO_WORST.index(outcome.final) - rules.BEST_TO_WORST.index(outcome.initial)

    assert distance <= min(len(outcome.adjustments), steps)


@given(points=SHEETS)
def test_the_sums_so_far_grow_with_each_answer(points):
    given, before = {}, 0
    for answered, (code, worth) in enumerate(points.items(), start=1):
        given[code] = worth
        tally = rules.tally(SCALE, given)
        assert (tally.answered, tally.missing) == (answered, 26 - answered)
        assert tally.total == before + worth
        before = tally.total


@pytest.mark.parametrize(
    "points", [{"eating": 5}, {"eating": -1}, {"stairs": 4}, {"aggression": 2}, {"barthel": 1}]
)
def test_points_that_an_item_does_not_have_are_refused(points):
    with pytest.raises(AnswersUnusable):
        rules.check_points(SCALE, points)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", []),
        (" f00 ", ["F00"]),
        ("F00,F32.1；F00、I63.9", ["F00", "F32.1", "I63.9"]),
        ("Ｆ００，ｆ99", ["F00", "F99"]),
    ],
)
def test_diagnoses_are_read_however_they_are_typed(typed, codes):
    assert rules.read_diagnoses(typed) == codes


@pytest.mark.parametrize("typed", ["痴呆", "F0", "F000", "F00.", "00F", "F00x"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(DiagnosisUnusable):
        rules.read_diagnoses(typed)


TODAY = date(2026, 11, 22)


def test_nobody_is_assessed_tomorrow_nor_before_the_last_time():
    rules.check_day(TODAY, last=TODAY, today=TODAY)
    rules.check_day(date(2026, 11, 1), last=None, today=TODAY)
    for day, last in ((date(2026, 11, 23), None), (date(2026, 11, 1), date(2026, 11, 2))):
        with pytest.raises(AssessmentDayUnusable):
            rules.check_day(day, last=last, today=TODAY)


@pytest.mark.parametrize("note", ["", "   "])
def test_within_30_days_another_assessment_needs_a_reason(note):
    last = date(2026, 10, 24)
    rules.check_explained(date(2026, 11, 23), last=last, note=note, repeat_days=30)
    rules.check_explained(TODAY, last=last, note="跌倒后行走困难", repeat_days=30)
    rules.check_explained(TODAY, last=None, note=note, repeat_days=30)

    with pytest.raises(ReassessmentUnexplained) as refused:
        rules.check_explained(TODAY, last=last, note=note, repeat_days=30)
    assert refused.value.facts == {"days": 30}


def period(assessed_on, confirmed_on=TODAY, current=None):
    return rules.period_of(
        assessed_on=assessed_on,
        confirmed_on=confirmed_on,
        current_starts_on=current,
        months=12,
    )


def test_a_level_holds_from_its_confirmation_until_a_year_after_the_assessment():
    assert period(date(2026, 11, 1)) == (TODAY, date(2027, 11, 1))


def test_of_two_levels_of_one_day_the_second_begins_tomorrow():
    assert period(TODAY, current=TODAY) == (date(2026, 11, 23), date(2027, 11, 22))


def test_the_last_day_on_which_a_result_still_holds():
    assert period(date(2025, 11, 23)) == (TODAY, date(2026, 11, 23))
    with pytest.raises(AssessmentOutdated):
        period(date(2025, 11, 22))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_a_year_after_a_leap_day_is_the_last_of_february(day, months, later):
    assert rules.months_after(day, months) == later
