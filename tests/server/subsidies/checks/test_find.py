"""Each check finds what was planted for it, and not what looks alike and is right."""

import pytest

from server import clock
from server.policies.programmes.models import PolicyVersion
from server.subsidies.checks.checks import CHECKS
from server.subsidies.checks.service import find
from server.subsidies.models import RunStage, SubsidyRun
from tests.factories.subsidies import approve, family_no, make_run, make_version
from tests.factories.subsidy_faults import PLANTS, Plants

BY_NAME = {check.name: check for check in CHECKS}


def of_source(session, source, **changes):
    """A programme whose cases are of a source; `own_account` pays residents themselves."""
    base = make_version(session)
    own = source == "own_account"
    facts = {"facts": "bed_months" if own else source}
    payee = {"payee": "resident"} if own else {}
    version = PolicyVersion(
        pack_id=base.pack_id, programme=source, programme_no=base.programme_no + 1,
        family_no=family_no(session, source), content=base.content | facts | payee | changes,
        digest=b"\0" * 32, starts_on=base.starts_on,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def planted(session, plant):
    """Return the run of a plant, and the numbers of its lines that are wrong."""
    plants = Plants(session)
    source, lines = plant(plants)
    wrong = [line.pop("wrong") for line in lines]
    version = of_source(session, source, **plants.changes)
    run = make_run(session, lines, version=version, first_month=plants.month)
    if plants.approver:
        approve(session, run)
        run.stage, run.approved_at = RunStage.APPROVED, clock.now()
        run.approved_by = plants.approver.id
        session.flush()
    if plants.then:
        plants.then(run)
    return run, [number for number, is_wrong in enumerate(wrong, start=1) if is_wrong]


def test_there_is_a_plant_for_each():
    assert [plant.__name__ for plant in PLANTS] == [check.name for check in CHECKS]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_it_finds_what_was_planted_alone(session, plant):
    run, wrong = planted(session, plant)

    found = find(session, BY_NAME[plant.__name__], [run.id])

    named = [number for one in found for _, number in one.evidence["lines"]]
    assert sorted(named) == wrong
    assert all(one.evidence["amount_fen"] > 0 for one in found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_no_run_is_no_finding(session, check):
    assert find(session, check, []) == []
    assert session.get(SubsidyRun, 1) is None
