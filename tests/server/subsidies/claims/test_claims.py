"""A claim goes its way: begun, filled, handed in, and decided by one office after the other."""

from datetime import date, timedelta

import pytest

from server import clock
from server.errors import NotFound
from server.identity.models import Staff
from server.subsidies.claims import asking, deciding, standing_in
from server.subsidies.claims.claimants import get_who
from server.subsidies.claims.errors import (
    ClaimHasChanged,
    ClaimIsNotSo,
    ClaimsClosed,
    HasAPart,
    IsClaimedAlready,
    NotThisOffice,
    PapersMissing,
    StandInUnfit,
    StoodInAlready,
)
from server.subsidies.claims.looking import look
from server.subsidies.claims.models import Claimant, ClaimState, LookedAt, SubsidyClaim
from server.subsidies.claims.openings import list_openings
from server.subsidies.claims.queries import find_last_look, list_steps
from server.subsidies.claims.telling import tell_of_deadlines
from server.subsidies.claims.writing import wanted_of
from tests.factories.claims import (
    BED_BOOK,
    CONTRACTS,
    JANUARY,
    STAGES,
    Offices,
    in_february,
    make_cases,
    make_claim,
    make_claimed,
)
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident
from tests.factories.pictures import picture


@pytest.fixture(autouse=True)
def february():
    with in_february():
        yield


@pytest.fixture
def site(session):
    return make_site(session, name="康乐养老院")


@pytest.fixture
def version(session):
    return make_claimed(session)


@pytest.fixture
def cases(session, site, version):
    return make_cases(session, site, version=version)


@pytest.fixture
def offices(session, site, cases):
    return Offices(session, site)


@pytest.fixture
def claim_id(offices, site):
    claim_id = offices.begin(site)
    offices.hand_in(claim_id)
    return claim_id


def seen(session, claim_id):
    claim = session.get(SubsidyClaim, claim_id)
    return look(session, wanted_of(session, [claim])[0]).digest.hex()


def agree(office, claim_id):
    with office.at_work() as session:
        return deciding.let_through(session, claim_id, seen=seen(session, claim_id)).state


def test_it_is_filled_with_what_the_platform_knows(session, site, cases):
    claim = make_claim(session, site)

    assert (claim.cases, claim.expected_fen) == (2, 60000)
    shown = find_last_look(session, claim.id)
    assert (shown.looked_at, shown.content[0]["month"]) == (LookedAt.RUN, "2026-01")


def test_what_can_be_claimed_leaves_what_is(session, site, cases):
    who = get_who(session, Claimant.SITE, site.id)
    before = {one.stretch.first_month for one in list_openings(session, [who])}
    make_claim(session, site)

    assert before - {one.stretch.first_month for one in list_openings(session, [who])} == {JANUARY}


def test_a_period_is_claimed_once(session, site, cases):
    first = make_claim(session, site)

    with pytest.raises(IsClaimedAlready):
        make_claim(session, site)
    asking.withdraw(session, first.id)
    assert make_claim(session, site).state is ClaimState.DRAFT


def test_a_month_that_is_not_over_is_not_claimed(session, site, cases):
    with pytest.raises(ClaimsClosed):
        make_claim(session, site, month=date(2026, 2, 1))


def test_a_missing_paper_is_named(session, site, cases):
    claim = make_claim(session, site, papers=False)

    with pytest.raises(PapersMissing) as refusal:
        asking.hand_in(session, claim.id)
    assert refusal.value.facts == {"missing": "入住台账"}


def test_a_paper_may_be_taken_away_while_it_is_filled(session, site):
    version = make_claimed(session, evidence=[BED_BOOK, CONTRACTS])
    make_cases(session, site, version=version)
    claim = make_claim(session, site)
    paper = asking.add_paper(session, claim.id, evidence="contracts", content=_picture())
    asking.remove_paper(session, claim.id, paper.id)

    assert asking.list_evidence(session, [claim.id]) == {claim.id: {"bed_book"}}
    with pytest.raises(NotFound):
        asking.remove_paper(session, claim.id, paper.id)
    asking.hand_in(session, claim.id)
    with pytest.raises(ClaimIsNotSo):
        asking.add_paper(session, claim.id, evidence="contracts", content=_picture())


def test_three_offices_let_it_through(session, offices, claim_id):
    assert agree(offices.town, claim_id) is ClaimState.AT_COUNTY
    assert agree(offices.county, claim_id) is ClaimState.AT_CITY
    assert agree(offices.city, claim_id) is ClaimState.ACCEPTED

    steps = list_steps(session, claim_id)
    assert [step.step.value for step in steps] == ["begin", "hand_in", "pass", "pass", "accept"]
    with pytest.raises(ClaimIsNotSo):
        agree(offices.city, claim_id)


def test_nobody_decides_two_stages(offices, claim_id):
    agree(offices.county, claim_id)

    with pytest.raises(HasAPart):
        agree(offices.county, claim_id)


def test_the_database_itself_keeps_hands_apart(session, site, offices, claim_id, monkeypatch):
    agree(offices.county, claim_id)
    monkeypatch.setattr(
        deciding, "_office", lambda _, claim: deciding.Office("140502"), raising=True
    )

    with pytest.raises(HasAPart):
        agree(offices.county, claim_id)


def test_an_office_below_has_no_word(offices, claim_id):
    agree(offices.town, claim_id)
    other = offices.town

    with pytest.raises((NotThisOffice, HasAPart)):
        agree(other, claim_id)


