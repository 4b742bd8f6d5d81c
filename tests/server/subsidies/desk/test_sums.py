"""Sums are those of the lines, whatever the slices were; and a year of a city is one quick look."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from server.db.tables import table_of
from server.subsidies.desk.models import SubsidySum
from server.subsidies.desk.queries import Looked, find_sites, find_totals
from server.subsidies.models import RunKind, SubsidyLine
from tests.factories.meals import make_site
from tests.factories.subsidies import make_run

LINE, SUM = table_of(SubsidyLine), table_of(SubsidySum)
YEAR = Looked(date(2025, 6, 1))
MARCH = date(2026, 3, 1)


def test_sums_are_those_of_the_lines(session):
    homes = [make_site(session).id for _ in range(2)]
    lines = [
        {"site_id": homes[number % 2], "amount_fen": number * 100, "month": month}
        for number in range(1, 7)
        for month in (date(2026, 1, 1), MARCH)
    ]
    run = make_run(session, [*lines, {"site_id": homes[0], "outcome": "refused", "amount_fen": 0}])

    counted = select(LINE.c.month, LINE.c.site_id, func.sum(LINE.c.amount_fen), func.count())
    kept = select(SUM.c.month, SUM.c.site_id, SUM.c.fen, SUM.c.lines).order_by(
        SUM.c.month, SUM.c.site_id
    )
    by_hand = counted.group_by(LINE.c.month, LINE.c.site_id).order_by(LINE.c.month, LINE.c.site_id)
    assert session.execute(kept).all() == session.execute(by_hand).all()
    assert sum(row.fen for row in find_totals(session, YEAR)) == run.total_fen
    assert sum(row.refused for row in find_totals(session, YEAR)) == 1


def test_a_trial_is_no_money(session):
    make_run(session, [{}], kind=RunKind.WHAT_IF)

    assert find_totals(session, YEAR) == []


def test_months_and_sites_of_one_programme(session):
    home = make_site(session).id
    make_run(session, [{"site_id": home, "month": MARCH}, {"site_id": home}])

    [both] = find_sites(session, YEAR, "facility_operation", None)
    [march] = find_sites(session, YEAR, "facility_operation", MARCH)
    assert (both.site_id, both.fen, both.lines) == (home, 60000, 2)
    assert (march.fen, march.lines) == (30000, 1)
    assert find_sites(session, Looked(MARCH), "facility_operation", date(2026, 1, 1))


def test_nobody_writes_sums_by_hand(session):
    make_run(session)

    with pytest.raises(Exception, match="permission denied"):
        session.execute(text("UPDATE subsidy_sum SET fen = 0"))


def test_a_year_that_begins_in_june_ends_in_may():
    assert YEAR.months[-1] == date(2026, 5, 1)
