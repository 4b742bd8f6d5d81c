"""The statement of a programme says what `reckon()` says, of every programme and every case."""

from datetime import date
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.db.tables import table_of
from server.policies.programmes.schema import Programme
from server.subsidies.models import SubsidyLine
from server.subsidies.reckoning.before import Seen
from server.subsidies.reckoning.cells import value_from
from server.subsidies.reckoning.errors import FigureOfAnotherKind
from server.subsidies.reckoning.outcomes import Before, come_to, trace_of, word_of
from server.subsidies.reckoning.statement import Asked, insert_lines
from tests.factories.programmes import FAMILIES, cases, programmes
from tests.factories.reckoning import make_cases
from tests.factories.subsidies import BASIS, JANUARY, a_programme, family_no, make_run, make_version

LINE = table_of(SubsidyLine)
OFTEN = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def lines_of(session, run, programme, **given):
    """Reckon all cases of a run at once; returns its lines by number."""
    numbers = {name: family_no(session, name) for name in (*FAMILIES, programme.family)}
    seen = {"own": run.id, "family_no": run.family_no, "numbers": numbers} | given
    asked = Asked(programme, Seen(**seen))
    session.execute(insert_lines(asked), {"first_no": 1, "last_no": run.facts})
    lines = session.execute(select(LINE).where(LINE.c.run_id == run.id).order_by(LINE.c.number))
    return list(lines)


def expected(programme, case, before):
    facts = {fact: value_from(fact, value) for fact, value in case["facts"].items()}
    outcome = come_to(programme, facts, on=case["on_day"], before=before)
    return word_of(outcome), outcome.amount_fen, trace_of(programme, outcome, before)


def said(line):
    return line.outcome.value, line.amount_fen, line.trace


@pytest.fixture
def version(session):
    return make_version(session)


@OFTEN
@given(data=st.data())
def test_the_statement_says_what_the_oracle_says(session, version, data):
    programme = data.draw(programmes())
    made = data.draw(st.lists(cases(programme), min_size=1, max_size=25))
    made = [case | {"beneficiary_id": no} for no, case in enumerate(made)]
    with session.begin_nested() as back:
        run = make_cases(session, made, version=version)
        lines = lines_of(session, run, programme)
        back.rollback()

    assert [said(line) for line in lines] == [expected(programme, one, Before()) for one in made]


@OFTEN
@given(data=st.data())
def test_what_was_paid_before_counts_as_the_oracle_counts(session, version, data):
    """Caps of the year and for ever, other families, and the same family twice."""
    programme = data.draw(programmes(pers=("line", "year", "ever"), families=FAMILIES))
    one_each = st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True)
    made = [data.draw(cases(programme, beneficiary=one)) for one in data.draw(one_each)]
    paid = data.draw(st.lists(payments(), max_size=8, unique_by=lambda one: one[:3]))
    with session.begin_nested() as back:
        for family, group in groupby(sorted(paid), key=lambda one: one[0]):
            pay(session, version, family, list(group))
        run = make_cases(session, made, version=version)
        number = family_no(session, programme.family)
        lines = lines_of(session, run, programme, family_no=number, looks_at_own=True)
        back.rollback()

    told = [expected(programme, one, had_before(programme, one, paid)) for one in made]
    assert [said(line) for line in lines] == told


def payments():
    """A line that was paid: family, beneficiary, month, fen."""
    months = st.sampled_from([date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)])
    families = st.sampled_from([*FAMILIES, "made_up"])
    return st.tuples(families, st.integers(1, 6), months, st.integers(1, 50_000))


def pay(session, version, family, paid):
    lines = [
        {"resident_id": who, "beneficiary_id": who, "site_id": 1, "month": month, "amount_fen": fen,
         "family_no": family_no(session, family)}
        for _, who, month, fen in paid
    ]  # fmt: skip
    make_run(session, lines, version=version)


def had_before(programme, case, paid):
    own = [one for one in paid if one[1] == case["beneficiary_id"]]
    of_month = {family for family, _, month, _ in own if month == case["month"]}
    had = [(month, fen) for family, _, month, fen in own if family == programme.family]
    capped = {cap.per for cap in programme.caps}
    named = dict.fromkeys([*(one.family for one in programme.excludes), programme.family])
    return Before(
        year=sum(fen for month, fen in had if month.year == case["month"].year)
        if "year" in capped else 0,
        ever=sum(fen for _, fen in had) if "ever" in capped else 0,
        families=tuple(family for family in named if family in of_month),
    )  # fmt: skip


@pytest.mark.parametrize(("days", "fen"), [(1, 2), (2, 3), (31, 47)])
def test_a_half_is_rounded_up_once(session, version, days, fen):
    """One fen and a half for each day: 1.5, 3, 46.5."""
    content = a_programme(
        counts={"by": "each", "fact": "days_in_bed", **BASIS},
        amounts={"tables": [{"id": "day", "name": {"zh": "天", "en": "Day"},
                             "rows": [{"fen": 1, **BASIS}]}]},
        factors=[{"id": "half", "name": {"zh": "一半", "en": "Half"},
                  "rows": [{"percent": 150, **BASIS}]}],
    )  # fmt: skip
    programme = Programme.model_validate(content)
    case = {"facts": {"days_in_bed": days, "days_of_month": 31, "stars": 3}, "on_day": JANUARY}
    run = make_cases(session, [case], version=version)

    [line] = lines_of(session, run, programme)

    assert said(line) == expected(programme, case, Before())
    assert line.amount_fen == fen


def test_a_figure_of_another_kind_is_refused_before_anything_is_reckoned(session, version):
    condition = {"id": "wrong", "fact": "days_in_bed", "is": "severe", **BASIS}
    programme = Programme.model_validate(a_programme(conditions=[condition]))

    with pytest.raises(FigureOfAnotherKind):
        lines_of(session, make_cases(session, version=version), programme)
