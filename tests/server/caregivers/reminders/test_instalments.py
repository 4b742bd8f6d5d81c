"""The entry reward is spoken of by the very days on which it is paid."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, text

from server.caregivers.allowances.knowing import find_known, find_rulebook
from server.caregivers.allowances.rules import judge_steps
from server.caregivers.allowances.terms import Programme
from server.caregivers.models import LeavingReason, Post
from server.caregivers.reminders.asking import remind_caregivers
from server.caregivers.reminders.service import close_what_is_fixed, find_due
from tests.factories.allowances import make_claim, make_complete
from tests.factories.caregivers import (
    make_caregiver,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.meals import make_site

A_MONTH = timedelta(days=30)
HIRED = date(2024, 7, 15)
FULL = date(2026, 7, 15)  # two years, on a Wednesday


@pytest.fixture
def home(session):
    return make_site(session)


@pytest.fixture
def another(session):
    return make_site(session)


@pytest.fixture
def caregiver(session, home):
    caregiver = make_caregiver(session, home, payee_cipher=b"x", payee_digest=b"x")
    make_degree(session, caregiver)
    return caregiver


def work(session, caregiver, site=None, *, starts_on=HIRED, **given):
    employment = make_employment(session, caregiver, site, starts_on=starts_on, **given)
    make_contract(session, employment)
    return employment


def told(session, day):
    due = find_due(session, day, day, day=day)
    return [one for one in due if one.kind == "instalment"]


def paid_on(session, caregiver, as_of):
    known = find_known(session, [caregiver.id])[0]
    steps = judge_steps(known, find_rulebook(session), Programme.ENTRY_REWARD, as_of=as_of)
    return [one.due_on for one in steps]


def statements(session, connection):
    session.flush()
    sent = []
    listener = lambda *_: sent.append(1)  # noqa: E731
    event.listen(connection, "before_cursor_execute", listener)
    assert told(session, FULL)
    event.remove(connection, "before_cursor_execute", listener)
    return len(sent)


def test_it_is_told_before_on_and_after_the_day_on_which_it_is_paid(session, caregiver, home):
    work(session, caregiver)

    found = [one for day in (-30, 0, 30) for one in told(session, FULL + timedelta(days=day))]

    assert [(one.subject, one.rung) for one in found] == [
        (f"instalment:2:{FULL}", -30), (f"instalment:2:{FULL}", 0), (f"instalment:2:{FULL}", 30),
    ]  # fmt: skip
    assert paid_on(session, caregiver, FULL)[1] == FULL


def test_another_home_within_the_month_before_keeps_the_day_and_says_nothing_twice(
    session, caregiver, another
):
    moved_on = FULL - timedelta(days=10)
    former = work(session, caregiver)
    before = told(session, FULL - A_MONTH)
    assert remind_caregivers(session, before) == 1

    former.ends_on, former.leaving_reason = moved_on, LeavingReason.TRANSFERRED
    work(session, caregiver, another, starts_on=moved_on)

    again, on_the_day = told(session, FULL - A_MONTH), told(session, FULL)
    assert remind_caregivers(session, again) == 0
    assert [(one.about_on, one.facts["number"]) for one in on_the_day] == [(FULL, 2)]
    assert on_the_day[0].subject == before[0].subject
    assert on_the_day[0].site_id == another.id
    assert paid_on(session, caregiver, FULL)[1] == FULL


def test_a_rest_puts_it_off_as_it_puts_off_the_money(session, caregiver, another):
    work(session, caregiver, ends_on=date(2025, 9, 1))
    work(session, caregiver, another, starts_on=date(2025, 9, 15))

    day = FULL + timedelta(days=14)

    assert not told(session, FULL)
    assert [one.about_on for one in told(session, day)] == [day]
    assert paid_on(session, caregiver, day)[1] == day


def test_a_post_behind_the_front_line_ends_it(session, caregiver, home):
    work(session, caregiver, ends_on=FULL - timedelta(days=40))
    work(
        session, caregiver, starts_on=FULL - timedelta(days=40), is_front_line=False,
        post=Post.LOGISTICS,
    )  # fmt: skip

    assert not told(session, FULL - A_MONTH)
    assert not told(session, FULL)
    assert paid_on(session, caregiver, FULL)[1] is None


@pytest.mark.parametrize(("number", "day"), [(1, date(2025, 3, 1)), (2, date(2026, 3, 1))])
def test_years_from_29_february_are_full_on_1_march(session, caregiver, number, day):
    work(session, caregiver, starts_on=date(2024, 2, 29))
    due = find_due(session, day, day + timedelta(days=3), day=day)

    assert {(one.about_on, one.facts["number"]) for one in due if one.kind == "instalment"} == {
        (day, number)
    }
    assert paid_on(session, caregiver, day)[number - 1] == day


def test_who_has_left_before_is_told_nothing(session, caregiver):
    work(session, caregiver, ends_on=FULL - timedelta(days=1))

    assert not told(session, FULL - A_MONTH)
    assert not told(session, FULL)
    assert paid_on(session, caregiver, FULL)[1] is None


@pytest.mark.parametrize("days", [0, 10])
def test_what_was_full_is_told_to_who_has_left_since(session, caregiver, home, days):
    work(session, caregiver, ends_on=FULL + timedelta(days=days))

    after = told(session, FULL + A_MONTH)

    assert [(one.about_on, one.site_id) for one in after] == [(FULL, home.id)]
    assert paid_on(session, caregiver, FULL + A_MONTH)[1] == FULL


@pytest.mark.parametrize("given", [{"on_establishment": True}, {"starts_on": date(2023, 6, 30)}])
def test_whom_nothing_is_paid_is_told_nothing(session, caregiver, given):
    work(session, caregiver, **given)

    days = (FULL, date(2026, 6, 30))

    assert not [one for day in days for one in told(session, day)]


def test_what_papers_can_put_right_is_told_all_the_same(session, home):
    one = make_caregiver(session, home)
    make_employment(session, one, starts_on=HIRED)
    before = FULL - A_MONTH

    due = find_due(session, before, before, day=before)

    assert {one.kind for one in due} == {"instalment", "papers"}
    assert next(one for one in due if one.kind == "papers").facts["missing"] == [
        "contract", "degree", "payee",
    ]  # fmt: skip


def test_what_is_claimed_is_told_no_more_and_what_was_told_is_closed(session, home):
    caregiver = make_complete(session, home)  # since 15 July 2023; the first was full in 2024
    day = date(2024, 7, 15)
    assert remind_caregivers(session, told(session, day)) == 1

    make_claim(session, caregiver)

    assert not told(session, day)
    assert close_what_is_fixed(session, day) == 1
    query = text("SELECT done_on FROM reminder WHERE kind = 'instalment'")
    assert session.execute(query).scalars().all() == [day]


def test_a_whole_city_takes_no_more_statements_than_one(session, connection, caregiver, home):
    work(session, caregiver)
    from_one = statements(session, connection)
    for _ in range(6):
        one = make_caregiver(session, home)
        work(session, one)
    assert statements(session, connection) == from_one
