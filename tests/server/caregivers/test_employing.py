"""Employments are dated periods; nobody has two full-time employers, unless somebody marks it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.caregivers import employing, register
from server.caregivers.asking import takeovers
from server.caregivers.asking.models import Settled
from server.caregivers.employing import ContractTerms, Terms
from server.caregivers.errors import (
    CaregiverNotConfirmed,
    ContractOverlaps,
    EmployedHereAlready,
    EmploymentDaysImpossible,
    EmploymentHasEnded,
    SettledAlready,
    SiteOfAnother,
    TakeoverWaits,
    WorksFullTimeElsewhere,
)
from server.caregivers.models import EmploymentContract, LeavingReason, Post
from server.errors import NotFound
from server.providers.models import Provider
from tests.factories.caregivers import make_caregiver, make_contract, make_employment
from tests.factories.meals import make_site
from tests.factories.people import an_id_number

START = date(2024, 3, 1)
NUMBER = an_id_number(7101)


@pytest.fixture
def worker(session, desks):
    return make_caregiver(session, desks.near, name="孙一兰", id_number=NUMBER)


@pytest.fixture
def at_work(session, worker):
    return make_employment(session, worker, starts_on=START)


def flag_two_employers(session):
    session.execute(
        text("UPDATE parameter SET value = '\"flagged\"' WHERE key = 'caregivers.two_employers'")
    )


def test_somebody_is_taken_on_and_changes_post_in_one_act(session, desks, worker):
    with desks.at(desks.near) as here:
        first = employing.take_on(here, worker.id, Terms(desks.near.id, START))
        employing.add_contract(here, first.id, ContractTerms(START, date(2027, 3, 1), "HT-1"))
        later = Terms(desks.near.id, date(2025, 1, 1), post=Post.MANAGEMENT, is_front_line=False)
        second = employing.change_terms(here, first.id, later)

        assert (first.ends_on, first.leaving_reason) == (
            date(2025, 1, 1),
            LeavingReason.TRANSFERRED,
        )
        assert (second.starts_on, second.post) == (date(2025, 1, 1), Post.MANAGEMENT)
        contracts = register.list_contracts(here, [first.id, second.id])
        assert [one.ends_on for one in contracts[first.id]] == [date(2027, 3, 1)]
        assert [(one.starts_on, one.ends_on) for one in contracts[second.id]] == [
            (START, date(2027, 3, 1))
        ]


def test_nobody_is_employed_twice_at_one_site(desks, worker, at_work):
    with desks.at(desks.near) as here, pytest.raises(EmployedHereAlready):
        employing.take_on(here, worker.id, Terms(desks.near.id, date(2025, 1, 1)))


def test_two_full_time_employers_are_refused(session, desks, worker, at_work):
    other = make_site(session)
    make_employment(session, worker, other, is_full_time=False)
    with desks.at(desks.near) as here:
        employing.leave(
            here, at_work.id, last_day=date(2024, 12, 31), reason=LeavingReason.RESIGNED
        )
        employing.take_on(here, worker.id, Terms(desks.near.id, date(2025, 1, 1)))
    third = make_caregiver(session, desks.near)
    make_employment(session, third, other, starts_on=START)

    with desks.at(desks.near) as here, pytest.raises(WorksFullTimeElsewhere):
        employing.take_on(here, third.id, Terms(desks.near.id, date(2025, 1, 1)))


def test_or_marked_for_the_county_where_the_rule_says_so(session, desks, worker):
    make_employment(session, worker, make_site(session), starts_on=START)
    flag_two_employers(session)

    with desks.at(desks.near) as here:
        marked = employing.take_on(here, worker.id, Terms(desks.near.id, date(2025, 1, 1)))

        assert marked.overlap_allowed
    with desks.county() as county:
        asked = register.Filter(two_employers=True)
        assert [row.id for row in register.list_caregivers(county, asked)] == [worker.id]


def test_leaving_happens_once_and_the_contract_stays_as_it_was_signed(session, desks, at_work):
    contract = make_contract(session, at_work, ends_on=date(2027, 3, 1))

    with desks.at(desks.near) as here:
        last_day = date(2025, 6, 30)
        left = employing.leave(here, at_work.id, last_day=last_day, reason=LeavingReason.RETIRED)
        assert left.ends_on == date(2025, 7, 1)
        assert here.get(EmploymentContract, contract.id).ends_on == date(2027, 3, 1)
        with pytest.raises(EmploymentHasEnded):
            employing.leave(here, at_work.id, last_day=last_day, reason=LeavingReason.RETIRED)


def test_nobody_leaves_before_they_began(desks, at_work):
    last_day = START - timedelta(days=1)
    with desks.at(desks.near) as here, pytest.raises(EmploymentDaysImpossible):
        employing.leave(here, at_work.id, last_day=last_day, reason=LeavingReason.OTHER)


def test_a_contract_is_renewed_and_never_doubled(session, desks, at_work):
    make_contract(session, at_work, ends_on=date(2027, 3, 1))

    with desks.at(desks.near) as here:
        employing.add_contract(here, at_work.id, ContractTerms(date(2027, 3, 1)))
        with pytest.raises(ContractOverlaps):
            employing.add_contract(here, at_work.id, ContractTerms(date(2026, 1, 1)))


def test_another_site_of_the_provider_is_gone_to_at_once(session, desks, at_work, worker):
    provider = Provider(name="松柏养老公司", uscc="91140500MA0GTEST1X")
    session.add(provider)
    session.flush()
    desks.near.provider_id = provider.id
    sister = make_site(session, provider_id=provider.id)

    with desks.at(desks.near) as here:
        moved = employing.transfer(here, at_work.id, Terms(sister.id, date(2025, 5, 1)))
        assert moved.site_id == sister.id

    session.refresh(worker)
    session.refresh(at_work)
    assert (worker.keeper_site_id, at_work.ends_on) == (sister.id, date(2025, 5, 1))


def test_a_site_of_another_provider_is_not(desks, at_work):
    with desks.at(desks.near) as here, pytest.raises(SiteOfAnother):
        employing.transfer(here, at_work.id, Terms(desks.far.id, date(2025, 5, 1)))


class TestASecondEmployer:
    """Somebody whom another provider employs as well, and whose file that one keeps."""

    @pytest.fixture
    def second(self, desks, worker, at_work):
        terms = Terms(desks.far.id, date(2025, 1, 1), is_full_time=False)
        with desks.at(desks.far) as there:
            asked = takeovers.take_on_known(there, id_number=NUMBER, name="孙一兰", terms=terms)
        return asked.employment_id

    def test_a_marked_overlap_leaves_the_file_where_it_is(self, session, desks, worker, at_work):
        flag_two_employers(session)
        terms = Terms(desks.far.id, date(2025, 1, 1))
        with desks.at(desks.far) as there:
            takeovers.take_on_known(there, id_number=NUMBER, name="孙一兰", terms=terms)
        with desks.at(desks.near) as here:
            assert register.get_kept(here, worker.id).keeper_site_id == desks.near.id

    def test_part_time_it_ends_what_it_began(self, desks, second):
        with desks.at(desks.far) as there:
            employing.add_contract(there, second, ContractTerms(date(2025, 1, 1)))
            left = employing.leave(
                there, second, last_day=date(2025, 6, 30), reason=LeavingReason.RESIGNED
            )
            assert left.ends_on == date(2025, 7, 1)

    def test_once_it_has_ended_nothing_is_written_into_it(self, desks, second):
        last_day = date(2025, 6, 30)
        with desks.at(desks.far) as there:
            employing.leave(there, second, last_day=last_day, reason=LeavingReason.RESIGNED)
        with desks.at(desks.far) as there, pytest.raises(NotFound):
            employing.add_contract(there, second, ContractTerms(date(2025, 1, 1)))

    def test_neither_ends_the_others(self, desks, second, at_work):
        last_day, first = date(2025, 6, 30), at_work.id
        with desks.at(desks.far) as there, pytest.raises(NotFound):
            employing.leave(there, first, last_day=last_day, reason=LeavingReason.RESIGNED)
        with desks.at(desks.near) as here, pytest.raises(NotFound):
            employing.leave(here, second, last_day=last_day, reason=LeavingReason.RESIGNED)


class TestTakingOnWhoIsKnown:
    """By ID number and name, with the consent of whoever employs them."""

    def ask(self, session, desks, starts_on=date(2025, 5, 1), **said):
        said = {"id_number": NUMBER, "name": "孙一兰"} | said
        return takeovers.take_on_known(session, terms=Terms(desks.far.id, starts_on), **said)

    def test_whoever_has_left_begins_at_once(self, session, desks, worker):
        make_employment(session, worker, starts_on=START, ends_on=date(2025, 1, 1))

        with desks.at(desks.far) as there:
            asked = self.ask(there, desks)

            assert asked.employment_id
            assert not asked.takeover_id
            assert register.get_kept(there, worker.id).keeper_site_id == desks.far.id

    @pytest.mark.parametrize("said", [{"name": "孙二兰"}, {"id_number": an_id_number(7999)}])
    def test_number_and_name_are_one_persons(self, desks, worker, said):
        with desks.at(desks.far) as there, pytest.raises(CaregiverNotConfirmed) as refused:
            self.ask(there, desks, **said)
        assert refused.value.facts == {}

    def test_whoever_employs_them_lets_them_go(self, session, desks, worker, at_work):
        with desks.at(desks.far) as there:
            asked = self.ask(there, desks)
            with pytest.raises(NotFound):
                register.get_in_reach(there, worker.id)
        with desks.at(desks.near) as here:
            [row] = takeovers.list_takeovers(here)
            assert (row.to_name, row.caregiver_name, row.is_mine_to_answer) == (
                "松柏养老院", "孙一兰", True,
            )  # fmt: skip
            takeovers.let_go(here, asked.takeover_id, ends_on=date(2025, 5, 10))
        with desks.at(desks.far) as there:
            employments = register.list_employments(there, worker.id)
            begun = [one.Employment.starts_on for one in employments]
            assert begun == [date(2025, 5, 10)]
            assert register.get_kept(there, worker.id)
        session.refresh(at_work)
        assert at_work.ends_on == date(2025, 5, 10)

    def test_or_keeps_them_and_says_why(self, desks, worker, at_work):
        with desks.at(desks.far) as there:
            asked = self.ask(there, desks)
            with pytest.raises(TakeoverWaits):
                self.ask(there, desks)
        with desks.at(desks.near) as here:
            takeovers.keep(here, asked.takeover_id, said="合同未到期")
        with desks.at(desks.far) as there:
            [row] = takeovers.list_takeovers(there)
            question = row.EmploymentTakeover
            assert (question.state, question.said) == (Settled.REFUSED, "合同未到期")
            assert row.caregiver_name is None
        with desks.at(desks.near) as here, pytest.raises(SettledAlready):
            takeovers.let_go(here, asked.takeover_id, ends_on=clock.today())

    def test_only_whoever_employs_them_answers(self, session, desks, worker, at_work):
        with desks.at(desks.far) as there:
            asked = self.ask(there, desks)
        with desks.at(desks.far) as there, pytest.raises(NotFound):
            takeovers.let_go(there, asked.takeover_id, ends_on=date(2025, 5, 10))
        with desks.at(make_site(session)) as stranger, pytest.raises(NotFound):
            takeovers.keep(stranger, asked.takeover_id, said="")
