"""Every figure of the beds comes from the records, for any day, as known at any moment."""

from datetime import date, timedelta

import pytest
import time_machine

from server import clock
from server.facilities.beds import mark_ready, take_out_of_use
from server.facilities.models import BedKind, BedLicence, BedState, EndReason
from server.facilities.queries.board import list_arrivals, list_beds
from server.facilities.queries.counts import (
    board_version,
    list_counts,
    list_counts_by_county,
)
from server.facilities.queries.history import count_by_day_within
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import go_on_leave
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def site(session):
    return make_site(session)


@pytest.fixture
def house(session, site):
    """Eight beds: two occupied, one on leave, one held, one under repair, three free."""
    beds = make_beds(session, 8, site=site, is_nursing=True)
    make_beds(session, 3, site=make_site(session, division_code=OTHER_COUNTY_VILLAGE))
    people = [make_resident(session) for _ in range(5)]
    stays = [
        admit(session, bed_id=bed.id, resident_id=one.id, admitted_on=ago(20))
        for bed, one in zip(beds[:3], people, strict=False)
    ]
    go_on_leave(session, stays[2].id, since=ago(5))
    hold_bed(session, bed_id=beds[3].id, resident_id=people[3].id, planned_on=TODAY)
    take_out_of_use(
        session, beds[4].id, state=BedState.UNDER_REPAIR, starts_on=ago(9), reason="漏水"
    )
    short = admit(session, bed_id=beds[5].id, resident_id=people[4].id, admitted_on=ago(15))
    discharge(session, short.id, ended_on=ago(8), reason=EndReason.WENT_HOME)
    return beds, stays


def counts(session, on=TODAY, known_at=None):
    [row] = list_counts(session, prefixes=["140502"], site_ids=[], on=on, known_at=known_at)
    return row


def test_the_day_s_figures_add_up(session, house):
    row = counts(session)

    assert (row.beds, row.nursing, row.usable) == (8, 8, 7)
    assert (row.occupied, row.on_leave, row.held, row.free, row.ready) == (2, 1, 1, 3, 2)
    assert row.usable == row.occupied + row.on_leave + row.held + row.free


def test_a_past_day_is_as_it_was(session, house):
    row = counts(session, on=ago(10))

    assert (row.occupied, row.on_leave, row.held, row.usable) == (4, 0, 0, 8)


def test_what_is_entered_later_changes_the_day_and_not_what_was_known(session, house):
    _beds, stays = house
    known = clock.now() + timedelta(seconds=1)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        discharge(session, stays[0].id, ended_on=ago(3), reason=EndReason.OTHER_HOME)

    assert counts(session, on=ago(2)).occupied == 1
    assert counts(session, on=ago(2), known_at=known).occupied == 2


def test_a_licence_counts_from_its_day(session, site, house):
    for licensed, since in ((6, date(2020, 1, 1)), (10, ago(5))):
        session.add(
            BedLicence(
                site_id=site.id, kind=BedKind.INSTITUTION, licensed=licensed, starts_on=since
            )
        )
    session.flush()

    assert (counts(session, on=ago(6)).licensed, counts(session).licensed) == (6, 10)


def test_counties_are_summed_by_kind(session, site, house):
    make_bed(session, site=site, kind=BedKind.HOSPICE)

    rows = list_counts_by_county(session, prefixes=["1405"], site_ids=[], on=TODAY)

    assert [(row.county_code, row.kind, row.sites, row.beds) for row in rows] == [
        ("140502", BedKind.HOSPICE, 1, 1),
        ("140502", BedKind.INSTITUTION, 1, 8),
        ("140521", BedKind.INSTITUTION, 1, 3),
    ]


def test_history_by_day_agrees_with_each_day_s_count(session, site, house):
    days = count_by_day_within(session, prefixes=(), site_ids=[site.id], since=ago(21), until=TODAY)

    assert len(days) == 22
    assert (days[0].beds, days[0].occupied) == (8, 0)
    for day in days[1:]:
        row = counts(session, on=day.day)
        assert (day.beds, day.usable, day.occupied) == (row.beds, row.usable, row.occupied)


def test_the_board_shows_every_bed_once_with_who_has_it(session, site, house):
    beds, _stays = house

    board = list_beds(session, site_id=site.id, on=TODAY)

    assert [row.bed_id for row in board] == [bed.id for bed in beds]
    assert [row.state for row in board] == [
        "occupied",
        "occupied",
        "on_leave",
        "held",
        "under_repair",
        None,
        None,
        None,
    ]
    assert [row.resident_id is not None for row in board] == [True] * 4 + [False] * 4
    assert [row.bed_id for row in board if row.left_uncleaned_at] == [beds[5].id]


def test_whoever_is_expected_is_listed_until_the_hold_is_over(session, site, house):
    [expected] = list_arrivals(session, site_id=site.id, since=TODAY)

    assert expected.planned_on == TODAY
    assert list_arrivals(session, site_id=site.id, since=expected.hold_until) == []


def test_a_cleaned_bed_changes_the_board(session, site, house):
    beds, _ = house
    reach = {"prefixes": [], "site_ids": [site.id]}
    before = board_version(session, **reach)

    mark_ready(session, beds[5].id)

    assert board_version(session, **reach) > before
    assert counts(session).ready == 3


def test_a_bed_put_up_later_was_not_known_before_even_if_it_is_said_to_be_older(session, site):
    make_bed(session, site=site)
    known = clock.now() + timedelta(seconds=1)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        make_bed(session, site=site)

    assert counts(session).beds == 2
    assert counts(session, known_at=known).beds == 1
