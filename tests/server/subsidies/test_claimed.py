"""What somebody must ask for is reckoned once their claim was let through, and not before."""

from datetime import date

import pytest
from sqlalchemy import select, true

from server import clock
from server.db.tables import table_of
from server.policies.programmes.schema import Programme
from server.subsidies.claims.models import Claimant, ClaimState, SubsidyClaim
from server.subsidies.claims.queries import count_of_months
from server.subsidies.differences.models import DifferenceKind, SubsidyDifference
from server.subsidies.differences.service import look, start
from server.subsidies.models import RunStage
from server.subsidies.reckoning import service
from server.subsidies.reckoning.lines import LineWanted, list_lines
from tests.admin.subsidy_differences.conftest import elder, make_home
from tests.factories.people import make_resident
from tests.factories.reckoning import reckon_all
from tests.factories.subsidies import BASIS, a_programme, amend, make_version, move_run
from tests.factories.subsidy_facts import JANUARY

OPERATION = "facility_operation"
WAITING = (ClaimState.AT_TOWN, ClaimState.AT_COUNTY, ClaimState.AT_CITY)
STAGES = [{"at": "county", "working_days": 5}]


def asked_for(by="site", **changes):
    """A programme that is paid to whoever asks, and by a county's yes."""
    claim, approval = {"by": by, **BASIS}, {"stages": STAGES, **BASIS}
    return a_programme(claim=claim, approval=approval, **changes)


def claim_of(session, version, site, state=ClaimState.ACCEPTED, *, months=1, programme=OPERATION):
    """A claim of a home from January on, as far as it has come."""
    claim = SubsidyClaim(
        programme=programme, version_id=version.id, claimant=Claimant.SITE, claimant_id=site.id,
        site_id=site.id, division_code=site.division_code, first_month=JANUARY, months=months,
        state=state, made_at=clock.now(), handed_in_at=clock.now(), words="材料不齐",
        due_on=clock.today() if state in WAITING else None,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    return claim


def run_over(session, months=1):
    wanted = service.Wanted(OPERATION, JANUARY, months, "1405")
    return reckon_all(session, service.start_run(session, wanted))


def homes_of(session, run):
    return [one.site_id for one in list_lines(session, run.id, true(), LineWanted())]


@pytest.fixture
def homes(session):
    """Two homes with an elder each."""
    found = [make_home(session, name=name) for name in ("康乐养老院", "沁河养老院")]
    for home in found:
        elder(session, home)
    return found


@pytest.fixture
def version(session):
    return make_version(session, asked_for())


@pytest.mark.parametrize("state", [one for one in ClaimState if one is not ClaimState.ACCEPTED])
def test_only_homes_whose_claim_was_let_through_are_reckoned(session, version, homes, state):
    near, far = homes
    claim_of(session, version, near)
    claim_of(session, version, far, state)

    run = run_over(session)

    assert homes_of(session, run) == [near.id]


def test_a_claim_of_several_months_is_for_each_of_them_and_no_other(session, version, homes):
    near, _far = homes
    claim_of(session, version, near, months=2)

    run = run_over(session, months=3)

    lines = list_lines(session, run.id, true(), LineWanted())
    assert [one.month for one in lines] == [date(2026, 1, 1), date(2026, 2, 1)]


def test_a_claim_of_another_programme_is_none(session, version, homes):
    claim_of(session, version, homes[0], programme="renovation")

    assert run_over(session).facts == 0


def test_where_the_platforms_counts_decide_nobody_has_to_ask(session, homes):
    make_version(session, a_programme(claim={"by": "nobody", **BASIS}))

    assert sorted(homes_of(session, run_over(session))) == sorted(one.id for one in homes)


def test_who_is_let_through_later_is_paid_by_a_difference_run(session, version, homes):
    near, far = homes
    claim_of(session, version, near)
    run = move_run(session, run_over(session), RunStage.PAYABLE)
    assert look(session, run.id) == 0

    claim_of(session, version, far)
    assert look(session, run.id) == 1

    [found] = session.execute(select(table_of(SubsidyDifference))).all()
    assert (found.kind, found.site_id, found.now_fen) == (DifferenceKind.NEW, far.id, 30_000)
    assert start(session, run.id).total_fen == 30_000


def test_who_was_entered_twice_has_claimed_by_either_number(session, homes):
    version = make_version(session, asked_for("resident"))
    kept, twin = elder(session, homes[0]), make_resident(session)
    claim = SubsidyClaim(
        programme=OPERATION, version_id=version.id, claimant=Claimant.RESIDENT,
        claimant_id=twin.id, resident_id=twin.id, division_code=twin.village_code,
        first_month=JANUARY, months=1, state=ClaimState.ACCEPTED, made_at=clock.now(),
        handed_in_at=clock.now(),
    )  # fmt: skip
    session.add(claim)
    twin.merged_into_id = kept.id
    session.flush()

    run = run_over(session)

    lines = list_lines(session, run.id, true(), LineWanted())
    assert [one.resident_id for one in lines] == [kept.id]


def test_claims_of_the_months_of_a_run_are_counted_by_where_they_stand(session, version, homes):
    near, far = homes
    claim_of(session, version, near, months=2)
    claim_of(session, version, far, ClaimState.AT_COUNTY)

    def counted(first, until):
        return count_of_months(session, OPERATION, first, until)

    assert counted(JANUARY, date(2026, 2, 1)) == {
        ClaimState.ACCEPTED: 1, ClaimState.AT_COUNTY: 1,
    }  # fmt: skip
    assert counted(date(2026, 2, 1), date(2026, 3, 1)) == {ClaimState.ACCEPTED: 1}
    assert counted(date(2026, 3, 1), date(2026, 4, 1)) == {}


def test_what_a_run_took_up_stays_though_a_claim_is_asked_for_by_now(session, homes):
    make_version(session, a_programme())
    run = move_run(session, run_over(session), RunStage.PAYABLE)

    amend(session, asked_for(), starts_on=JANUARY)

    assert look(session, run.id) == 0


def test_nobody_claims_for_what_is_another_ones():
    with pytest.raises(ValueError, match="by a site or by whom the programme is for"):
        Programme.model_validate(asked_for("caregiver"))
