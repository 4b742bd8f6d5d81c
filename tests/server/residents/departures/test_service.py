"""A death ends everything from the day after, once, and a mistake is undone."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.errors import NotFound
from server.identity.queries import find_account
from server.residents.departures import queries
from server.residents.departures.models import Departure, DepartureKind
from server.residents.departures.reports import Report
from server.residents.departures.rules import Outcome
from server.residents.departures.service import (
    report_departure,
    report_departure_of,
    report_departures,
    reverse_departure,
)
from server.residents.errors import (
    DepartureContradicts,
    DepartureDayImpossible,
    DepartureWasReversed,
    LaterDepartureStands,
    NameDisagrees,
    PersonAmbiguous,
)
from server.residents.grants import let_sign_in
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.people import (
    an_id_number,
    make_account,
    make_hardship,
    make_resident,
    make_sign_in,
    make_staff,
)

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


def column(session, query, **values):
    return session.execute(text(query), values).scalars().all()


def only_departure(session):
    [departure] = session.execute(text("SELECT id FROM departure")).scalars()
    return departure


def acted_for_by(token):
    with (
        acting(Act(Face.PHONE, "tests", "test", token=token)),
        transaction(writes=False) as session,
    ):
        return session.info["actor"].resident_ids


class TestADeath:
    def test_the_register_follows_the_report(self, session, house, report):
        assert report() is Outcome.RECORDED

        session.refresh(house.father)
        assert (house.father.died_on, house.father.moved_away_on) == (YESTERDAY, None)

    def test_grants_hardship_and_the_usual_canteen_end_the_day_after(self, session, house, report):
        report()

        session.refresh(house.father)
        assert house.father.usual_canteen_id is None
        ends = "SELECT ends_on FROM {} WHERE resident_id = :father"
        for table in ("resident_grant", "hardship_period", "special_care_period"):
            assert set(column(session, ends.format(table), father=house.father.id)) == {TODAY}

    def test_a_helper_keeps_whom_else_she_helps(self, session, house, report):
        report()
        session.commit()

        assert acted_for_by(house.daughter_token) == (house.neighbour.id,)

    def test_the_account_that_acts_for_nobody_any_more_is_closed(self, session, house, report):
        report()

        session.refresh(house.account)
        assert house.account.closed_at is not None
        assert find_account(session, house.account.phone) is None
        assert find_account(session, house.daughter.phone) is not None
        revoked = "SELECT revoked_at IS NOT NULL FROM sign_in WHERE account_id = :account"
        assert column(session, revoked, account=house.account.id) == [True]
        assert column(session, revoked, account=house.daughter.id) == [False]

    def test_a_phone_that_a_couple_shares_stays_open_for_the_other(self, session, house, report):
        mother = make_resident(session)
        shared = make_account(session, house.father, mother)

        report()

        session.refresh(shared)
        assert shared.closed_at is None

    def test_reported_on_the_day_itself_everything_holds_until_its_end(
        self, session, house, report
    ):
        report(days_ago=0)

        ends = column(session, "SELECT ends_on FROM resident_grant WHERE ends_on IS NOT NULL")
        assert set(ends) == {TODAY + timedelta(days=1)}

    def test_the_journal_says_what_was_done(self, session, house, report):
        report()

        [effects] = column(session, "SELECT effects FROM departure")
        counted = Counter(entry["table"] for entry in effects)
        del counted["care_link"]  # Shorter only where the bookings reached into another month.
        assert counted == {
            "account": 1,
            "booking": 3,
            "hardship_period": 1,
            "resident.usual_canteen_id": 1,
            "resident_grant": 2,
            "special_care_period": 1,
        }
        [hardship] = [entry for entry in effects if entry["table"] == "hardship_period"]
        assert hardship == {
            "table": "hardship_period",
            "key": house.hardship.id,
            "before": None,
            "after": TODAY.isoformat(),
        }

    def test_hardship_that_began_after_the_death_is_a_finding(self, session, house, report):
        house.hardship.ends_on = TODAY - timedelta(days=30)
        late = make_hardship(session, house.father, starts_on=TODAY - timedelta(days=3))

        report(days_ago=10)

        [finding] = session.execute(text("SELECT * FROM finding")).all()
        assert (finding.kind, finding.state) == ("hardship_after_departure", "open")
        assert finding.subject == f"hardship_period:{late.id}"
        session.refresh(late)
        assert late.ends_on == late.starts_on, "it never held"


class TestWhatIsRefused:
    @pytest.mark.parametrize("days_ago", [-1, 40_000])
    def test_a_day_that_cannot_be(self, report, days_ago):
        with pytest.raises(DepartureDayImpossible):
            report(days_ago=days_ago)

    def test_another_day_than_the_one_that_stands(self, report):
        report(days_ago=3)

        with pytest.raises(DepartureContradicts) as refusal:
            report(days_ago=2)
        assert refusal.value.facts == {"happened_on": (TODAY - timedelta(days=3)).isoformat()}

    def test_a_report_that_was_a_mistake_before(self, session, report):
        report(source="feed", reference="A1")
        reverse_departure(session, only_departure(session), reason="认错了人")

        with pytest.raises(DepartureWasReversed):
            report(source="feed", reference="A1")

    def test_the_database_holds_one_standing_report_of_a_kind(self, session, house, report):
        report()

        with pytest.raises(IntegrityError, match="uq_departure_one_standing"):
            session.execute(
                text(
                    "INSERT INTO departure (resident_id, kind, happened_on, source, reported_at,"
                    " effects) SELECT resident_id, kind, happened_on, 'x', reported_at, '[]'"
                    " FROM departure"
                )
            )

    def test_the_database_refuses_tomorrow(self, session, house):
        ahead = Departure(
            resident_id=house.father.id,
            kind=DepartureKind.DIED,
            happened_on=TODAY + timedelta(days=1),
            source="x",
            reported_at=clock.now(),
            effects=[],
        )
        session.add(ahead)

        with pytest.raises(IntegrityError, match="ck_departure_has_happened"):
            session.flush()

    @pytest.mark.parametrize("day", ["died_on", "moved_away_on"])
    def test_the_database_refuses_a_day_before_the_birth(self, session, house, day):
        with pytest.raises(IntegrityError, match="after_birth"):
            session.execute(text(f"UPDATE resident SET {day} = born_on - 1"))


class TestTheSameFeedAgain:
    def test_nothing_happens_twice(self, session, house, report):
        report(source="feed", reference="A1")
        before = session.execute(text("SELECT * FROM departure")).all()

        assert report(source="feed", reference="A1") is Outcome.UNCHANGED
        assert session.execute(text("SELECT * FROM departure")).all() == before

    def test_a_batch_knows_its_own_reports(self, session, house):
        died = Report(house.father.id, DepartureKind.DIED, YESTERDAY, "feed", "A1")
        again = Report(house.father.id, DepartureKind.DIED, YESTERDAY, "feed", "A2")
        moved = Report(house.neighbour.id, DepartureKind.MOVED_AWAY, TODAY, "feed", "A3")

        outcomes = report_departures(session, [died, again, moved])

        assert outcomes == [Outcome.RECORDED, Outcome.UNCHANGED, Outcome.RECORDED]
        assert len(queries.list_departures(session, house.father.id)) == 1

    def test_both_kinds_at_once_end_things_from_the_earlier_day(self, session, house):
        reports = [
            Report(house.father.id, DepartureKind.DIED, TODAY, "feed", "A1"),
            Report(house.father.id, DepartureKind.MOVED_AWAY, YESTERDAY, "feed", "A2"),
        ]

        report_departures(session, reports)

        session.refresh(house.father)
        assert (house.father.died_on, house.father.moved_away_on) == (TODAY, YESTERDAY)
        session.refresh(house.hardship)
        assert house.hardship.ends_on == TODAY


class TestAReversal:
    def test_everything_comes_back(self, session, house, report):
        tables = ("resident_grant", "hardship_period", "special_care_period", "care_link")
        state = [
            *(f"SELECT * FROM {table} ORDER BY 1, 2" for table in tables),
            "SELECT id, status, cancelled_at, cancel_reason FROM booking ORDER BY id",
            "SELECT id, booked FROM sitting ORDER BY id",
            "SELECT id, died_on, usual_canteen_id FROM resident ORDER BY id",
            "SELECT id, closed_at FROM account ORDER BY id",
        ]
        before = [session.execute(text(query)).all() for query in state]
        report()

        reversal = reverse_departure(session, only_departure(session), reason="认错了人")

        assert reversal.lost == []
        assert [session.execute(text(query)).all() for query in state] == before

    def test_sign_in_is_possible_again_and_no_device_is_signed_in(self, session, house, report):
        report()
        reverse_departure(session, only_departure(session), reason="认错了人")
        session.commit()

        assert find_account(session, house.account.phone).id == house.account.id
        assert acted_for_by(house.token) == ()
        session.rollback()
        fresh = make_sign_in(session, account=house.account)
        session.commit()
        assert acted_for_by(fresh) == (house.father.id,)

    def test_what_somebody_changed_since_stays_and_is_listed(self, session, house, report):
        report()
        make_hardship(session, house.father, starts_on=TODAY)

        reversal = reverse_departure(session, only_departure(session), reason="认错了人")

        assert [(entry.table, entry.key) for entry in reversal.lost] == [
            ("hardship_period", house.hardship.id)
        ]
        [effects] = column(session, "SELECT effects FROM departure")
        assert [entry["table"] for entry in effects if not entry["is_back"]] == ["hardship_period"]

    def test_its_findings_are_withdrawn(self, session, house, report):
        house.hardship.starts_on = YESTERDAY
        report(days_ago=5)

        reverse_departure(session, only_departure(session), reason="认错了人")

        assert column(session, "SELECT state FROM finding") == ["withdrawn"]

    def test_twice_is_as_good_as_once(self, session, house, report):
        report()
        first = reverse_departure(session, only_departure(session), reason="认错了人")

        again = reverse_departure(session, only_departure(session), reason="又一次")

        assert again.was_reversed_before
        assert (again.came_back, again.lost) == (first.came_back, first.lost)
        assert column(session, "SELECT reversal_reason FROM departure") == ["认错了人"]

    def test_the_later_report_is_reversed_first(self, session, house, report):
        report(DepartureKind.MOVED_AWAY, days_ago=9)
        report(DepartureKind.DIED)
        later, earlier = queries.list_departures(session, house.father.id)

        with pytest.raises(LaterDepartureStands):
            reverse_departure(session, earlier.id, reason="x")
        reverse_departure(session, later.id, reason="x")
        reverse_departure(session, earlier.id, reason="x")

        session.refresh(house.hardship)
        assert house.hardship.ends_on is None

    def test_one_of_a_couple_can_sign_in_again_whoever_died_last(self, session, house, report):
        mother = make_resident(session)
        shared = make_account(session, house.father, mother)
        report()
        report_departure(session, resident_id=mother.id, kind=DepartureKind.DIED, happened_on=TODAY)
        session.refresh(shared)
        assert shared.closed_at is not None

        [fathers] = queries.list_departures(session, house.father.id)
        reverse_departure(session, fathers.id, reason="认错了人")

        session.refresh(shared)
        assert shared.closed_at is None


def test_the_phone_goes_on_to_the_widow(session, house, report):
    widow = make_resident(session)
    report()

    let_sign_in(session, widow.id, phone=house.account.phone)

    session.refresh(house.account)
    assert house.account.closed_at is None
    token = make_sign_in(session, account=house.account)
    session.commit()
    assert acted_for_by(token) == (widow.id,)
    assert acted_for_by(house.token) == ()


def test_a_phone_that_its_holder_gave_up_stays_closed(session, house):
    house.account.closed_at = clock.now()
    session.flush()

    let_sign_in(session, house.neighbour.id, phone=house.account.phone)

    session.refresh(house.account)
    assert house.account.closed_at is not None


class TestTheReporter:
    """Someone at a window, with an office over a division."""

    def as_staff(self, session, role, **scope):
        staff = make_staff(session, role, **scope)
        token = make_sign_in(session, staff=staff)
        session.commit()
        return staff, acting(Act(Face.CONSOLE, "tests", "test", token=token))

    def report(self, resident):
        with transaction() as session:
            return report_departure(
                session,
                resident_id=resident.id,
                kind=DepartureKind.DIED,
                happened_on=YESTERDAY,
            )

    def test_ends_what_lies_beyond_their_own_sight_and_the_trail_names_them(self, session, house):
        """The worker sees one village; the accounts and other counties' canteens she does not."""
        staff, at_the_window = self.as_staff(session, "community_worker", division_code=VILLAGE)

        with at_the_window:
            assert self.report(house.father) is Outcome.RECORDED

        session.refresh(house.account)
        assert house.account.closed_at is not None
        assert set(column(session, "SELECT status FROM booking")) == {"cancelled"}
        assert column(session, "SELECT reported_by FROM departure") == [staff.id]

    def test_sees_no_more_afterwards_than_before(self, session, house):
        _, at_the_window = self.as_staff(session, "community_worker", division_code=VILLAGE)
        far = make_resident(session, village_code=OTHER_COUNTY_VILLAGE)
        session.commit()

        with at_the_window, transaction() as own:
            report_departure(
                own, resident_id=house.father.id, kind=DepartureKind.DIED, happened_on=TODAY
            )
            assert far.id not in column(own, "SELECT id FROM resident")
            assert column(own, "SELECT id FROM sign_in WHERE account_id IS NOT NULL") == []

    @pytest.mark.parametrize(
        ("role", "scope"),
        [
            ("community_worker", {"division_code": OTHER_COUNTY_VILLAGE}),
            ("canteen_staff", {"site_id": "canteen"}),
        ],
    )
    def test_whoever_has_no_office_over_the_village_reports_nobody(
        self, session, house, role, scope
    ):
        if scope.get("site_id"):
            scope = {"site_id": house.canteen.site_id}
        _, at_the_window = self.as_staff(session, role, **scope)

        with at_the_window, pytest.raises(NotFound):
            self.report(house.father)

    def test_a_daughter_reports_nobody_either(self, session, house):
        session.commit()

        by_phone = Act(Face.PHONE, "tests", "test", token=house.daughter_token)
        with acting(by_phone), pytest.raises(NotFound):
            self.report(house.father)


