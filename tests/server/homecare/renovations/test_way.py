"""A renovation from the application to the settled grant, and every refusal on the way."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from server.errors import NotAllowed, NotFound
from server.homecare.errors import NeedsMissing
from server.homecare.renovations import applying, building, photos, quoting, surveying
from server.homecare.renovations.errors import (
    AddressMissing,
    ItemNotOffered,
    NeedNotedAlready,
    QuoteChanged,
    QuoteUnusable,
    RenovationAcceptedAlready,
    RenovationInvoiceTaken,
    RenovationNotSo,
)
from server.homecare.renovations.models import PhotoPhase, RenovationEnd, RenovationMove, Room
from server.homecare.renovations.states import RenovationState, RenovationStep
from tests.factories.people import make_account, make_hardship, make_resident
from tests.factories.renovations import PRICE_FEN, Renewal, of_a_room

COST_FEN = 3 * PRICE_FEN
FAR_AWAY = {"x": 112.95, "y": 35.49}


def steps_of(session, number):
    query = select(RenovationMove.step).where(RenovationMove.renovation_id == number)
    return list(session.execute(query.order_by(RenovationMove.id)).scalars())


def lacking(refused):
    return refused.value.facts["needs"]


def test_a_home_goes_all_the_way_and_each_step_is_written_down(session, renewal, now):
    done = now(renewal.to("settled"))

    assert (done.state, done.due_on) == (RenovationState.SETTLED, None)
    assert steps_of(session, done.id) == [
        "apply", "take_up", "survey", "quote", "agree", "finish", "settle",
    ]  # fmt: skip
    assert (done.cost_fen, done.grant_fen, done.own_pay_fen) == (COST_FEN, 54_000, 81_000)


def test_the_elder_and_the_contractor_hear_of_what_concerns_them(session, renewal, resident):
    make_account(session, resident)
    session.commit()
    renewal.to("consent")

    session.rollback()
    rows = session.execute(text("SELECT kind FROM message ORDER BY id")).scalars()
    assert list(rows) == ["renovation.take_up", "renovation.survey", "renovation.quote"]


class TestSurvey:
    def test_all_that_is_missing_is_named_at_once(self, renewal, offices, site):
        renewal.to("survey")

        with pytest.raises(NeedsMissing) as refused:
            offices.community.does(surveying.finish_survey, renewal.id, site_id=site.id)
        assert lacking(refused) == ["items_chosen"]
        need = {"room": Room.TOILET, "item_code": "grab_bar"}
        offices.community.does(surveying.note_need, renewal.id, **need)
        renewal.photo(offices.community, PhotoPhase.BEFORE, Room.KITCHEN)
        renewal.photo(offices.community, PhotoPhase.BEFORE, Room.KITCHEN, **FAR_AWAY)
        with pytest.raises(NeedsMissing) as refused:
            offices.community.does(surveying.finish_survey, renewal.id, site_id=site.id)
        assert lacking(refused) == ["photos_before", "photos_at_home"]

    def test_an_item_is_of_the_catalogue_and_noted_once_a_room(self, renewal, offices):
        renewal.to("seen")

        with pytest.raises(ItemNotOffered):
            offices.community.does(
                surveying.note_need, renewal.id, room=Room.TOILET, item_code="gold_tap"
            )
        with pytest.raises(NeedNotedAlready):
            offices.community.does(
                surveying.note_need, renewal.id, room=Room.TOILET, item_code="grab_bar"
            )

    def test_a_picture_that_was_taken_out_counts_no_more(self, renewal, offices, site):
        renewal.to("seen")
        wrong = renewal.photo(offices.community, PhotoPhase.BEFORE, Room.KITCHEN, **FAR_AWAY)
        offices.community.does(photos.take_out, renewal.id, wrong.id)

        offices.community.does(surveying.finish_survey, renewal.id, site_id=site.id)

    def test_the_contractor_knows_nothing_before_it_is_named(self, renewal, offices):
        renewal.to("seen")

        with pytest.raises(NotFound):
            renewal.photo(offices.provider, PhotoPhase.AFTER, Room.TOILET)


class TestQuote:
    def test_every_need_has_one_price(self, renewal, offices):
        renewal.to("quoting")
        prices = renewal.prices()

        for wrong in ({}, {**prices, 1: 5}, dict.fromkeys(prices, 0)):
            with pytest.raises(QuoteUnusable):
                offices.provider.does(quoting.quote, renewal.id, wrong)

    def test_a_group_pays_by_its_own_rate(self, session, renewal, resident, now):
        make_hardship(session, resident, tier="dibao")
        session.commit()

        agreed = now(renewal.to("building"))
        assert (agreed.grant_fen, agreed.own_pay_fen) == (108_000, 27_000)

    def test_the_city_pays_no_more_than_the_cap(self, session, renewal, offices, resident, now):
        make_hardship(session, resident, tier="tekun")
        session.commit()
        renewal.to("quoting")
        offices.provider.does(quoting.quote, renewal.id, renewal.prices(200_000))

        offices.community.does(quoting.agree, renewal.id, quote_id=renewal.quote_id)
        agreed = now(renewal.id)
        assert (agreed.grant_fen, agreed.own_pay_fen) == (300_000, 300_000)

    def test_a_quote_that_is_declined_makes_room_for_another(self, renewal, offices):
        renewal.to("consent")
        first = renewal.quote_id
        offices.community.does(quoting.decline, renewal.id, quote_id=first, reason="太贵")
        offices.provider.does(quoting.quote, renewal.id, renewal.prices(40_000))

        with pytest.raises(QuoteChanged):
            offices.community.does(quoting.agree, renewal.id, quote_id=first)

    def test_yes_said_twice_is_one_yes(self, session, renewal, offices):
        renewal.to("building")
        offices.community.does(quoting.agree, renewal.id, quote_id=renewal.quote_id)

        assert steps_of(session, renewal.id).count(RenovationStep.AGREE) == 1

    def test_the_contractor_does_not_say_yes_for_the_elder(self, renewal, offices):
        renewal.to("consent")

        with pytest.raises(NotAllowed):
            offices.provider.does(quoting.agree, renewal.id, quote_id=renewal.quote_id)

    def test_a_quote_is_the_sum_of_its_lines_whoever_writes_it(self, session, renewal):
        renewal.to("consent")
        session.execute(
            text(
                "INSERT INTO renovation_quote (renovation_id, site_id, state, tier, rate_percent,"
                " cap_fen, parameter_id, cost_fen, grant_fen, own_pay_fen, quoted_at, decided_at,"
                " note) SELECT renovation_id, site_id, 'declined', tier, rate_percent, cap_fen,"
                " parameter_id, 100, 40, 60, quoted_at, quoted_at, '' FROM renovation_quote"
            )
        )
        with pytest.raises(IntegrityError, match="is_its_lines"):
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


class TestWork:
    def test_the_same_rooms_are_seen_after_it(self, renewal, offices):
        renewal.to("building")
        renewal.photo(offices.provider, PhotoPhase.AFTER, Room.TOILET)
        renewal.photo(offices.provider, PhotoPhase.AFTER, Room.KITCHEN, **FAR_AWAY)

        with pytest.raises(NeedsMissing) as refused:
            offices.provider.does(building.finish, renewal.id, invoice_ref="发票0001")
        assert lacking(refused) == ["photos_after", "photos_at_home"]

    def test_a_picture_of_another_home_finishes_nothing(self, session, renewal, offices):
        seen_before = of_a_room()
        other = Renewal(session, offices, make_resident(session), address="建设路99号")
        other.to("building")
        other.photo(offices.provider, PhotoPhase.AFTER, Room.TOILET, seen_before)
        renewal.to("built")
        again = renewal.photo(offices.provider, PhotoPhase.AFTER, Room.BEDROOM, seen_before)

        assert again.like_file_id is not None
        with pytest.raises(NeedsMissing) as refused:
            offices.provider.does(building.finish, renewal.id, invoice_ref="发票0001")
        assert lacking(refused) == ["photos_new"]

    def test_an_invoice_pays_for_one_home(self, session, renewal, offices, now):
        first = now(renewal.to("acceptance")).invoice_ref
        other = Renewal(session, offices, make_resident(session), address="建设路99号")
        other.to("built")

        with pytest.raises(RenovationInvoiceTaken):
            offices.provider.does(building.finish, other.id, invoice_ref=f" {first.lower()} ")

    def test_nobody_accepts_twice_and_one_is_not_enough(self, renewal, offices):
        renewal.to("acceptance")
        offices.county.does(building.accept, renewal.id)

        with pytest.raises(RenovationAcceptedAlready):
            offices.county.does(building.accept, renewal.id)
        with pytest.raises(NeedsMissing) as refused:
            offices.county.does(building.settle, renewal.id)
        assert lacking(refused) == ["accepted_by_two"]

    def test_work_sent_back_is_seen_and_accepted_anew(self, renewal, offices):
        renewal.to("accepted")
        offices.county.does(building.send_back, renewal.id, reason="扶手松动")

        with pytest.raises(NeedsMissing) as refused:
            offices.provider.does(building.finish, renewal.id, invoice_ref="发票0002")
        assert lacking(refused) == ["photos_after"]

    def test_the_database_settles_nothing_that_two_have_not_accepted(self, session, renewal):
        renewal.to("acceptance")

        with pytest.raises(IntegrityError, match="two different people"):
            session.execute(
                text(
                    "UPDATE renovation SET state = 'settled', settled_on = since,"
                    " held_until = since + 1"
                )
            )

    def test_what_is_settled_stays_as_it_is(self, session, renewal):
        renewal.to("settled")

        with pytest.raises(IntegrityError, match="stays as it is"):
            session.execute(
                text("UPDATE renovation SET cost_fen = cost_fen + 1, own_pay_fen = own_pay_fen + 1")
            )


class TestEnds:
    def test_whoever_withdraws_frees_the_home(self, renewal, offices, now):
        renewal.to("consent")
        offices.community.does(applying.withdraw, renewal.id)

        ended = now(renewal.id)
        assert (ended.end_reason, ended.holds) == (RenovationEnd.WITHDRAWN, False)
        offices.community.does(applying.withdraw, renewal.id)
        assert renewal.apply().id != renewal.id

    def test_what_is_being_built_is_not_withdrawn(self, renewal, offices):
        renewal.to("building")

        with pytest.raises(RenovationNotSo):
            offices.community.does(applying.withdraw, renewal.id)
        offices.county.does(building.end, renewal.id, reason="房屋拆迁")

    def test_a_refusal_has_a_reason(self, renewal, offices, now):
        renewal.to("survey")
        offices.county.does(applying.refuse, renewal.id, reason="房屋将拆迁")

        assert now(renewal.id).end_note == "房屋将拆迁"

    def test_an_application_needs_to_know_where_the_home_is(self, session, offices):
        somewhere = Renewal(session, offices, make_resident(session, address=""), address="")

        with pytest.raises(AddressMissing):
            somewhere.apply()

    def test_it_is_rated_when_the_work_is_done(self, renewal, offices, now):
        renewal.to("building")
        with pytest.raises(RenovationNotSo):
            offices.community.does(applying.rate, renewal.id, score=5)

        renewal._built()
        renewal._acceptance()
        offices.community.does(applying.rate, renewal.id, score=4, words="挺好")
        assert now(renewal.id).score == 4
