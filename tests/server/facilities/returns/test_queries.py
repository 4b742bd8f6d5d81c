"""For any day the newest return at or before it, with its age; and one figure for every day."""

from datetime import timedelta

import pytest

from server import clock
from server.facilities.models import BedKind
from server.facilities.returns.queries import (
    Scope,
    list_as_of,
    list_kinds,
    list_series,
    list_standing,
)
from server.providers.models import FacilityKind, OpeningState
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.returns import make_return

TODAY = clock.today()
CITY = Scope(prefixes=["1405"])


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def site(session):
    return make_site(session, name="甲院")


@pytest.fixture
def history(session, site):
    for days, occupied in ((9, 50), (5, 55), (1, 53)):
        make_return(session, site, ago=days, occupied=occupied)
    make_return(session, site, ago=4, kind=BedKind.HOSPICE, occupied=5, usable=9, licensed=9)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (10, []),
        (9, [("institution", 50, 0)]),
        (6, [("institution", 50, 3)]),
        (4, [("hospice", 5, 0), ("institution", 55, 1)]),
        (0, [("hospice", 5, 4), ("institution", 53, 1)]),
    ],
)
def test_any_day_has_the_newest_return_until_then(session, history, days, told):
    rows = list_as_of(session, CITY, on=ago(days))
    assert [(row.kind, row.occupied, row.age) for row in rows] == told


def test_only_facilities_in_scope_are_told_of(session, site, history):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
    make_return(session, far, occupied=7)
    assert {row.site_id for row in list_as_of(session, CITY, on=TODAY)} == {site.id, far.id}
    county = Scope(prefixes=["140521"])
    assert {row.site_id for row in list_as_of(session, county, on=TODAY)} == {far.id}
    own = Scope(site_ids=[site.id])
    assert {row.site_id for row in list_as_of(session, own, on=TODAY)} == {site.id}
    assert list_as_of(session, Scope(), on=TODAY) == []


def test_the_series_has_each_day_and_what_held_on_it(session, site, history):
    other = make_site(session)
    make_return(session, other, ago=5, occupied=10)
    rows = list_series(session, CITY, since=ago(10), until=TODAY)
    told = [(row.occupied, row.filed) for row in rows]
    assert told == [
        (None, 0), (50, 1), (50, 0), (50, 0), (50, 0), (65, 2), (70, 1), (70, 0), (70, 0),
        (68, 1), (68, 0),
    ]  # fmt: skip


def test_the_series_agrees_with_each_day_by_itself(session, site, history):
    for since in (9, 7, 5, 2):
        series = list_series(session, CITY, since=ago(since), until=TODAY)
        for row in series:
            alone = list_as_of(session, CITY, on=row.day)
            assert row.occupied == sum(one.occupied for one in alone), row.day
            assert row.usable == sum(one.usable for one in alone)
            assert row.filed == len({one.site_id for one in alone if one.age == 0})


class TestWhoHasFiled:
    def standing(self, session, scope=CITY):
        return {row.name: row for row in list_standing(session, scope, on=TODAY)}

    def test_every_open_home_is_there_with_its_newest_return(self, session, site, history):
        make_site(session, name="乙院", kind=FacilityKind.TOWNSHIP_HOME)
        homes = self.standing(session)
        assert (homes["甲院"].last_day, homes["甲院"].occupied) == (ago(1), 58)
        assert (homes["乙院"].last_day, homes["乙院"].occupied) == (None, None)

    def test_what_is_closed_or_no_home_need_not_file(self, session, site):
        make_site(session, name="停办", opening_state=OpeningState.CLOSED)
        make_site(session, name="站点", kind=FacilityKind.STATION)
        assert list(self.standing(session)) == ["甲院"]

    def test_a_home_that_keeps_its_stays_here_is_marked(self, session, site):
        make_bed(session, site=make_site(session, name="乙院"))
        told = {name: row.keeps_beds for name, row in self.standing(session).items()}
        assert told == {"甲院": False, "乙院": True}


def test_a_home_files_for_the_kinds_of_beds_it_has(session, site):
    assert list_kinds(session, site.id) == [BedKind.INSTITUTION]
    make_return(session, site, kind=BedKind.HOSPICE)
    make_bed(session, site=site)
    assert list_kinds(session, site.id) == [BedKind.HOSPICE, BedKind.INSTITUTION]
