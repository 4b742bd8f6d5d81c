"""Claims: within the window, of what holds, decided by somebody else, and then closed."""

from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from server import clock
from server.caregivers.allowances import claiming
from server.caregivers.allowances.errors import (
    ClaimNotSo,
    ClaimOutOfDate,
    ClaimWindowClosed,
    IsClaimed,
    NothingToClaim,
    OwnClaim,
)
from server.caregivers.allowances.models import AllowanceClaim, AllowanceClaimLine, ClaimState
from server.caregivers.allowances.queries import get_claim
from server.caregivers.allowances.terms import Programme, Window
from server.caregivers.allowances.windows import next_window, open_window
from server.caregivers.models import Employment, LeavingReason
from tests.factories.allowances import IN_JULY, make_complete, reckoned
from tests.factories.caregivers import make_contract, make_employment
from tests.factories.people import make_staff
from tests.factories.training import make_completion

POST, ENTRY = Programme.POST_ALLOWANCE, Programme.ENTRY_REWARD


@pytest.fixture
def by(session, monkeypatch):
    """Let a member of staff act: `by(staff)`."""

    def act(staff):
        actor = claiming.actor_of(session)
        session.info["actor"] = type(actor)(
            **{**vars(actor), "staff_id": staff.id if staff else None}
        )

    return act


@pytest.fixture
def maker(session):
    return make_staff(session, "facility_operator", division_code="1405")


@pytest.fixture
def checker(session):
    return make_staff(session, "county_officer", division_code="1405")


def hand_in(session, caregiver, programme=POST):
    return claiming.hand_in(session, caregiver_id=caregiver.id, programme=programme)


class TestWindows:
    WINDOWS = (
        Window(programme=POST, opens="01-01", closes="01-31"),
        Window(programme=POST, opens="07-01", closes="07-31"),
    )

    def test_it_is_open_from_its_first_day_to_its_last(self):
        assert open_window(self.WINDOWS, POST, date(2026, 6, 30)) is None
        assert open_window(self.WINDOWS, POST, date(2026, 7, 1)).closes_on == date(2026, 7, 31)
        assert open_window(self.WINDOWS, POST, date(2026, 7, 31))
        assert open_window(self.WINDOWS, POST, date(2026, 8, 1)) is None

    def test_it_never_closes_on_a_day_off(self):
        window = open_window(self.WINDOWS, POST, date(2027, 1, 31))

        assert date(2027, 1, 31).weekday() == 6
        assert window.closes_on == date(2027, 2, 1)

    def test_the_next_one_may_be_next_year(self):
        assert next_window(self.WINDOWS, POST, date(2026, 8, 1)).opens_on == date(2027, 1, 1)
        assert next_window(self.WINDOWS, ENTRY, date(2026, 8, 1)) is None