def test_neither_the_canteen_nor_a_helper_reads_who_is_reported(session, house, report):
    cook = make_staff(session, "canteen_staff", site_id=house.canteen.site_id)
    tokens = [make_sign_in(session, staff=cook), house.daughter_token]
    report()
    session.commit()

    for token in tokens:
        act = Act(Face.CONSOLE, "tests", "test", token=token)
        with acting(act), transaction(writes=False) as theirs:
            assert column(theirs, "SELECT id FROM departure") == []


def test_a_whole_feed_takes_as_many_statements_as_one_report(session, house, statements):
    residents = [make_resident(session) for _ in range(12)]
    reports = [
        Report(one.id, DepartureKind.DIED, YESTERDAY, "feed", f"A{one.id}") for one in residents
    ]

    with statements() as one:
        report_departures(session, reports[:1])
    with statements() as many:
        report_departures(session, reports[1:])

    # A few of each context that owes somebody something, however many people the feed names.
    assert len(many) == len(one) <= 40


class TestSomebodyNamedByAnotherSystem:
    def named(self, session, **given):
        values = {
            "name": "李德善",
            "kind": DepartureKind.DIED,
            "happened_on": YESTERDAY,
            "source": "funeral-homes",
            "reference": "F1",
        }
        return report_departure_of(session, **values | given)

    @pytest.fixture
    def known(self, session):
        return make_resident(session, name="李德善", id_number=an_id_number(900))

    @pytest.mark.parametrize(
        "given", [{"id_number": an_id_number(900)}, {"born_on": date(1944, 5, 6)}]
    )
    def test_is_found_by_number_or_by_name_and_birthday(self, session, known, given):
        assert self.named(session, **given) is Outcome.RECORDED

        session.refresh(known)
        assert known.died_on == YESTERDAY

    def test_is_not_guessed(self, session, known):
        make_resident(session, name="李德善", id_number=None)

        with pytest.raises(PersonAmbiguous):
            self.named(session, born_on=date(1944, 5, 6))
        with pytest.raises(NameDisagrees):
            self.named(session, name="李德美", id_number=an_id_number(900))
        with pytest.raises(NotFound):
            self.named(session, name="李德美", born_on=date(1944, 5, 6))
