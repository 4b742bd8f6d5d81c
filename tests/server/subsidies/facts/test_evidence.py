"""From a case down to the rows it was counted from, a page at a time."""

from datetime import date

import pytest

from server.errors import NotFound
from server.facilities.models import BedState
from server.policies.programmes.vocabulary import SOURCES
from server.subsidies.facts.evidence import get_case, list_beneath
from server.subsidies.models import SubsidyFact
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run
from tests.factories.subsidy_facts import JANUARY, facts_of, make_stay


def a_case(row):
    return SubsidyFact(run_id=0, number=1, **row._mapping)


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_can_be_opened(session, source):
    numbers = dict.fromkeys(("beneficiary_id", "resident_id", "caregiver_id", "site_id", "part"), 1)
    case = SubsidyFact(
        run_id=0, number=1, month=JANUARY, on_day=JANUARY, subject="x:1", facts={}, **numbers
    )

    assert list_beneath(session, source, case).rows == []


def test_the_nights_of_a_month(session):
    wang = make_resident(session)
    rest = [(BedState.ON_LEAVE, date(2026, 1, 10), date(2026, 1, 13))]
    stay = make_stay(session, wang, rest=rest)
    [row] = facts_of(session, "bed_months")

    beneath = list_beneath(session, "bed_months", a_case(row))

    assert [one.told["state"] for one in beneath.rows] == ["occupied", "on_leave", "occupied"]
    assert {(one.kind, one.place, one.site_id) for one in beneath.rows} == {
        ("bed_occupancy", stay.id, stay.site_id)
    }


def test_a_page_at_a_time(session):
    wang = make_resident(session)
    rest = [(BedState.ON_LEAVE, date(2026, 1, 10), date(2026, 1, 13))]
    make_stay(session, wang, rest=rest)
    [row] = facts_of(session, "bed_months")

    second = list_beneath(session, "bed_months", a_case(row), offset=1, limit=1)

    assert (second.total, [one.on_day for one in second.rows]) == (3, [date(2026, 1, 10)])


def test_a_frozen_case_knows_its_source(session):
    run = make_run(session)

    source, case = get_case(session, run.id, 1)

    assert (source, case.subject) == ("bed_months", "stay:1")
    with pytest.raises(NotFound):
        get_case(session, run.id, 2)
