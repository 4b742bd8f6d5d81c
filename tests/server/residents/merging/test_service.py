"""Two files of one person become one, with both histories, and two again by the journal."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import NotFound
from server.identity.models import Role
from server.meals.errors import NobodyToFeed
from server.meals.models import BookedBy
from server.meals.service import book_meal
from server.residents import grants, register, rules
from server.residents.departures.models import Departure, DepartureKind
from server.residents.departures.service import report_departure
from server.residents.errors import (
    MergeCollides,
    MergedInto,
    MergeIsDecided,
    MergeStays,
    MergeUnusable,
    OwnProposal,
    PairIsDecided,
)
from server.residents.facts.models import Hukou, HukouKind
from server.residents.meant import get_meant
from server.residents.merging import moving, service
from server.residents.models import Relation, ResidentContact, SpecialCare
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.assessments import Office, hand_in
from tests.factories.assessments import confirm as confirm_level
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import (
    LONG_AGO,
    an_id_number,
    make_account,
    make_hardship,
    make_resident,
    make_sign_in,
)
from tests.factories.twins import OTHER_PHONE, PHONE, Twins, pair_of
from tests.factories.wallets import make_wallet

# What may differ once a merge was made and undone: the record of just that.
RECORDS = {"resident_merge", "act", "trail_entry", "trail_seal", "trail_anchor", "sign_in"}
MINE = "SELECT count(*) FROM {table} WHERE resident_id = :id"


def count(session, table, resident):
    session.commit()
    return session.execute(text(MINE.format(table=table)), {"id": resident.id}).scalar_one()


def everything(session):
    """Return table → its rows as text, of all tables but the records of merging itself."""
    session.commit()
    tables = session.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'city_1405' ORDER BY 1")
    ).scalars()
    readable = [one for one in tables if one not in RECORDS | {"context_secret"}]
    return {
        table: sorted(session.execute(text(f"SELECT t::text FROM {table} AS t")).scalars())
        for table in readable
    }


def value_of(session, resident, column):
    session.commit()
    query = text(f"SELECT {column} FROM resident WHERE id = :id")
    return session.execute(query, {"id": resident.id}).scalar_one()


class TestMerging:
    def test_everything_of_the_other_is_in_the_file_that_is_kept(
        self, session, twins, propose, confirm
    ):
        confirm(propose())

        assert count(session, "booking", twins.one) == 2
        assert count(session, "hardship_period", twins.one) == 2
        assert count(session, "special_care_period", twins.one) == 2
        assert count(session, "opening", twins.one) == 1
        for table in ("booking", "hardship_period", "special_care_period", "opening"):
            assert count(session, table, twins.other) == 0

    def test_the_account_of_the_other_acts_for_the_one_that_is_kept(
        self, session, twins, propose, confirm
    ):
        token = make_sign_in(session, account=twins.account)
        session.commit()
        confirm(propose())

        with (
            acting(Act(Face.PHONE, "tests", "test", token=token)),
            sessions.transaction() as phone,
        ):
            assert sessions.actor_of(phone).own_resident_ids == (twins.one.id,)

    def test_a_helper_of_both_helps_once(self, session, twins, propose, confirm):
        confirm(propose())

        helpers = grants.list_helpers(session, twins.one.id)
        lasting = [one.account_id for one in helpers if one.lasts]
        assert sorted(lasting) == sorted([twins.daughter.id, twins.account.id])
        left = "SELECT ends_on FROM resident_grant WHERE resident_id = :id"
        ends = session.execute(text(left), {"id": twins.other.id}).scalars().all()
        assert ends == [clock.today()]

    def test_a_site_that_knows_both_knows_the_kept_one_for_as_long(
        self, session, twins, propose, confirm
    ):
        days = "SELECT ends_on FROM care_link WHERE resident_id = :id"
        longer = session.execute(text(days), {"id": twins.other.id}).scalar_one()
        confirm(propose())
        session.commit()

        kept = session.execute(text(days), {"id": twins.one.id}).scalars().all()
        assert kept == [longer]

    def test_chosen_fields_are_taken_and_the_rest_stays(self, session, twins, propose, confirm):
        confirm(propose(taken=["phone"]))

        assert value_of(session, twins.one, "phone") == OTHER_PHONE
        assert value_of(session, twins.other, "phone") == PHONE
        assert value_of(session, twins.one, "address") == "建设路 1 号"

    def test_the_id_number_goes_to_whoever_is_kept(self, session, county, twins, propose, confirm):
        confirm(propose(kept=twins.other.id))

        with county.at_work() as office:
            wanted = rules.read_search(an_id_number(801))
            assert [row.id for row in register.search(office, wanted)] == [twins.other.id]

    def test_nothing_personal_stands_in_the_journal(self, session, twins, propose, confirm):
        merge_id = propose(taken=["phone", "address"])
        confirm(merge_id)

        journal = session.execute(
            text("SELECT journal::text FROM resident_merge WHERE id = :id"), {"id": merge_id}
        ).scalar_one()
        for personal in (PHONE, OTHER_PHONE, "建设路", "李秀英"):
            assert personal not in journal

    def test_who_was_merged_is_found_nowhere(self, session, county, twins, propose, confirm):
        confirm(propose())

        with county.at_work() as office:
            found = register.search(office, rules.read_search("李秀英"))
            assert [row.id for row in found] == [twins.one.id]
            assert get_meant(office, name="李秀英", id_number=None, born_on=twins.one.born_on) == (
                twins.one.id
            )

    def test_the_old_number_leads_to_the_one_that_is_kept(
        self, session, county, twins, propose, confirm
    ):
        confirm(propose())

        with county.at_work() as office, pytest.raises(MergedInto) as told:
            register.get_person(office, twins.other.id)
        assert told.value.facts == {"resident_id": twins.one.id}

    def test_no_meal_is_booked_for_the_old_number(self, session, twins, propose, confirm):
        confirm(propose())
        sitting = make_sitting(session, twins.canteen, in_days=4)

        with pytest.raises((NotFound, NobodyToFeed)):
            book_meal(
                session,
                sitting_id=sitting.id,
                resident_id=twins.other.id,
                booked_by=BookedBy.STAFF,
            )

    def test_what_was_done_for_the_other_is_told_in_the_kept_file(
        self, session, twins, propose, confirm
    ):
        told = Act(Face.COMMAND, "meals.told", "test", service=True, for_resident_id=twins.other.id)
        with acting(told), sessions.transaction():
            pass
        confirm(propose())

        acts = grants.list_acts_for(session, twins.one.id, limit=9)
        assert "meals.told" in [act.action for act in acts]

    def test_levels_go_along_and_their_paper_still_fits(
        self, session, worker, county, twins, propose, confirm
    ):
        from_before = confirm_level(county, hand_in(worker, twins.other.id))
        assert from_before is not None
        confirm(propose())

        assert count(session, "assessment", twins.one) == 1

    def test_every_moved_row_has_its_line_in_the_trail(self, session, twins, propose, confirm):
        confirm(propose())
        session.commit()

        last = "SELECT body FROM trail_entry WHERE table_name = 'booking' ORDER BY id DESC LIMIT 1"
        body = json.loads(session.execute(text(last)).scalar_one())
        assert body["old"] == {"resident_id": twins.other.id}
        assert body["new"] == {"resident_id": twins.one.id}


class TestWhoDecides:
    def test_whoever_proposes_does_not_confirm(self, twins, county, propose, confirm):
        merge_id = propose(office=county)

        with pytest.raises(OwnProposal):
            confirm(merge_id)

    def test_the_database_says_so_too(self, session, twins, county, propose):
        merge_id = propose(office=county)
        by_oneself = text(
            "UPDATE resident_merge SET state = 'declined', decided_at = proposed_at,"
            " decided_by = proposed_by WHERE id = :id"
        )

        with pytest.raises(IntegrityError, match="not_decided_by_its_proposer"):
            session.execute(by_oneself, {"id": merge_id})

    def test_a_pair_has_one_proposal_at_a_time(self, twins, propose):
        propose()

        with pytest.raises(PairIsDecided):
            propose()

    def test_a_proposal_that_was_given_back_can_be_made_again(self, twins, county, propose):
        with county.at_work() as session:
            service.decline_merge(session, propose(), note="请先核对户口簿")

        assert propose()

    def test_whoever_proposed_may_take_it_back(self, twins, worker, propose):
        merge_id = propose()
        with worker.at_work() as session:
            service.decline_merge(session, merge_id, note="看错了")

        assert propose()

    def test_a_merge_is_done_once(self, twins, propose, confirm):
        merge_id = propose()
        confirm(merge_id)

        with pytest.raises(MergeIsDecided):
            confirm(merge_id)

    def test_an_officer_of_another_county_finds_no_such_pair(self, session, twins, propose):
        elsewhere = Office(session, Role.COUNTY_OFFICER, "140521")
        session.commit()

        with pytest.raises(NotFound):
            propose(office=elsewhere)

    @pytest.mark.parametrize("wish", [{"kept": 1}, {"taken": ["name"]}])
    def test_only_one_of_the_two_is_kept_and_only_some_fields_are_chosen(
        self, twins, propose, wish
    ):
        with pytest.raises(MergeUnusable):
            propose(**wish)

    def test_rows_move_between_merged_residents_alone(self, session, twins):
        values = {"table": "booking", "column": "resident_id", "keys": None,
                  "origin": twins.other.id, "target": twins.one.id}  # fmt: skip

        with pytest.raises(DBAPIError, match="merged residents alone"):
            session.execute(moving.MOVE, values)


class Collisions:
    """Ways in which two files contradict each other."""

    @staticmethod
    def hardship(session, twins):
        make_hardship(session, twins.one, starts_on=date(2022, 1, 1))

    @staticmethod
    def special_care(session, twins):
        twins.care_for(session, twins.one, SpecialCare.EMPTY_NEST)

    @staticmethod
    def meal(session, twins):
        twins.book(session, twins.dinner, twins.one)

    @staticmethod
    def wallets(session, twins):
        canteen = make_canteen(session)
        for one in (twins.one, twins.other):
            make_wallet(session, one, canteen)

    @staticmethod
    def number(session, twins):
        session.execute(
            text(
                "UPDATE resident SET id_number_cipher = 'x'::bytea, id_number_digest = 'x'::bytea"
                " WHERE id = :id"
            ),
            {"id": twins.other.id},
        )

    @staticmethod
    def departure(session, twins):
        session.add(
            Departure(
                resident_id=twins.other.id,
                kind=DepartureKind.DIED,
                happened_on=clock.today() - timedelta(days=1),
                source="window",
                reported_at=clock.now(),
                effects=[],
            )
        )
        session.flush()


@pytest.mark.parametrize(
    ("collide", "code", "days"),
    [
        (Collisions.hardship, "hardship-overlaps", ("2022-01-01",)),
        (Collisions.special_care, "special-care-twice", (LONG_AGO.isoformat(),)),
        (Collisions.meal, "meal-booked-twice", None),
        (Collisions.wallets, "wallets-twice", None),
        (Collisions.number, "two-id-numbers", ()),
        (Collisions.departure, "somebody-is-gone", None),
    ],
)
class TestCollisions:
    def test_it_is_named_before_anything_moves(self, session, twins, propose, collide, code, days):
        collide(session, twins)
        session.commit()

        with pytest.raises(MergeCollides) as told:
            propose()

        [collision] = told.value.facts["collisions"]
        assert collision["code"] == code
        assert collision["days"] == days if days is not None else len(collision["days"]) == 1

    def test_it_is_named_at_the_confirmation_too_and_nothing_moves(
        self, session, twins, propose, confirm, collide, code, days
    ):
        merge_id = propose()
        collide(session, twins)
        session.commit()
        before = everything(session)

        with pytest.raises(MergeCollides):
            confirm(merge_id)

        assert everything(session) == before


@pytest.mark.parametrize("collide", [Collisions.hardship, Collisions.special_care, Collisions.meal])
def test_what_nobody_foresaw_is_refused_by_the_database_and_moves_nothing(
    session, twins, propose, confirm, collide, monkeypatch
):
    merge_id = propose()
    collide(session, twins)
    session.commit()
    before = everything(session)
    monkeypatch.setattr(service, "find_collisions", lambda session, **_: [])

    with pytest.raises(MergeCollides) as told:
        confirm(merge_id)

    assert told.value.facts["constraint"]
    assert everything(session) == before


class TestUndoing:
    @pytest.mark.parametrize("taken", [(), ("phone",), moving.CHOOSABLE])
    @pytest.mark.parametrize("kept", ["one", "other"])
    def test_merging_and_undoing_leaves_every_row_as_it_was(
        self, session, worker, county, twins, propose, confirm, undo, taken, kept
    ):
        confirm_level(county, hand_in(worker, twins.other.id))
        before = everything(session)
        merge_id = propose(kept=getattr(twins, kept).id, taken=taken)

        confirm(merge_id)
        assert everything(session) != before
        undo(merge_id)

        assert everything(session) == before

    def test_what_was_done_since_stays_with_the_kept_one(
        self, session, twins, propose, confirm, undo
    ):
        merge_id = propose()
        confirm(merge_id)
        new = twins.book(session, make_sitting(session, twins.canteen, in_days=3), twins.one)
        session.commit()
        undo(merge_id)

        whose = dict(session.execute(text("SELECT id, resident_id FROM booking")).all())
        assert whose[new] == twins.one.id
        assert whose[twins.booking_id] == twins.other.id

    def test_a_field_that_was_corrected_since_is_named(
        self, session, twins, propose, confirm, undo
    ):
        merge_id = propose(taken=["phone"])
        confirm(merge_id)
        session.execute(
            text("UPDATE resident SET phone = '+8613900000000' WHERE id = :id"),
            {"id": twins.one.id},
        )
        session.commit()

        with pytest.raises(MergeStays) as told:
            undo(merge_id)
        assert told.value.facts == {"blockers": ["changed-phone"]}

    def test_a_death_reported_since_is_named(self, session, twins, propose, confirm, undo):
        merge_id = propose()
        confirm(merge_id)
        report_departure(
            session,
            resident_id=twins.one.id,
            kind=DepartureKind.DIED,
            happened_on=clock.today() - timedelta(days=1),
        )
        session.commit()

        with pytest.raises(MergeStays) as told:
            undo(merge_id)
        assert told.value.facts == {"blockers": ["departure-since"]}

    def test_a_row_that_is_gone_is_named_and_nothing_moves(
        self, session, twins, propose, confirm, undo
    ):
        merge_id = propose()
        confirm(merge_id)
        session.execute(
            text(
                "UPDATE resident_merge SET journal = jsonb_set(journal, '{moved}',"
                ' journal -> \'moved\' || \'[{"table": "booking", "column": "resident_id",'
                ' "keys": [[999999]]}]\') WHERE id = :id'
            ),
            {"id": merge_id},
        )
        session.commit()
        before = everything(session)

        with pytest.raises(MergeStays) as told:
            undo(merge_id)
        assert told.value.facts == {"blockers": ["gone-booking"]}
        assert everything(session) == before

    def test_of_two_merges_the_later_is_undone_first(self, session, twins, propose, confirm, undo):
        third = make_resident(session, name="李秀英", id_number=None, phone=PHONE)
        session.commit()
        with_session = session
        service.flag_duplicates_of(with_session, [third.id])
        session.commit()
        first = propose(kept=twins.other.id)
        confirm(first)
        pair_id = pair_of(session, twins.other.id, third.id)
        second = propose(pair_id=pair_id, kept=third.id)
        confirm(second)

        with pytest.raises(MergeStays) as told:
            undo(first)
        assert told.value.facts == {"blockers": ["merged-again"]}
        assert count(session, "booking", third) == 2

        undo(second)
        undo(first)
        assert count(session, "booking", twins.one) == 1

    def test_the_pair_can_be_decided_again(self, twins, propose, confirm, undo):
        merge_id = propose()
        confirm(merge_id)
        undo(merge_id)

        assert propose()

    def test_it_is_undone_once(self, twins, propose, confirm, undo):
        merge_id = propose()
        confirm(merge_id)
        undo(merge_id)

        with pytest.raises(MergeIsDecided):
            undo(merge_id)


def test_a_pair_across_counties_is_for_the_city_alone(session, twins, propose, worker):
    far = make_resident(
        session, name="李秀英", phone=PHONE, id_number=None, village_code=OTHER_COUNTY_VILLAGE
    )
    make_account(session, far)
    service.flag_duplicates_of(session, [far.id])
    session.commit()
    pair_id = pair_of(session, twins.one.id, far.id)
    city = Office(session, Role.CITY_OFFICER, "1405")
    session.commit()

    with pytest.raises(NotFound):
        propose(pair_id=pair_id)
    assert propose(pair_id=pair_id, office=city)


def test_twins_have_what_every_table_can_hold(session):
    """Else undoing could forget one."""
    twins = Twins(session)
    ids = {"one": twins.one.id, "other": twins.other.id}
    held = session.execute(
        text("SELECT count(*) FROM care_link WHERE resident_id IN (:one, :other)"), ids
    ).scalar_one()
    assert held == 2


class FactsOfBoth:
    """A fact of each kind that both files hold for the same days."""

    @staticmethod
    def hukou(session, resident):
        session.add(Hukou(resident_id=resident.id, kind=HukouKind.UNIFIED, place="长治",
                          starts_on=LONG_AGO))  # fmt: skip

    @staticmethod
    def contact(session, resident):
        session.add(ResidentContact(resident_id=resident.id, name="李小雨", phone="+8613912340003",
                                    relation=Relation.CHILD))  # fmt: skip


@pytest.mark.parametrize(
    ("note", "code"),
    [(FactsOfBoth.hukou, "hukou-overlaps"), (FactsOfBoth.contact, "contact-twice")],
)
class TestFacts:
    def test_what_both_have_is_named(self, session, twins, propose, note, code):
        for resident in (twins.one, twins.other):
            note(session, resident)
        session.commit()

        with pytest.raises(MergeCollides) as told:
            propose()
        assert [one["code"] for one in told.value.facts["collisions"]] == [code]

    def test_what_one_has_goes_along_and_comes_back(
        self, session, twins, propose, confirm, undo, note, code
    ):
        note(session, twins.other)
        before = everything(session)
        merge_id = propose()
        confirm(merge_id)
        assert everything(session) != before
        undo(merge_id)

        assert everything(session) == before