class TestHandingIn:
    def test_a_half_year_is_prefilled_with_every_month(self, session, caregiver):
        claim = hand_in(session, caregiver)

        assert (claim.period, claim.amount_fen) == ("2026-01/2026-06", 6 * 500_00)
        assert (claim.opens_on, claim.closes_on) == (date(2026, 7, 1), date(2026, 7, 31))
        assert [line.period for line in get_claim(session, claim.id).lines] == [
            f"2026-0{month}" for month in range(1, 7)
        ]

    def test_nothing_is_missing_of_a_caregiver_with_everything_on_file(self, session, caregiver):
        assert hand_in(session, caregiver).missing == []

    def test_papers_that_are_missing_are_named(self, session, caregiver):
        self.never_verified(session, caregiver)
        ends = "UPDATE employment_contract SET ends_on = '2026-07-01'"
        session.execute(text(ends))

        assert hand_in(session, caregiver).missing == ["contract_paper", "certificate_paper"]

    def test_a_certificate_after_a_course_proves_itself(self, session, caregiver):
        number = self.never_verified(session, caregiver)
        make_completion(session, caregiver, skill_certificate_id=number)

        assert hand_in(session, caregiver).missing == []

    def test_a_course_that_was_annulled_proves_nothing(self, session, caregiver):
        number = self.never_verified(session, caregiver)
        make_completion(
            session, caregiver, skill_certificate_id=number, annulled_on=clock.today(),
            annul_reason="代考",
        )  # fmt: skip

        assert hand_in(session, caregiver).missing == ["certificate_paper"]

    @staticmethod
    def never_verified(session, caregiver):
        """Take back that anybody found the certificate in a register; returns its key."""
        forget = "UPDATE skill_certificate SET verified_on = NULL WHERE caregiver_id = :id"
        found = session.execute(text(f"{forget} RETURNING id"), {"id": caregiver.id})
        return found.scalar_one()

    def test_instalments_that_were_reached_are_claimed(self, session, caregiver):
        claim = hand_in(session, caregiver, ENTRY)

        assert (claim.period, claim.amount_fen) == ("1/2", 2 * 15_000_00)

    def test_what_is_claimed_is_not_claimed_again(self, session, caregiver):
        hand_in(session, caregiver)

        with pytest.raises(NothingToClaim):
            hand_in(session, caregiver)

    def test_too_late_is_told_the_next_window(self, session, caregiver):
        with (
            time_machine.travel(datetime(2026, 8, 1, 9, tzinfo=clock.CITY), tick=False),
            pytest.raises(ClaimWindowClosed) as refused,
        ):
            hand_in(session, caregiver)

        assert refused.value.facts == {"opens_on": "2027-01-01"}

    def test_what_was_missed_comes_with_the_next_window(self, session, caregiver):
        with time_machine.travel(datetime(2027, 1, 4, 9, tzinfo=clock.CITY), tick=False):
            claim = hand_in(session, caregiver)

        assert claim.period == "2026-01/2026-06"

    def test_nobody_claims_what_they_are_not_entitled_to(self, session, in_july):
        nobody = make_complete(session, months=[])

        with pytest.raises(NothingToClaim):
            hand_in(session, nobody)

    def test_withdrawn_it_may_be_claimed_anew(self, session, caregiver):
        claiming.withdraw(session, hand_in(session, caregiver).id)

        assert hand_in(session, caregiver).amount_fen == 6 * 500_00


class TestDeciding:
    def test_the_county_takes_it_and_nothing_changes_any_more(
        self, session, caregiver, by, maker, checker
    ):
        by(maker)
        claim = hand_in(session, caregiver)
        by(checker)
        claiming.accept(session, claim.id)

        assert (claim.state, claim.decided_by) == (ClaimState.ACCEPTED, checker.id)
        with pytest.raises(ClaimNotSo):
            claiming.withdraw(session, claim.id)
        with pytest.raises(DBAPIError, match="this claim is closed"), session.begin_nested():
            session.execute(text("UPDATE allowance_claim SET words = 'anders'"))
        with pytest.raises(DBAPIError, match="this claim is closed"), session.begin_nested():
            session.execute(text("UPDATE allowance_claim_line SET is_live = false"))

    def test_whoever_handed_it_in_does_not_decide_it(self, session, caregiver, by, maker):
        by(maker)
        claim = hand_in(session, caregiver)

        with pytest.raises(OwnClaim):
            claiming.accept(session, claim.id)

    def test_nobody_decides_a_claim_of_their_own(self, session, caregiver, by, maker, checker):
        by(maker)
        claim = hand_in(session, caregiver)
        caregiver.staff_id = checker.id
        session.flush()
        by(checker)

        with pytest.raises(OwnClaim):
            claiming.accept(session, claim.id)

    def test_given_back_with_words_it_is_handed_in_again(
        self, session, caregiver, by, maker, checker
    ):
        by(maker)
        claim = hand_in(session, caregiver)
        by(checker)
        claiming.give_back(session, claim.id, words="劳动合同缺页")
        by(maker)
        with time_machine.travel(datetime(2026, 8, 3, 9, tzinfo=clock.CITY), tick=False):
            claiming.hand_in_again(session, claim.id)
            assert (claim.state, claim.words) == (ClaimState.HANDED_IN, "劳动合同缺页")
            by(checker)
            assert claiming.accept(session, claim.id).state is ClaimState.ACCEPTED

    def test_what_was_reckoned_anew_is_given_back_and_not_taken(
        self, session, caregiver, by, maker, checker
    ):
        by(maker)
        claim = hand_in(session, caregiver)
        session.execute(
            text("UPDATE attendance_month SET days = 3 WHERE caregiver_id = :id"
                 " AND month = '2026-06-01'"), {"id": caregiver.id}
        )  # fmt: skip
        reckoned(session, caregiver)
        by(checker)

        with pytest.raises(ClaimOutOfDate):
            claiming.accept(session, claim.id)
        claiming.give_back(session, claim.id, words="6 月出勤不足")
        by(maker)
        assert claiming.hand_in_again(session, claim.id).amount_fen == 5 * 500_00


