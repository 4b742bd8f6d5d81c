"""A canteen's month is drawn up once, sums to the fen, and goes from stage to stage."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from server import clock
from server.meals.models import BookingStatus, Meal
from server.meals.settlement import queries, service
from server.meals.settlement.errors import (
    AdjustmentsWait,
    MonthOfMealsIsSettled,
    MonthOfMealsStillOpen,
    NotThisStage,
    SamePerson,
)
from server.meals.settlement.models import MealSettlement, SettlementStage
from tests.factories.eaten import Kitchen
from tests.factories.people import make_hardship, make_resident


@pytest.fixture
def kitchen(session):
    return Kitchen(session)


def drawn_up(session, kitchen):
    service.draw_up(session, [kitchen.site_id], kitchen.month)
    session.expire_all()
    query = select(MealSettlement).where(MealSettlement.site_id == kitchen.site_id)
    return session.exec(query).one()


def owner_may_not(session, statement, match):
    with pytest.raises(DBAPIError, match=match), session.begin_nested():
        session.execute(text(statement))


def test_only_meals_handed_out_are_owed(session, kitchen):
    kitchen.eaten(subsidy=300)
    kitchen.eaten(subsidy=200, meal=Meal.DINNER)
    kitchen.eaten(status=BookingStatus.BOOKED)
    kitchen.eaten(status=BookingStatus.MISSED, missed_at=clock.now())
    kitchen.eaten(status=BookingStatus.CANCELLED, cancelled_at=clock.now())
    kitchen.eaten(on=queries.next_month(kitchen.month))

    settled = drawn_up(session, kitchen)

    assert (settled.meals, settled.list_fen, settled.subsidy_fen) == (2, 2400, 500)
    assert settled.own_pay_fen == 1900
    assert settled.stage is SettlementStage.DRAWN_UP


def test_a_person_counts_once_a_day_for_the_operating_subsidy(session, kitchen):
    """Beijing 2022 [S30]: 3 yuan for each person served on a day."""
    eater = make_resident(session)
    kitchen.eaten(eater)
    kitchen.eaten(eater, meal=Meal.DINNER)
    kitchen.eaten(eater, on=kitchen.day(1))

    settled = drawn_up(session, kitchen)

    assert (settled.meals, settled.person_days) == (3, 2)
    assert (settled.rate_fen, settled.operation_fen) == (300, 600)
    assert settled.owed_fen == 3 * 300 + 600


def test_meals_are_parted_by_age_and_tier_of_their_day(session, kitchen):
    turning = make_resident(session, born_on=date(kitchen.month.year - 80, kitchen.month.month, 2))
    poor = make_resident(session, born_on=date(1955, 1, 1))
    make_hardship(session, poor)
    kitchen.eaten(turning, subsidy=200)
    kitchen.eaten(turning, on=kitchen.day(1), subsidy=300)
    kitchen.eaten(poor, subsidy=400)

    settled = drawn_up(session, kitchen)

    lines = {(row.age_band, row.tier): (row.meals, row.subsidy_fen)
             for row in queries.list_lines(session, settled.id)}  # fmt: skip
    tiers = {tier for _, tier in lines}
    assert lines["65-79", "none"] == (1, 200)
    assert lines["80-", "none"] == (1, 300)
    assert len(tiers) == 2
    assert sum(number for number, _ in lines.values()) == settled.meals


def test_an_empty_month_is_settled_with_nought(session, kitchen):
    settled = drawn_up(session, kitchen)

    assert (settled.meals, settled.owed_fen) == (0, 0)
    assert service.is_as_frozen(session, settled)


def test_a_month_is_drawn_up_once(session, kitchen):
    drawn_up(session, kitchen)

    with pytest.raises(MonthOfMealsIsSettled):
        service.draw_up(session, [kitchen.site_id], kitchen.month)


def test_a_month_is_drawn_up_when_counters_have_sent(session, kitchen):
    this_month = clock.today().replace(day=1)

    with pytest.raises(MonthOfMealsStillOpen) as refused:
        service.draw_up(session, [kitchen.site_id], this_month)

    opens_on = queries.next_month(this_month) + timedelta(days=3)
    assert refused.value.facts["opens_on"] == opens_on.isoformat()


def test_nothing_is_handed_out_in_a_settled_month(session, kitchen):
    late = kitchen.eaten(status=BookingStatus.BOOKED)
    given = kitchen.eaten()
    drawn_up(session, kitchen)

    at = datetime.combine(kitchen.month, time(12), clock.CITY).isoformat()
    for statement in (
        f"UPDATE booking SET status = 'collected', collected_at = '{at}' WHERE id = {late.id}",
        f"UPDATE booking SET status = 'missed', collected_at = NULL, missed_at = '{at}'"
        f" WHERE id = {given.id}",
    ):
        owner_may_not(session, statement, "this month of the canteen is settled")


def test_what_is_settled_is_proved_and_never_changes(session, kitchen):
    kitchen.eaten()
    settled = drawn_up(session, kitchen)

    assert service.is_as_frozen(session, settled)
    for statement in (
        "UPDATE meal_fact SET subsidy_fen = 0",
        "DELETE FROM meal_settlement_line",
        "UPDATE meal_settlement SET owed_fen = 1",
    ):
        owner_may_not(session, statement, "permission denied")


def test_a_month_goes_on_to_its_money_by_different_people(session, kitchen, in_the_name_of):
    kitchen.eaten()
    with in_the_name_of(kitchen.officer):
        settled = drawn_up(session, kitchen)
    with in_the_name_of(kitchen.cook):
        service.confirm(session, settled.id)
    for nobody in (kitchen.officer, kitchen.cook):
        with in_the_name_of(nobody), pytest.raises(SamePerson):
            service.accept(session, settled.id)
    with in_the_name_of(kitchen.other):
        service.accept(session, settled.id)
        service.note_paid(session, settled.id, paid_on=clock.today(), paid_number="财 12")

    session.expire_all()
    assert (settled.stage, settled.paid_number) == (SettlementStage.PAID, "财 12")


def test_no_stage_is_left_out_or_done_twice(session, kitchen):
    settled = drawn_up(session, kitchen)

    with pytest.raises(NotThisStage):
        service.accept(session, settled.id)
    service.confirm(session, settled.id)
    with pytest.raises(NotThisStage):
        service.confirm(session, settled.id)
    owner_may_not(session, "UPDATE meal_settlement SET stage = 'drawn_up'", "stays as it was")


def test_an_adjustment_needs_two_people_and_counts_in_its_month(session, kitchen, in_the_name_of):
    kitchen.eaten(subsidy=300)
    given = {"site_id": kitchen.site_id, "month": kitchen.month, "reason": "上月断网漏记一餐"}
    with in_the_name_of(kitchen.officer):
        asked = service.ask_adjustment(session, amount_fen=-200, **given)
        with pytest.raises(AdjustmentsWait):
            service.draw_up(session, [kitchen.site_id], kitchen.month)
        with pytest.raises(SamePerson):
            service.decide_adjustment(session, asked.id, is_right=True)
    with in_the_name_of(kitchen.other):
        service.decide_adjustment(session, asked.id, is_right=True)

    settled = drawn_up(session, kitchen)

    assert (settled.adjustment_fen, settled.owed_fen) == (-200, 300 + 300 - 200)
    with in_the_name_of(kitchen.officer), pytest.raises(MonthOfMealsIsSettled) as refused:
        service.ask_adjustment(session, amount_fen=100, **given)
    assert refused.value.facts["next_month"] == f"{queries.next_month(kitchen.month):%Y-%m}"


def test_a_county_is_drawn_up_in_slices_that_go_on_where_they_ended(session, monkeypatch):
    kitchens = [Kitchen(session) for _ in range(3)]
    for kitchen in kitchens:
        kitchen.eaten()
    monkeypatch.setattr(service, "A_SLICE", 2)

    drawn = [service.draw_up_slice(session, ["140502"], kitchens[0].month) for _ in range(3)]

    assert drawn == [2, 1, 0]