def test_what_changed_since_it_was_shown_stops(session, offices, site, version, claim_id):
    with offices.town.at_work() as entered:
        old = seen(entered, claim_id)
    make_cases(session, site, version=version, lines=3)
    session.commit()

    with offices.town.at_work() as entered, pytest.raises(ClaimHasChanged):
        deciding.let_through(entered, claim_id, seen=old)


def test_returned_with_words_and_handed_in_again(session, offices, claim_id):
    with offices.town.at_work() as entered:
        deciding.give_back(entered, claim_id, words="台账缺最后一页")
    claim = session.get(SubsidyClaim, claim_id, populate_existing=True)
    assert (claim.state, claim.words, claim.due_on) == (ClaimState.RETURNED, "台账缺最后一页", None)

    assert offices.hand_in(claim_id).state is ClaimState.AT_TOWN
    assert agree(offices.town, claim_id) is ClaimState.AT_COUNTY


def test_refused_is_the_end_and_another_may_begin(offices, site, claim_id):
    with offices.town.at_work() as entered:
        deciding.refuse(entered, claim_id, words="未入住")

    with pytest.raises(ClaimIsNotSo):
        agree(offices.town, claim_id)
    assert offices.begin(site)


def test_a_clock_runs_for_each_office(session, offices, claim_id):
    claim = session.get(SubsidyClaim, claim_id, populate_existing=True)

    assert claim.due_on > clock.today() + timedelta(days=STAGES[0]["working_days"])


def test_many_go_through_together_and_the_others_are_left(session, offices, site, version):
    make_cases(session, site, version=version, first_month=date(2025, 12, 1))
    session.commit()
    ids = [offices.begin(site), offices.begin(site, month=date(2025, 12, 1))]
    for claim_id in ids:
        offices.hand_in(claim_id)
    make_cases(session, site, version=version, lines=3)
    session.commit()

    with offices.town.at_work() as entered:
        passed = deciding.let_all_through(entered, ids)

    assert (passed.done, passed.left) == ([ids[1]], [ids[0]])


def test_another_site_knows_nothing_of_it(session, claim_id):
    other = Offices(session, make_site(session))

    with other.operator.at_work() as entered, pytest.raises(NotFound):
        asking.withdraw(entered, claim_id)


def test_a_claim_of_another_site_is_not_begun(session, site, version):
    """The number of a site is known to everybody; who asks for it is its own operator."""
    other = Offices(session, make_site(session))

    with other.operator.at_work() as entered, pytest.raises(NotFound):
        make_claim(entered, site)


class TestStandingIn:
    def test_for_whoever_left_nobody_stands_in(self, session, offices, claim_id):
        agree(offices.town, claim_id)
        agree(offices.county, claim_id)
        self.name(offices.city, offices.colleague)
        session.get_one(Staff, offices.city.staff.id).disabled_at = clock.now()
        session.commit()

        with pytest.raises(NotThisOffice):
            agree(offices.colleague, claim_id)

    def test_both_names_are_kept_and_both_hands(self, session, offices, claim_id):
        agree(offices.town, claim_id)
        agree(offices.county, claim_id)
        self.name(offices.city, offices.colleague)

        assert agree(offices.colleague, claim_id) is ClaimState.ACCEPTED
        last = list_steps(session, claim_id)[-1]
        assert (last.staff_id, last.for_staff_id) == (
            offices.colleague.staff.id,
            offices.city.staff.id,
        )

    def test_whoever_is_away_has_had_their_part(self, session, offices, claim_id):
        """The absent county officer's part is taken; at the city they have none."""
        agree(offices.town, claim_id)
        self.name(offices.city, offices.town)

        with pytest.raises((HasAPart, NotThisOffice)):
            agree(offices.town, claim_id)

    def test_one_stands_in_for_an_officer_on_a_day(self, session, offices):
        self.name(offices.county, offices.town)

        with pytest.raises(StoodInAlready):
            self.name(offices.county, offices.city)

    def test_it_can_be_taken_back(self, session, offices):
        named = self.name(offices.county, offices.town)
        with offices.county.at_work() as entered:
            standing_in.end_stand_in(entered, named)

        assert self.name(offices.county, offices.city)

    def test_only_officers_stand_in(self, session, offices):
        with pytest.raises(StandInUnfit):
            self.name(offices.county, offices.operator)

    def name(self, away, stands_in):
        with away.at_work() as entered:
            today = clock.today()
            return standing_in.name_stand_in(
                entered, stand_in_id=stands_in.staff.id, first_on=today, last_on=today
            ).id


def test_an_elder_claims_on_the_phone_what_is_theirs(session, version):
    make_claimed(session, by="resident", programme="renovation", family="renovation",
                 evidence=(), stages=STAGES[1:2])  # fmt: skip
    elder = make_resident(session)
    make_account(session, elder)
    claim = asking.begin_claim(
        session, claimant=Claimant.RESIDENT, claimant_id=elder.id, programme="renovation",
        first_month=JANUARY,
    )  # fmt: skip

    assert asking.hand_in(session, claim.id).state is ClaimState.AT_COUNTY


def test_drafts_whose_window_closes_are_told_of_once(session, site):
    version = make_claimed(session, windows=[{"opens": "02-01", "closes": "02-12"}])
    make_cases(session, site, version=version)
    offices = Offices(session, site)
    offices.begin(site)

    told = tell_of_deadlines(session)

    assert told == 1
    assert tell_of_deadlines(session) == 0


def _picture():
    return picture(mark=2)
