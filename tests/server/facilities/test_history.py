"""Summed up from what began and ended, the days are those that are counted one by one."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.facilities.beds import put_back_into_use, take_out_of_use
from server.facilities.models import BedKind, BedState, EndReason
from server.facilities.queries.history import count_by_day_within
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import come_back, go_on_leave
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()
ONE_BY_ONE = """
    SELECT CAST(d.day AS date), count(b.id),
           count(b.id) - count(*) FILTER (WHERE o.state IN ('under_repair', 'closed', 'other_use')),
           count(*) FILTER (WHERE o.state = 'occupied')
      FROM generate_series(CAST(:since AS date), CAST(:until AS date), '1 day') AS d(day)
      LEFT JOIN bed b ON b.site_id = :site AND b.opened_on <= d.day
      LEFT JOIN bed_occupancy o ON o.bed_id = b.id AND o.superseded_at IS NULL
           AND o.starts_on <= d.day AND (o.ends_on IS NULL OR o.ends_on > d.day)
     GROUP BY d.day ORDER BY d.day
"""


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def site(session):
    """A month in which people came, left, were away and were expected, and a bed was broken."""
    site = make_site(session)
    beds = make_beds(session, 5, site=site)
    people = [make_resident(session) for _ in range(4)]
    first = admit(session, bed_id=beds[0].id, resident_id=people[0].id, admitted_on=ago(25))
    admit(session, bed_id=beds[1].id, resident_id=people[1].id, admitted_on=ago(20))
    go_on_leave(session, first.id, since=ago(18))
    come_back(session, first.id, on=ago(15))
    short = admit(session, bed_id=beds[2].id, resident_id=people[2].id, admitted_on=ago(12))
    discharge(session, short.id, ended_on=ago(12), reason=EndReason.WENT_HOME)
    discharge(session, first.id, ended_on=ago(9), reason=EndReason.WENT_HOME)
    take_out_of_use(
        session, beds[3].id, state=BedState.UNDER_REPAIR, starts_on=ago(22), reason="漏水"
    )
    put_back_into_use(session, beds[3].id, on=ago(5))
    hold_bed(session, bed_id=beds[4].id, resident_id=people[3].id, planned_on=TODAY)
    make_bed(session, site=site, opened_on=ago(7))
    make_bed(session, site=site, opened_on=TODAY + timedelta(days=3))
    return site


def days(session, site, since, until=TODAY, **given):
    scope = {"prefixes": (), "site_ids": [site.id]} | given
    return [tuple(row) for row in count_by_day_within(session, **scope, since=since, until=until)]


@pytest.mark.parametrize("since", [30, 17, 10, 0])
def test_the_days_are_those_that_are_counted_one_by_one(session, site, since):
    asked = {"site": site.id, "since": ago(since), "until": TODAY}
    one_by_one = session.execute(text(ONE_BY_ONE), asked)

    assert days(session, site, ago(since)) == [tuple(row) for row in one_by_one]


def test_homes_of_a_county_are_added_up_and_others_left_out(session, site):
    near = make_site(session)
    make_bed(session, site=near)
    make_bed(session, site=make_site(session, division_code=OTHER_COUNTY_VILLAGE))

    together = days(session, site, ago(1), prefixes=["140502"], site_ids=[])

    assert [row[1] for row in together] == [row[1] + 1 for row in days(session, site, ago(1))]


def test_a_kind_of_bed_is_looked_at_alone(session, site):
    make_bed(session, site=site, kind=BedKind.HOSPICE)

    rows = days(session, site, ago(0), kind=BedKind.HOSPICE)

    assert rows == [(TODAY, 1, 1, 0)]


def test_where_there_are_no_beds_there_are_noughts(session):
    assert days(session, make_site(session), ago(1)) == [(ago(1), 0, 0, 0), (TODAY, 0, 0, 0)]
