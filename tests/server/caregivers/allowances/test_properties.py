"""What holds of the rules whatever the facts: the other witness beside the golden cases."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from server.caregivers.allowances.days import Span, full_years, merged, months_after, reached_on
from server.caregivers.allowances.packs import list_packs, rulebook_of
from server.caregivers.allowances.rules import judge, judge_steps
from server.caregivers.allowances.terms import Programme
from server.caregivers.models import Degree
from tests.server.caregivers.allowances.cases import known, parameters, reference, somebody

FIRST, LAST = date(2023, 7, 1), date(2030, 12, 31)
BOOKS = {name: rulebook_of(parameters(name)) for name in list_packs()}
days = st.dates(FIRST, LAST)
AMOUNT = {"secondary": 3000000, "college": 4000000, "bachelor": 5000000, "master": 6000000}


@st.composite
def facts(draw):
    """Somebody with a few employments, contracts, degrees, certificates and months."""
    works = draw(st.lists(st.tuples(days, st.integers(1, 1500), st.booleans()), min_size=1,
                          max_size=4))  # fmt: skip
    told = somebody(
        works=[
            {"starts_on": start, "ends_on": start + timedelta(days=length), "site": 1 + number % 2,
             "is_front_line": is_front_line}
            for number, (start, length, is_front_line) in enumerate(works)
        ],
        contracts=[
            {"starts_on": start, "of": 1 + number} for number, (start, _, _) in enumerate(works)
        ],
        educations=[
            {"degree": degree, "obtained_on": day, "is_recognised": is_recognised}
            for degree, day, is_recognised in draw(
                st.lists(st.tuples(st.sampled_from(Degree), days, st.booleans()), max_size=3)
            )
        ],
        certificates=[
            {"level": level, "issued_on": day, "valid_until": day + timedelta(days=900)}
            for level, day in draw(st.lists(st.tuples(st.integers(1, 5), days), max_size=3))
        ],
        attendance={
            day.replace(day=1): count
            for day, count in draw(st.lists(st.tuples(days, st.integers(0, 31)), max_size=6))
        },
        hours={2024: draw(st.integers(0, 30)), 2025: draw(st.integers(0, 30))},
    )  # fmt: skip
    return known(told)


@settings(deadline=None)
@given(st.sampled_from(sorted(AMOUNT)), days)
def test_the_instalments_of_one_degree_are_its_whole_amount(degree, hired_on):
    told = somebody(
        works=[{"starts_on": hired_on}],
        educations=[{"degree": degree, "obtained_on": "2020-06-30"}],
    )
    steps = judge_steps(
        known(told), reference(), Programme.ENTRY_REWARD, as_of=date(2040, 1, 1)
    )  # fmt: skip

    assert sum(one.amount_fen for one in steps) == AMOUNT[degree]


@settings(deadline=None)
@given(st.integers(0, 10**8), st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_parts_of_an_amount_are_the_amount_to_the_fen(fen, cuts):
    total = sum(cuts)
    percents = [cut * 100 // total for cut in cuts]
    percents = [one for one in [*percents[:-1], 100 - sum(percents[:-1])] if one]
    instalments = [
        {"after_years": number, "percent": percent}
        for number, percent in enumerate(percents, start=1)
    ]
    rules = reference(amounts={"bachelor": fen}, instalments=instalments)
    steps = judge_steps(known(somebody()), rules, Programme.ENTRY_REWARD, as_of=date(2060, 1, 1))

    assert sum(one.standard_fen for one in steps) == fen


@settings(max_examples=40, deadline=None)
@given(facts(), st.sampled_from(sorted(BOOKS)), days, st.randoms())
def test_the_order_of_rows_means_nothing(one, pack, as_of, chance):
    def shuffled(rows):
        rows = list(rows)
        chance.shuffle(rows)
        return rows

    other = replace(
        one,
        works=shuffled(one.works),
        contracts=shuffled(one.contracts),
        educations=shuffled(one.educations),
        certificates=shuffled(one.certificates),
    )
    month = as_of.replace(day=1)
    first, second = (
        judge(each, BOOKS[pack], month=month, as_of=as_of) for each in (one, other)
    )  # fmt: skip

    assert [each.digest for each in first] == [each.digest for each in second]


@settings(max_examples=40, deadline=None)
@given(facts(), st.sampled_from(sorted(BOOKS)), days)
def test_nothing_comes_before_anybody_worked_and_nothing_without_every_reason(one, pack, as_of):
    for verdict in judge(one, BOOKS[pack], month=as_of.replace(day=1), as_of=as_of):
        hired_on = min(work.starts_on for work in one.works)
        assert verdict.amount_fen in (0, verdict.standard_fen)
        assert verdict.is_entitled == (
            all(reason.holds for reason in verdict.reasons) and not verdict.is_ahead
        )
        if verdict.is_entitled:
            assert hired_on <= as_of
        if verdict.due_on is not None:
            assert verdict.due_on > hired_on


@settings(max_examples=40, deadline=None)
@given(facts(), days, days)
def test_more_time_takes_no_instalment_away(one, earlier, later):
    """What was reached stays reached, while the facts are the same."""
    earlier, later = sorted((earlier, later))
    rules = reference(continuity={"longest_interruption_days": None})
    before, after = (
        judge_steps(one, rules, Programme.ENTRY_REWARD, as_of=day) for day in (earlier, later)
    )

    for old, new in zip(before, after, strict=True):
        if old.is_entitled:
            assert (new.is_entitled, new.amount_fen) == (True, old.amount_fen)


@settings(max_examples=40, deadline=None)
@given(facts(), days)
def test_a_higher_level_is_never_worth_less(one, as_of):
    month = as_of.replace(day=1)

    def comes_to(level):
        better = [replace(each, level=level) for each in one.certificates]
        judged = judge(
            replace(one, certificates=better), BOOKS["reference"], month=month, as_of=as_of
        )
        return [each.amount_fen for each in judged if each.programme == "post_allowance"]

    assert all(comes_to(level) <= comes_to(level - 1) for level in (5, 4, 3, 2))


@settings(deadline=None)
@given(st.lists(st.tuples(days, st.integers(1, 900)), min_size=1, max_size=5), st.integers(1, 40))
def test_full_months_are_reached_when_so_many_days_were_worked(starts, months):
    """Told again day by day: the days worked up to the day it is reached make the months."""
    spans = merged([Span(start, start + timedelta(days=length)) for start, length in starts])
    worked = [
        span.starts_on + timedelta(days=number)
        for span in spans
        for number in range((span.ends_on - span.starts_on).days)
    ]
    reached = reached_on(spans, months)
    begun = [day for day in worked if reached is None or day < reached]
    gaps = (begun[-1] - begun[0]).days + 1 - len(begun)

    if reached is None:
        assert begun[-1] + timedelta(days=1) < months_after(begun[0], months) + timedelta(days=gaps)
    else:
        assert reached == months_after(begun[0], months) + timedelta(days=gaps)
        assert full_years(spans, reached - timedelta(days=1)) >= months // 12