class TestTheDatabase:
    """What services say kindly, the tables refuse by themselves."""

    @pytest.fixture
    def claim(self, session, caregiver):
        return hand_in(session, caregiver)

    def test_a_claim_is_not_decided_by_its_maker(self, session, claim, maker):
        with pytest.raises(DBAPIError, match="not_decided_by_its_maker"):
            session.execute(
                text("UPDATE allowance_claim SET handed_in_by = :who, decided_by = :who"),
                {"who": maker.id},
            )

    def test_a_claim_is_not_given_back_without_words(self, session, claim):
        claim.state, claim.decided_at = ClaimState.RETURNED, clock.now()

        with pytest.raises(DBAPIError, match="returned_with_words"):
            session.flush()

    def test_no_month_stands_in_two_claims(self, session, claim, caregiver):
        other = AllowanceClaim(**claim.model_dump(exclude={"id"}))
        session.add(other)
        session.flush()
        line = get_claim(session, claim.id).lines[0]
        session.add(
            AllowanceClaimLine(
                claim_id=other.id, entitlement_id=line.entitlement_id, caregiver_id=caregiver.id,
                programme=POST, period=line.period, amount_fen=line.amount_fen,
            )
        )  # fmt: skip

        with pytest.raises(DBAPIError, match="claimed_once"):
            session.flush()

    def test_nothing_is_claimed_without_a_right_to_it(self, session, claim, caregiver):
        claiming.withdraw(session, claim.id)
        other = hand_in(session, caregiver)
        line = get_claim(session, other.id).lines[0]
        session.execute(text("UPDATE allowance_claim_line SET is_live = false"))
        session.add(
            AllowanceClaimLine(
                claim_id=other.id, entitlement_id=line.entitlement_id + 1,
                caregiver_id=caregiver.id, programme=POST, period=line.period,
                amount_fen=line.amount_fen,
            )
        )  # fmt: skip

        with pytest.raises(DBAPIError, match="without a right to it"):
            session.flush()


def test_two_lines_of_one_month_are_said_as_claimed():
    assert IsClaimed.code == "allowance-is-claimed"
    assert IN_JULY.tzinfo is clock.CITY


class TestChangedEmployer:
    """Years at a former employer count, and whoever keeps the file now hands in the claim."""

    @pytest.fixture
    def moved(self, session, desks, in_july):
        """Left the near home after a year; the far one keeps the file since."""
        caregiver = make_complete(session, desks.near, months=[])
        by_id = select(Employment).where(col(Employment.caregiver_id) == caregiver.id)
        former = session.exec(by_id).one()
        former.ends_on, former.leaving_reason = date(2024, 8, 1), LeavingReason.RESIGNED
        session.flush()
        make_contract(
            session, make_employment(session, caregiver, desks.far, starts_on=former.ends_on)
        )
        caregiver.keeper_site_id = desks.far.id
        session.flush()
        return caregiver.id

    def test_the_new_home_is_shown_what_it_may_hand_in(self, desks, moved):
        with desks.at(desks.far) as session:
            shown = claiming.list_claimable(session, moved)
        entry = next(one for one in shown if one.programme is ENTRY)

        assert [line.period for line in entry.lines] == ["1", "2"]

    def test_the_claim_is_of_the_home_that_keeps_the_file(self, desks, moved):
        with desks.at(desks.far) as session:
            claim = claiming.hand_in(session, caregiver_id=moved, programme=ENTRY)
            made = claim.site_id, claim.period, claim.amount_fen

        assert made == (desks.far.id, "1/2", 2 * 15_000_00)
