"""Where stays are kept here: filed beside counted, a finding while they differ."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.facilities.queries.counts import list_counts
from server.facilities.returns.comparing import compare_since, list_beside
from server.facilities.returns.models import BedReturn
from server.facilities.stays.admitting import admit
from server.facilities.stays.moving import go_on_leave
from server.findings.models import Finding
from tests.factories.facilities import make_beds
from tests.factories.people import make_resident
from tests.factories.returns import make_return

TODAY = clock.today()


@pytest.fixture
def home(session):
    """Five beds: two occupied, one on leave."""
    beds = make_beds(session, 5)
    stays = [
        admit(session, bed_id=bed.id, resident_id=make_resident(session).id,
              admitted_on=TODAY - timedelta(days=9))
        for bed in beds[:3]
    ]  # fmt: skip
    go_on_leave(session, stays[0].id, since=TODAY - timedelta(days=2))
    return beds[0]


class Place:
    def __init__(self, site_id):
        self.id = site_id


def file(session, home, occupied, on_leave, ago=0):
    make_return(session, Place(home.site_id), ago=ago, licensed=5, usable=5, occupied=occupied,
                on_leave=on_leave)  # fmt: skip


def findings(session):
    session.expire_all()
    return session.execute(select(Finding).order_by(Finding.id)).scalars().all()


def test_what_agrees_is_no_finding(session, home):
    file(session, home, 2, 1)
    assert findings(session) == []


def test_what_differs_is_a_finding_until_it_is_corrected(session, home):
    file(session, home, 4, 1)
    [finding] = findings(session)
    filed = session.execute(select(BedReturn)).scalar_one()
    assert finding.kind == "return_differs"
    assert finding.subject == f"bed_return:{filed.id}"
    assert (finding.resident_id, finding.site_id) == (None, home.site_id)
    assert finding.evidence["filed"]["occupied"] == 4
    assert finding.evidence["counted"] == {"usable": 5, "occupied": 2, "on_leave": 1}

    file(session, home, 2, 1)
    assert [one.state for one in findings(session)] == ["withdrawn"]

    file(session, home, 3, 1)
    assert [one.state for one in findings(session)] == ["open"]


def test_a_facility_without_beds_here_is_not_compared(session):
    make_return(session)
    assert findings(session) == []


def test_records_that_are_corrected_withdraw_it_too(session, home):
    file(session, home, 3, 1)
    late = make_resident(session)
    admit(session, bed_id=home.id + 3, resident_id=late.id, admitted_on=TODAY)

    assert compare_since(session, TODAY - timedelta(days=7), until=TODAY) == 0
    assert [one.state for one in findings(session)] == ["withdrawn"]
    assert compare_since(session, TODAY - timedelta(days=7), until=TODAY) == 0


@pytest.mark.parametrize("ago", [0, 1, 2, 3, 8, 9])
def test_the_counts_are_those_of_the_board(session, home, ago):
    file(session, home, 0, 0, ago=ago)
    filed = session.execute(select(BedReturn.id)).scalar_one()
    [beside] = list_beside(session, [filed])
    [counted] = list_counts(
        session, prefixes=[], site_ids=[home.site_id], on=TODAY - timedelta(days=ago)
    )
    assert (beside.usable_counted, beside.occupied_counted, beside.on_leave_counted) == (
        counted.usable, counted.occupied, counted.on_leave
    )  # fmt: skip
